/* Text that may be longer than the terminal. */
#ifndef PGHA_CMD_PAGER_H
#define PGHA_CMD_PAGER_H

#include "pgha/ctx.h"
#include "pgha/err.h"

/*
 * Shows a text through PAGER, less or more, the first one there is, and waits until the user has left it. Fails when
 * there is none.
 */
bool pager_show(struct ctx *ctx, const char *text, size_t length, struct err *err) PGHA_CHECKED;

#endif
