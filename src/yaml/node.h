/* The nodes of a YAML document, between libyaml's events and the values that they become. */
#ifndef PGHA_YAML_NODE_H
#define PGHA_YAML_NODE_H

#include <stdbool.h>
#include <stddef.h>

#include "pgha/err.h"
#include "pgha/value.h"
#include "pgha/yaml.h"

enum node_kind { NODE_SCALAR, NODE_SEQUENCE, NODE_MAPPING };

enum node_tag {
    TAG_STR,
    TAG_NULL,
    TAG_BOOL,
    TAG_INT,
    TAG_FLOAT,
    TAG_TIMESTAMP,
    TAG_MERGE,
    TAG_VALUE,
    TAG_BINARY,
    TAG_SEQ,
    TAG_MAP,
    TAG_SET,
    TAG_OMAP,
    TAG_PAIRS,
    TAG_UNKNOWN,
};

struct node {
    enum node_kind kind;
    enum node_tag tag;
    bool plain;  /* a scalar without quotes and tag */
    bool open;   /* its end was not read yet */
    bool merged; /* merge keys are resolved */
    bool built;  /* `value` is valid */
    size_t line;
    size_t column;
    size_t weight;          /* nodes below and itself, aliases counted as often as they stand */
    int height;             /* levels below and itself */
    char *text;             /* of a scalar; `count` is its length in bytes */
    struct node **children; /* items, or keys and values in turn */
    size_t count;
    size_t capacity;
    struct value value;
};

struct loader {
    struct arena *arena;
    const char *name;
    const char *const *text_keys; /* see yaml_read() */
    struct err *err;
    struct yaml_repeats *repeats; /* NULL: nobody wants to know */
    size_t weight;                /* pairs that merges have copied */
    bool has_aliases;             /* the document has some */
};

#define YAML_MAX_DEPTH 400
#define YAML_MAX_NODES 1000000

/* Always false. */
bool node_refuse(const struct loader *loader, const struct node *node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

void node_add_child(struct arena *arena, struct node *node, struct node *child);

/* The value of a node and all below it (build.c). */
bool node_build(struct loader *loader, struct node *node, struct value *value) PGHA_CHECKED;

/* The value of a scalar by its tag (yaml_scalar.c). */
bool node_build_scalar(const struct loader *loader, const struct node *node, struct value *value) PGHA_CHECKED;

#endif
