/*
 * Documents as JSON, in Python's dialect: its reader also takes NaN, Infinity, integers of any length and lone
 * surrogates, the last of several equal keys wins. See value.h for why this is not jansson.
 */
#ifndef PGHA_JSON_H
#define PGHA_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "pgha/err.h"
#include "pgha/str.h"
#include "pgha/value.h"

#define JSON_MAX_DEPTH 200

/* Parses a whole text. Fails with ERR_FAILED and "line L column C: what" for bad JSON or more than JSON_MAX_DEPTH. */
bool json_read(struct arena *arena, const char *text, size_t length, struct value *value, struct err *err) PGHA_CHECKED;

/* Appends as Python's json.dumps() writes it: non-ASCII as \uxxxx; `compact` with separators "," and ":". */
void json_write(const struct value *value, bool compact, struct str *out);

/* Appends a float as Python's repr() does: the shortest text that reads back the same. */
void json_write_float(double real, struct str *out);

#endif
