#include "complete.h"

#include <stdlib.h>
#include <string.h>

#include "pgha/arena.h"
#include "pgha/click.h"
#include "pgha/config.h"
#include "pgha/http.h"
#include "pgha/log.h"
#include "pgha/names.h"
#include "pgha/str.h"
#include "pgha/utf8.h"
#include "rows.h"

/* A keystroke is not kept waiting longer for names. */
#define SECONDS 0.3

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

static void add_names(struct ctx *ctx, struct completion *completion, bool as_patronictl)
{
    deadline_t deadline = deadline_in(SECONDS);
    struct log silent = {.stream = NULL};
    struct config config = {0};
    struct ctx inner = *ctx;
    struct err err = ERR_INIT;

    if (completion->more != COMPLETE_CLUSTERS && !completes_members(completion->more))
        return;
    if (!config_read(ctx->arena, &completion->globals, as_patronictl, &silent, &config, &err) ||
        !http_new(ctx->arena, &silent, &inner.http, &err))
        return;
    inner.config = &config;
    inner.log = &silent;
    names_add(&inner, completion, deadline);
}

/* One candidate per line with a tab and its help; the last line is ":" and "files" where files are to be offered. */
static bool run(struct ctx *ctx, const void *data, struct err *err)
{
    const struct complete_args *given = data;
    bool as_patronictl = str_equal(given->name, "patronictl");
    struct completion completion;

    (void)err;
    if (!given->words.count)
        return true;
    complete_words(ctx->arena, as_patronictl, given->words.count, given->words.items, &completion);
    add_names(ctx, &completion, as_patronictl);
    for (size_t i = 0; i < completion.count; i++)
        fprintf(ctx->out, "%s\t%s\n", completion.items[i].text,
                completion.items[i].help ? completion.items[i].help : "");
    fprintf(ctx->out, ":%s\n", completion.more == COMPLETE_FILES ? "files" : "");
    return true;
}

/*
 * bash takes "=" and ":" for words of their own. In an invocation of pgha what stands around them is one word again, so
 * that a store such as etcd3://10.0.0.1 is found; the candidates begin behind the last of them.
 */
static void join_words(struct arena *arena, struct click_line *line)
{
    struct opt_list *words = &line->words;
    struct str joined;
    size_t count = 0;
    bool open = false;

    for (size_t i = 0; i < words->count; i++) {
        const char *word = words->items[i];
        bool binds = *word && !word[strspn(word, "=:")];

        if (!count || !(binds || open)) {
            str_init(&joined, arena);
            count++;
        }
        str_add(&joined, word);
        words->items[count - 1] = joined.text;
        open = binds;
    }
    words->count = count;
    if (count && (open || str_equal(line->last, "=")))
        line->last = arena_printf(arena, "%s%s", words->items[--words->count], line->last);
}

/* The candidates of pgha itself, with the names that the store has. */
static void complete_pgha(struct ctx *ctx, struct click_line *line, bool joins, struct completion *completion)
{
    if (joins)
        join_words(ctx->arena, line);
    const char **words = arena_calloc(ctx->arena, line->words.count + 1, sizeof *words);
    memcpy(words, line->words.items, line->words.count * sizeof *words);
    words[line->words.count] = line->last;
    complete_words(ctx->arena, false, line->words.count + 1, words, completion);
    add_names(ctx, completion, false);
    /* The script puts back what stands before the value of a long option. */
    size_t joined = strlen(completion->joined);
    for (size_t i = 0; joined && completion->joined[joined - 1] == '=' && i < completion->count; i++)
        completion->items[i].text += joined;
}

static bool answer(struct ctx *ctx, enum click_shell shell, struct err *err)
{
    struct click_line line;
    struct completion completion;
    struct str out;
    size_t shown = 0;

    if (!click_read(ctx->arena, shell, getenv("COMP_WORDS"), getenv("COMP_CWORD"), &line, err))
        return false;
    if (!ctx->as_patronictl)
        complete_pgha(ctx, &line, shell == CLICK_BASH, &completion);
    else if (!click_complete(ctx->arena, &line, &completion, err))
        return false;
    str_init(&out, ctx->arena);
    for (size_t i = 0; i < completion.count; i++) {
        str_add(&out, shown++ ? "\n" : "");
        click_add(&out, shell, "plain", &completion.items[i]);
    }
    if (completion.more == COMPLETE_FILES && utf8_is_plain(completion.word)) {
        str_add(&out, shown++ ? "\n" : "");
        click_add(&out, shell, "file", &(struct candidate){.text = completion.word});
    }
    fprintf(ctx->out, "%s\n", out.text);
    return true;
}

static const char *instruction_for(struct arena *arena, const char *prog)
{
    const char *instruction = getenv(click_variable(arena, prog));

    return instruction && *instruction ? instruction : NULL;
}

const char *complete_asked(struct arena *arena, const char **prog)
{
    static const char reference[] = "patronictl";
    const char *instruction = instruction_for(arena, *prog);

    if (instruction)
        return instruction;
    instruction = instruction_for(arena, reference);
    if (instruction)
        *prog = reference;
    return instruction;
}

bool complete_answer(struct ctx *ctx, const char *instruction, struct err *err)
{
    size_t length = strcspn(instruction, "_");
    enum click_shell shell = click_shell(instruction, length);
    struct str script;

    if (shell != CLICK_NO_SHELL && str_equal(instruction + length, "_complete"))
        return answer(ctx, shell, err);
    ctx->status = 1; /* click does not say more to what it does not know */
    if (shell == CLICK_NO_SHELL || !str_equal(instruction + length, "_source"))
        return true;
    ctx->status = 0;
    str_init(&script, ctx->arena);
    click_script(ctx->arena, shell, ctx->prog, &script);
    fprintf(ctx->out, "%s\n", script.text);
    return true;
}

const struct cmd cmd_complete = {
    .name = "complete",
    .help = "Print what the last of the words can become; the completions of the shells call this",
    .opts = opts,
    .args = args,
    .args_size = sizeof(struct complete_args),
    .run = run,
    .pgha_only = true,
    .hidden = true,
    .no_config = true,
};
