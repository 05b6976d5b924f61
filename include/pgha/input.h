/* YAML documents that a user hands over (recorded cases edit-apply-*, edit-replace-*). */
#ifndef PGHA_INPUT_H
#define PGHA_INPUT_H

#include "pgha/ctx.h"
#include "pgha/err.h"
#include "pgha/value.h"

/*
 * Reads a whole text file, "-" for standard input; line ends become \n. Fails when it cannot be read, and with
 * ERR_ABORTED when a signal comes before the end of input.
 */
bool input_read(struct ctx *ctx, const char *path, const char **text, struct err *err) PGHA_CHECKED;

/* Parses such a text; errors name `path`. */
bool input_parse(struct ctx *ctx, const char *path, const char *text, struct value *data, struct err *err) PGHA_CHECKED;

/* Fails for a document that is no mapping, and so can be no configuration. */
bool input_check_mapping(struct ctx *ctx, const char *path, const struct value *data, struct err *err) PGHA_CHECKED;

/* Fails for a configuration that has no form in JSON, in which the store keeps it: one with dates or binary data. */
bool input_check_json(struct ctx *ctx, const struct value *data, struct err *err) PGHA_CHECKED;

#endif
