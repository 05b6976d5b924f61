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

/* Python's own limit, less the calls that are under way when patronictl reads the store. */
#define JSON_MAX_DEPTH 900

/*
 * Parses a whole text. Fails with ERR_FAILED and "what: line L column C (char N)" for bad JSON, for text that is no
 * UTF-8 and for more than JSON_MAX_DEPTH. What Python's json.loads() takes it takes, and nothing else.
 */
bool json_read(struct arena *arena, const char *text, size_t length, struct value *value, struct err *err) PGHA_CHECKED;

/* Appends as Python's json.dumps() writes it: non-ASCII as \uxxxx; `compact` with separators "," and ":". */
void json_write(const struct value *value, bool compact, struct str *out);

/*
 * What in the value JSON has no form for (dates, binary data, sets; as a key also collections), for a message: "a
 * date"; NULL when there is nothing. Python raises TypeError for these; json_write() writes their text or a list.
 */
const char *json_refuses(const struct value *value);

#endif
