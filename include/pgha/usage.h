/* Errors about the command line that only a command can find. */
#ifndef PGHA_USAGE_H
#define PGHA_USAGE_H

#include "pgha/ctx.h"
#include "pgha/err.h"

/* The kind of such an error: patronictl ends with status 1 where its parser did not find it. */
static inline enum err_kind usage_error(const struct ctx *ctx)
{
    return differs(ctx, DIFF_USAGE_ERRORS) ? ERR_USAGE : ERR_FAILED;
}

/* Makes an error about the value of an option one about the command line; always false. */
static inline bool usage_fails(const struct ctx *ctx, struct err *err)
{
    if (err->kind == ERR_FAILED)
        err->kind = usage_error(ctx);
    return false;
}

#endif
