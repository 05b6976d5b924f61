/*
 * Output that several commands share. What comes from the store or from a member goes through here: called as pgha,
 * text for a terminal loses its control characters and escape sequences, so that a name cannot move the cursor or set
 * the clipboard; redirected output keeps its bytes.
 */
#ifndef PGHA_CMD_PRINT_H
#define PGHA_CMD_PRINT_H

#include "pgha/cluster.h"
#include "pgha/ctx.h"
#include "pgha/table.h"

struct arena;

/* The format that --format names. */
enum table_format print_format(const char *name);

/* Whether ctx->out is a terminal. */
bool print_is_terminal(const struct ctx *ctx);

/*
 * Takes out of `text` what may not reach the terminal, if ctx->out is one and this is pgha; called as patronictl, the
 * sequences for colours if it is none.
 */
void print_clean(const struct ctx *ctx, struct str *text);

/* Fails if the text has no form in UTF-8, as JSON's "\ud800" has none; patronictl dies of it. */
bool print_check(struct arena *arena, const struct str *text, struct err *err) PGHA_CHECKED;

/* Writes bytes as they are, to a terminal in one piece. */
void print_bytes(struct ctx *ctx, const char *bytes, size_t length);

/* Prints text that holds what others wrote: print_check(), print_clean(), print_bytes(). */
bool print_text(struct ctx *ctx, struct str *text, struct err *err) PGHA_CHECKED;

/* printf for lines that hold what a member answered: print_clean(), print_bytes(). */
void print_line(struct ctx *ctx, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* printf to ctx->err, behind all output so far, with the same care. */
void print_notice(struct ctx *ctx, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Prints a table to ctx->out. */
void print_table(struct ctx *ctx, const struct table *table, enum table_format format);

/* Prints the members of a cluster as `list` does, for a command that is about to act upon them. */
bool print_members(struct ctx *ctx, const struct cluster *cluster, struct err *err) PGHA_CHECKED;

#endif
