#include "pgha/arena.h"
#include "pgha/config.h"
#include "pgha/log.h"
#include "pgha/names.h"
#include "pgha/str.h"

#include "shell.h"
#include "words.h"

/* A keystroke is not kept waiting longer for the members of another cluster, which nobody has asked for yet. */
#define SECONDS 0.02

/* Those of the current cluster, as the prompt's last look found them. */
static void add_known_members(struct shell *shell, struct arena *arena, struct completion *completion)
{
    const struct status *status = refresh_status(shell->refresh);

    for (size_t i = 0; i < status->member_count; i++)
        if (status->members[i].kinds & 1U << completion->more &&
            !text_set_has(&completion->members, status->members[i].name))
            complete_add(arena, completion, status->members[i].name, NULL);
}

/* Not asked for where the store has just been seen to be silent. */
static void add_other_members(struct shell *shell, struct arena *arena, struct completion *completion)
{
    struct log silent = {.stream = NULL};
    struct ctx ctx;
    struct err err = ERR_INIT;

    if (refresh_status(shell->refresh)->kind == STATUS_FAILED || !shell_context(shell, arena, &silent, &ctx, &err))
        return;
    names_add(&ctx, completion, deadline_in(SECONDS));
}

static void add_names(struct shell *shell, struct arena *arena, struct completion *completion)
{
    const struct refresh_names *clusters = refresh_clusters(shell->refresh);
    const char *scope = shell_scope(shell);

    if (completes_members(completion->more) && (!completion->cluster || str_equal(completion->cluster, scope)))
        add_known_members(shell, arena, completion);
    else if (completes_members(completion->more))
        add_other_members(shell, arena, completion);
    else if (!clusters->count && scope)
        complete_add(arena, completion, scope, NULL);
    for (size_t i = 0; completion->more == COMPLETE_CLUSTERS && i < clusters->count; i++)
        complete_add(arena, completion, clusters->items[i], NULL);
}

static void add_builtins(struct arena *arena, struct completion *completion)
{
    for (const struct builtin *builtin = builtins; builtin->name; builtin++)
        complete_add(arena, completion, builtin->name, builtin->help);
}

void shell_complete(void *data, struct arena *arena, const struct words_line *line, struct completion *completion)
{
    struct shell *shell = data;
    size_t given = shell->ctx->globals.count, count = 0;
    const char **words = arena_calloc(arena, given + line->count + 1, sizeof *words);
    const struct builtin *builtin = line->count > line->in_word ? builtin_find(line->words[0]) : NULL;

    for (size_t i = 0; i < given && !builtin; i++)
        words[count++] = shell->ctx->globals.items[i];
    for (size_t i = builtin ? 1 : 0; i < line->count; i++)
        words[count++] = line->words[i];
    if (!line->in_word)
        words[count++] = "";
    /* help takes a command, and use a cluster, where others have options and more words. */
    if (builtin && (count != 1 || !builtin->most))
        return;
    complete_words(arena, differences_for("pgha"), count, words, completion);
    if (builtin && builtin->completes) {
        completion->count = 0;
        completion->more = builtin->completes;
    }
    if (line->count == line->in_word && (!line->in_word || line->words[0][0] != '-'))
        add_builtins(arena, completion);
    if (completion->more == COMPLETE_CLUSTERS || completes_members(completion->more))
        add_names(shell, arena, completion);
}
