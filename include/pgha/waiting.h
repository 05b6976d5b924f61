/* Shows at the terminal who is being waited for: one line on stderr that is gone when the waiting is over. */
#ifndef PGHA_WAITING_H
#define PGHA_WAITING_H

#include "pgha/ctx.h"

/* For ctx->on_wait, if ctx->err is a terminal. */
void waiting_show(struct ctx *ctx, const char *who, int seconds);

#endif
