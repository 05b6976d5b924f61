#include "pager.h"

#include <stdlib.h>

#include "pgha/proc.h"
#include "pgha/str.h"

static const char **find_pager(struct ctx *ctx)
{
    const char *const programs[] = {getenv("PAGER"), "less", "more"};

    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        const char **words = programs[i] ? proc_words(ctx->arena, programs[i], !ctx->as_patronictl, NULL) : NULL;

        if (words && proc_find(ctx->arena, words[0]))
            return words;
    }
    return NULL;
}

bool pager_show(struct ctx *ctx, const char *text, size_t length, struct err *err)
{
    const char **words = find_pager(ctx);
    int status;

    if (!words)
        return err_set(err, ctx->arena, ERR_FAILED,
                       "No pager could be found. Either set PAGER environment variable with your pager or install "
                       "either \"less\" or \"more\" in the host.");
    /* Colours, no page for what fits, and the text stays on the screen above the question that follows. */
    if (!words[1] && !getenv("LESS") && (str_equal(words[0], "less") || str_ends_with(words[0], "/less")))
        words = proc_words(ctx->arena, words[0], false, "-FRSX");
    fflush(ctx->out);
    return proc_run(ctx->arena, words, text, length, &status, err);
}
