/* Stands in until the real functions are there; goes with the last of them. */
#include "pgha/prompt.h"

__attribute__((weak)) bool prompt_text(struct ctx *ctx, const char *text, const char *preset, const char **answer,
                                       struct err *err)
{
    (void)text, (void)preset, (void)answer;
    return err_set(err, ctx->arena, ERR_FAILED, "no prompts yet");
}

__attribute__((weak)) bool prompt_confirm(struct ctx *ctx, const char *text, bool *yes, struct err *err)
{
    (void)text, (void)yes;
    return err_set(err, ctx->arena, ERR_FAILED, "no prompts yet");
}
