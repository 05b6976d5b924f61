/* Text that may be longer than the terminal. */
#ifndef PGHA_PAGER_H
#define PGHA_PAGER_H

#include "pgha/ctx.h"
#include "pgha/err.h"

/*
 * Whether a text for ctx->out is longer than the screen of the terminal that this is, lines that it wraps included, and
 * is better read in a pager: there is one (the user of pgha may set PAGER to nothing), and somebody who can leave it
 * and has not typed anything yet.
 */
bool pager_is_wanted(struct ctx *ctx, const char *text, size_t length);

/*
 * Shows a text through PAGER, less or more, the first one there is, and waits until the user has left it. Fails when
 * there is none or, but not as patronictl, when its exit status is not 0.
 */
bool pager_show(struct ctx *ctx, const char *text, size_t length, struct err *err) PGHA_CHECKED;

#endif
