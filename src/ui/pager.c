#include "pgha/pager.h"

#include <stdlib.h>
#include <string.h>

#include "pgha/print.h"
#include "pgha/proc.h"
#include "pgha/str.h"
#include "pgha/style.h"

static bool is_blank(const char *text)
{
    return !text[strspn(text, " \t\n")];
}

static const char **find_pager(struct ctx *ctx)
{
    const char *const programs[] = {getenv("PAGER"), "less", "more"};

    if (programs[0] && is_blank(programs[0]) && differs(ctx, DIFF_EDIT_PROGRAMS))
        return NULL;
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        const char **words =
            programs[i] ? proc_words(ctx->arena, programs[i], differs(ctx, DIFF_EDIT_PROGRAMS), NULL) : NULL;

        if (words && proc_find(ctx->arena, words[0]))
            return words;
    }
    return NULL;
}

bool pager_is_wanted(struct ctx *ctx, const char *text, size_t length)
{
    struct terminal_size size = terminal_size(ctx->out);

    /* A line is left for the prompt that follows. Keys that were typed ahead are not meant for a pager. */
    return style_screen_lines(text, length, size.columns) >= size.lines && terminal_is_attended(ctx->in, ctx->out) &&
           find_pager(ctx) && !terminal_has_input(ctx->in);
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
    /* A key in less may start programs and write files; the reader of a table is not asked to know them. */
    if (!proc_run_with(ctx->arena, words, differs(ctx, DIFF_LESS_SECURE) ? "LESSSECURE=1" : NULL, text, length, &status,
                       err))
        return false;
    if (!status || !differs(ctx, DIFF_PAGER_FAILURE))
        return true;
    /* Nobody knows how much of the text was seen. */
    return err_set(err, ctx->arena, ERR_FAILED,
                   status < 0 ? "pager \"%s\" was ended by signal %d" : "pager \"%s\" ended with status %d", words[0],
                   abs(status));
}
