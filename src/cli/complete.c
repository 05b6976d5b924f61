#include "pgha/complete.h"

#include <stdlib.h>
#include <string.h>

#include "pgha/arena.h"
#include "pgha/help.h"
#include "pgha/parse.h"
#include "pgha/str.h"
#include "pgha/utf8.h"

struct typed {
    struct arena *arena;
    struct completion *completion;
    const char **members; /* words that may be names of members */
    size_t member_count;
    struct differences differences;
    const struct cmd *cmd;
    const struct opt *pending; /* waits for its value in the next word */
    bool words_only;           /* "--" was typed */
    size_t position;           /* arguments that were typed */
    bool lost;                 /* there is no such command: nothing that follows makes sense */
};

static bool has_opt(const struct typed *typed, const struct opt *opt)
{
    return !opt->pgha_only || differs(typed, DIFF_OWN_OPTIONS);
}

static bool has_command(const struct typed *typed, const struct cmd *cmd)
{
    return !cmd->pgha_only || differs(typed, DIFF_OWN_COMMANDS);
}

static const struct opt *opts_of(const struct typed *typed)
{
    return typed->cmd ? typed->cmd->opts : global_opts;
}

static const struct opt *find(const struct typed *typed, const char *name, size_t length)
{
    for (const struct opt *opt = opts_of(typed); opt->names; opt++)
        for (const char *at = opt->names; at && has_opt(typed, opt); at = opt_next_name(at))
            if (strcspn(at, "|") == length && strncmp(at, name, length) == 0)
                return opt;
    return NULL;
}

/* The configuration that names are asked of depends on these. */
static void store(struct typed *typed, const struct opt *opt, const char *value)
{
    if (typed->cmd)
        return;
    void *field = (char *)&typed->completion->globals + opt->offset;
    if (opt->kind == OPT_STRING)
        *(const char **)field = value;
    else if (opt->kind == OPT_FLAG)
        *(bool *)field = true;
}

/*
 * The option of a word such as "--file=x" or "-Wfx" that takes a value; `value` is where it begins, NULL when it is the
 * next word. NULL for flags alone.
 */
static const struct opt *split(struct typed *typed, const char *word, const char **value)
{
    size_t length = strcspn(word, "=");

    *value = NULL;
    if (word[1] == '-') {
        const struct opt *opt = find(typed, word, length);
        if (!opt || opt->kind == OPT_FLAG) {
            if (opt)
                store(typed, opt, NULL);
            return NULL;
        }
        if (word[length])
            *value = word + length + 1;
        return opt;
    }
    for (const char *at = word + 1; *at; at++) {
        char name[] = {'-', *at, '\0'};
        const struct opt *opt = find(typed, name, 2);
        if (!opt)
            return NULL;
        if (opt->kind != OPT_FLAG) {
            if (at[1])
                *value = at + 1;
            return opt;
        }
        store(typed, opt, NULL);
    }
    return NULL;
}

static const struct arg *arg_at(const struct typed *typed, size_t position)
{
    const struct arg *arg = typed->cmd->args;

    while (arg->name && !arg->many && position--)
        arg++;
    return arg->name ? arg : NULL;
}

static void remember(struct typed *typed, const char *word)
{
    struct completion *completion = typed->completion;

    if (!typed->cmd) {
        typed->cmd = parse_find_command(commands, word, typed->differences);
        typed->words_only = false;
        typed->lost = !typed->cmd;
        return;
    }
    const struct arg *arg = arg_at(typed, typed->position++);
    if (arg && arg->completes == COMPLETE_CLUSTERS && !arg->many)
        completion->cluster = word;
    typed->members[typed->member_count++] = word;
}

static void take(struct typed *typed, const char *word)
{
    const char *value;

    if (typed->pending) {
        store(typed, typed->pending, word);
        typed->pending = NULL;
    } else if (typed->words_only || word[0] != '-' || !word[1]) {
        remember(typed, word);
    } else if (str_equal(word, "--")) {
        typed->words_only = true;
    } else {
        const struct opt *opt = split(typed, word, &value);
        if (opt && value)
            store(typed, opt, value);
        else
            typed->pending = opt;
    }
}

