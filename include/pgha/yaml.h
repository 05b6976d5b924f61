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
 * and "NAME, line L, column C: what". Depth and the nodes that aliases multiply are capped. `as_text` keeps every
 * scalar as the text in the document (see struct config).
 */
bool yaml_read(struct arena *arena, const char *text, size_t length, const char *name, bool as_text,
               struct value *value, struct err *err) PGHA_CHECKED;

/* Appends the document, with the final newline (and "...\n" after a bare scalar) as PyYAML does. */
void yaml_write(const struct value *value, bool flow_style, struct str *out);

#endif
