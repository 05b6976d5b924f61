/* Output that several commands share. */
#ifndef PGHA_CMD_PRINT_H
#define PGHA_CMD_PRINT_H

#include "pgha/ctx.h"
#include "pgha/table.h"

/* The format that --format names. */
enum table_format print_format(const char *name);

/* Prints a table to ctx->out. */
void print_table(struct ctx *ctx, const struct table *table, enum table_format format);

#endif
