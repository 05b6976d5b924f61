/*
 * Questions at the terminal, with click's wording, defaults and endings (recorded cases cli-*, remove-*, switchover-*).
 * A prompt goes to `ctx->out` and is answered from `ctx->in`, which needs a descriptor and must be unbuffered; answers
 * live in ctx->arena. End of input and Ctrl-C are ERR_ABORTED with ERR_MESSAGE_ABORTED.
 */
#ifndef PGHA_PROMPT_H
#define PGHA_PROMPT_H

#include "pgha/ctx.h"
#include "pgha/err.h"

/* "TEXT [preset]: "; an empty answer takes `preset`, which may be "". With NULL it is "TEXT: ", and asked again. */
bool prompt_text(struct ctx *ctx, const char *text, const char *preset, const char **answer,
                 struct err *err) PGHA_CHECKED;

/* The same for a whole number; asks again with click's message until it is one. */
bool prompt_int(struct ctx *ctx, const char *text, long long *answer, struct err *err) PGHA_CHECKED;

/*
 * Without echo, from the controlling terminal if there is one, else from ctx->in; an empty answer is asked again. The
 * terminal's mode is restored on every way out, signals included (guard.h). The answer is secret, and wiped with the
 * arena.
 */
bool prompt_hidden(struct ctx *ctx, const char *text, const char **answer, struct err *err) PGHA_CHECKED;

/* "TEXT [y/N]: "; an empty answer is no. */
bool prompt_confirm(struct ctx *ctx, const char *text, bool *yes, struct err *err) PGHA_CHECKED;

#endif
