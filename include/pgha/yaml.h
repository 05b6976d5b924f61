/*
 * Documents as YAML 1.1: read as PyYAML's safe loader reads (over libyaml's parser), written as its
 * safe_dump(default_flow_style=…, allow_unicode=True, width=200) writes.
 */
#ifndef PGHA_YAML_H
#define PGHA_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include "pgha/err.h"
#include "pgha/str.h"
#include "pgha/value.h"

/*
 * Parses one document; an empty one is a null. `name` is for messages (a file name, or "--set"). Fails with ERR_FAILED
 * and "NAME, line L, column C: what". Depth and the nodes that aliases multiply are capped.
 *
 * `text_keys`, NULL or a list that ends in NULL, names keys whose values stay the text that the document has when they
 * are plain scalars: with "password", `password: 0123` is "0123" and `password:` is "". A null that is spelled stays
 * one.
 */
bool yaml_read(struct arena *arena, const char *text, size_t length, const char *name, const char *const *text_keys,
               struct value *value, struct err *err) PGHA_CHECKED;

/* Keys that stand in the same mapping again, so that only the last value counts. */
struct yaml_repeats {
    size_t count;
    const char *key; /* the first one of them in the document, and the line of its second value; valid with a count */
    size_t line;
};

/* The same, and adds to `repeats`, also when it fails. What merges (<<) bring is no repetition. */
bool yaml_read_noting(struct arena *arena, const char *text, size_t length, const char *name,
                      const char *const *text_keys, struct yaml_repeats *repeats, struct value *value,
                      struct err *err) PGHA_CHECKED;

/* Appends the document, with the final newline (and "...\n" after a bare scalar) as PyYAML does. */
void yaml_write(const struct value *value, bool flow_style, struct str *out);

#endif
