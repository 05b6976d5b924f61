/*
 * Output that several commands share. What comes from the store or from a member goes through here: text for a terminal
 * is cleaned as utf8_clean() says, under both names, so that a name cannot move the cursor or set the clipboard;
 * redirected output keeps its bytes.
 */
#ifndef PGHA_PRINT_H
#define PGHA_PRINT_H

#include "pgha/cluster.h"
#include "pgha/ctx.h"
#include "pgha/members.h"
#include "pgha/table.h"

struct arena;

/* The format that --format names. */
enum table_format print_format(const char *name);

/* How a table has to be made for ctx->out. */
struct table_style print_style(const struct ctx *ctx, enum table_format format);

/* Columns that a table for people has to fit into: the terminal's; 0 for redirected output, and as patronictl. */
size_t print_columns(const struct ctx *ctx);

/* Whether text for ctx->out, or ctx->err, gets colours; called as patronictl never. */
bool print_has_colour(const struct ctx *ctx, FILE *stream);

/*
 * Takes out of `text` what may not reach the terminal, if ctx->out is one; if it is none, called as patronictl, the
 * sequences for colours.
 */
void print_clean(const struct ctx *ctx, struct str *text);

/* What becomes of text that does not fit the terminal, called as pgha. */
enum print_large {
    PRINT_PAGE, /* if longer than the screen, through the pager; unless --no-pager was given, or keys wait */
    PRINT_CUT,  /* long lines are cut, unless --no-pager was given: the command goes on and nobody may be there */
    PRINT_WHOLE /* it stays as it is */
};

/* Fails if the text has no form in UTF-8, as JSON's "\ud800" has none; patronictl dies of it. */
bool print_check(struct arena *arena, const struct str *text, struct err *err) PGHA_CHECKED;

/*
 * Prints text as print_style() wants it: nothing in it is dangerous, and its colours are ours. Fails only when the
 * pager was ended by Ctrl-C or a signal.
 */
bool print_made(struct ctx *ctx, struct str *text, enum print_large large, struct err *err) PGHA_CHECKED;

/* Writes bytes as they are, to a terminal in one piece. */
void print_bytes(struct ctx *ctx, const char *bytes, size_t length);

/* Prints text that holds what others wrote: print_check(), print_clean(), print_bytes(). */
bool print_text(struct ctx *ctx, struct str *text, struct err *err) PGHA_CHECKED;

/* printf for one line that holds what a member answered: print_clean(), print_bytes(). At a terminal it stays one. */
void print_line(struct ctx *ctx, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* printf to ctx->err, behind all output so far, with the same care. */
void print_notice(struct ctx *ctx, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Prints the members of a cluster as `list` does, for a command that acts upon them. */
bool print_members(struct ctx *ctx, const struct cluster *cluster, enum print_large large,
                   struct err *err) PGHA_CHECKED;

/* The same in another style; columns that find no room at the terminal are left out and named. */
bool print_members_in(struct ctx *ctx, const struct cluster *cluster, const struct members_style *style,
                      enum print_large large, struct err *err) PGHA_CHECKED;

#endif
