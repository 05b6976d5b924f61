#include "pgha/complete.h"
#include "pgha/arena.h"
#include "pgha/names.h"
#include "pgha/str.h"
#include "rows.h"

struct complete_args {
    const char *name;
    struct opt_list words;
};

static const struct opt opts[] = {OPT_ROW_END};

static const struct arg args[] = {
    {.name = "name", .offset = offsetof(struct complete_args, name), .required = true},
    {.name = "words", .offset = offsetof(struct complete_args, words), .many = true},
    ARG_ROW_END,
};

/* One candidate per line with a tab and its help; the last line is ":" and "files" where files are to be offered. */
static bool run(struct ctx *ctx, const void *data, struct err *err)
{
    const struct complete_args *given = data;
    struct differences differences = differences_for(given->name);
    struct completion completion;

    (void)err;
    if (!given->words.count)
        return true;
    complete_words(ctx->arena, differences, given->words.count, given->words.items, &completion);
    names_add_configured(ctx, &completion, differences);
    for (size_t i = 0; i < completion.count; i++)
        fprintf(ctx->out, "%s\t%s\n", completion.items[i].text,
                completion.items[i].help ? completion.items[i].help : "");
    fprintf(ctx->out, ":%s\n", completion.more == COMPLETE_FILES ? "files" : "");
    return true;
}

const struct cmd cmd_complete = {
    .name = "complete",
    .help = "Print completions of the last word",
    .opts = opts,
    .args = args,
    .args_size = sizeof(struct complete_args),
    .run = run,
    .pgha_only = true,
    .hidden = true,
    .no_config = true,
};