void complete_add(struct arena *arena, struct completion *completion, const char *text, const char *help)
{
    /* What a shell takes for several lines, or a terminal for more than text, is not offered. */
    if (!str_starts_with(text, completion->word) || !utf8_is_plain(text))
        return;
    /* Room for a power of two, as in value.c. */
    if (!(completion->count & (completion->count - 1))) {
        struct candidate *items =
            arena_calloc(arena, completion->count ? 2 * completion->count : 1, sizeof *completion->items);
        if (completion->count)
            memcpy(items, completion->items, completion->count * sizeof *items);
        completion->items = items;
    }
    completion->items[completion->count++] = (struct candidate){
        .text = *completion->joined ? arena_printf(arena, "%s%s", completion->joined, text) : text, .help = help};
}

static void add_choices(struct typed *typed, const char *const *choices)
{
    for (; choices && *choices; choices++)
        complete_add(typed->arena, typed->completion, *choices, NULL);
}

static void values(struct typed *typed, const struct opt *opt, const char *word, const char *value)
{
    typed->completion->joined = arena_strndup(typed->arena, word, (size_t)(value - word));
    typed->completion->word = value;
    typed->completion->more = opt->completes;
    add_choices(typed, opt->choices);
}

static void option_names(struct typed *typed, const struct opt *opt)
{
    for (const char *at = opt->names; at; at = opt_next_name(at)) {
        /* Of several names the long ones are offered; a short one only where there is no other. */
        const char *name = arena_strndup(typed->arena, at, strcspn(at, "|"));
        if (name[1] == '-' || (!strstr(opt->names, "--")))
            complete_add(typed->arena, typed->completion, name,
                         help_text(typed->differences, opt->help, opt->patronictl_help));
    }
}

static void options(struct typed *typed, const char *word)
{
    const char *value;
    const struct opt *opt = split(typed, word, &value);

    if (opt && value) {
        values(typed, opt, word, value);
        return;
    }
    typed->completion->word = word;
    for (opt = opts_of(typed); opt->names; opt++)
        if (has_opt(typed, opt))
            option_names(typed, opt);
    option_names(typed, &help_opt);
}

static void arguments(struct typed *typed, const char *word)
{
    struct completion *completion = typed->completion;
    const struct arg *arg;

    completion->word = word;
    if (!typed->cmd) {
        for (const struct cmd *const *cmd = commands; *cmd; cmd++)
            if (!(*cmd)->hidden && has_command(typed, *cmd))
                complete_add(typed->arena, completion, (*cmd)->name,
                             help_text(typed->differences, (*cmd)->help, (*cmd)->patronictl_help));
        return;
    }
    /* What follows an argument with many values may come as well: flush CLUSTER [MEMBER…] restart. */
    for (arg = arg_at(typed, typed->position); arg && arg->name; arg++) {
        if (arg->completes)
            completion->more = arg->completes;
        add_choices(typed, arg->choices);
        if (!arg->many)
            break;
    }
}

/* As the parser does for options that are not given. */
static void from_environment(struct typed *typed)
{
    for (const struct opt *opt = global_opts; opt->names; opt++) {
        const char *text = opt->envvar && has_opt(typed, opt) ? getenv(opt->envvar) : NULL;

        if (text && *text)
            store(typed, opt, text);
    }
}

void complete_words(struct arena *arena, struct differences differences, size_t count, const char *const *words,
                    struct completion *completion)
{
    struct typed typed = {.arena = arena, .completion = completion, .differences = differences};
    const char *last = words[count - 1];

    *completion = (struct completion){.joined = "", .word = last};
    typed.members = arena_calloc(arena, count, sizeof *typed.members);
    from_environment(&typed);
    for (size_t i = 0; i + 1 < count && !typed.lost; i++)
        take(&typed, words[i]);
    if (typed.lost)
        return;
    completion->members = text_set_make(arena, typed.members, typed.member_count);
    if (typed.pending)
        values(&typed, typed.pending, last, last);
    else if (!typed.words_only && last[0] == '-')
        options(&typed, last);
    else
        arguments(&typed, last);
}
