/* What the YAML writer's files share: where the output stands, and the writing of scalars. */
#ifndef PGHA_YAML_EMIT_H
#define PGHA_YAML_EMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pgha/str.h"
#include "pgha/value.h"

/* Lines are folded at the first blank beyond this column. */
#define YAML_WIDTH 200
#define YAML_INDENT 2

struct emitter {
    struct arena *arena; /* scratch */
    struct str *out;
    int column;      /* characters since the line began */
    int indent;      /* of the innermost collection; -1 outside of all */
    int flow_level;  /* brackets and braces that are open */
    bool flow_style; /* collections are written in brackets and braces */
    bool whitespace; /* the last character was a blank or a line break */
    bool indention;  /* so far the line holds blanks and indicators only */
    bool open_ended; /* the document needs an end mark */
};

/* Where a node stands. */
struct place {
    bool root;
    bool mapping;    /* a key or a value */
    bool simple_key; /* a key on the line of its value */
};

void emit_indicator(struct emitter *emitter, const char *text, bool need_whitespace, bool whitespace, bool indention);
/* Starts a line, unless there is nothing on this one, and moves to the column of `indent`. */
void emit_indent(struct emitter *emitter);
/* A line break; `code` is 0 or one of Unicode's. */
void emit_line_break(struct emitter *emitter, uint32_t code);

/* A scalar as text, with what decides on its form. */
struct scalar {
    uint32_t *text; /* characters */
    size_t length;
    const char *tag;     /* "!!str" */
    bool implicit_plain; /* a reader takes the plain text for what it is */
    bool is_text;        /* a reader takes the quoted text for what it is */
    bool literal;        /* a block, if possible */
    bool multiline;
    bool plain_in_flow; /* may be plain inside of brackets, outside of them, in single quotes */
    bool plain_in_block;
    bool single_quoted;
};

/* Turns a value that is no collection into text. */
struct scalar scalar_of(struct arena *arena, const struct value *value);

/* Writes it with its tag, if it needs one. */
void emit_scalar(struct emitter *emitter, const struct scalar *scalar, struct place place);

#endif
