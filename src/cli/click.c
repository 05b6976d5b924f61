#include "pgha/click.h"

#include <string.h>

#include "pgha/arena.h"
#include "pgha/help.h"
#include "pgha/parse.h"

/* Columns of a command's help beside a candidate. */
#define HELP_WIDTH 45

/* The words of the program, or of a command, as click's parser takes them when it may not complain. */
struct level {
    struct arena *arena;
    const struct opt *opts;
    const struct arg *args; /* of a command */
    const char *const *words;
    size_t count;
    const struct opt **given; /* with their values */
    size_t given_count;
    size_t rest; /* words that are no options */
    size_t end;  /* of the program's own words */
    bool failed; /* a mistake: click forgets the words that are no options */
};

static const struct opt *find(const struct level *level, const char *name, size_t length)
{
    for (const struct opt *opt = level->opts; opt->names; opt++)
        for (const char *at = opt->names; at && !opt->pgha_only; at = opt_next_name(at))
            if (strcspn(at, "|") == length && memcmp(at, name, length) == 0)
                return opt;
    return length == strlen(help_opt.names) && memcmp(name, help_opt.names, length) == 0 ? &help_opt : NULL;
}

static void give(struct level *level, const struct opt *opt)
{
    level->given[level->given_count++] = opt;
}

/* An option with a value, which is the next word unless it is `joined`. */
static void give_value(struct level *level, const struct opt *opt, bool joined)
{
    if (!joined && level->end == level->count)
        level->failed = true;
    else
        give(level, opt);
    level->end += !joined && !level->failed;
}

static void take_short(struct level *level, const char *word)
{
    for (const char *at = word + 1; *at && !level->failed; at++) {
        const char name[] = {'-', *at, '\0'};
        const struct opt *opt = find(level, name, 2);

        if (opt && opt->kind != OPT_FLAG) {
            give_value(level, opt, at[1] != '\0');
            return;
        }
        level->failed = !opt;
        if (opt)
            give(level, opt);
    }
}

static void take(struct level *level, const char *word)
{
    size_t length = strcspn(word, "=");
    const struct opt *opt = word[1] == '-' ? find(level, word, length) : NULL;

    if (!opt && word[1] != '-')
        take_short(level, word);
    else if (!opt || (opt->kind == OPT_FLAG && word[length]))
        level->failed = true;
    else if (opt->kind == OPT_FLAG)
        give(level, opt);
    else
        give_value(level, opt, word[length] != '\0');
}

/* The program's own words end at the first one that is no option, a command's may stand between its options. */
static void parse(struct level *level)
{
    size_t room = 1;

    for (size_t i = 0; i < level->count; i++)
        room += strlen(level->words[i]);
    level->given = arena_calloc(level->arena, room, sizeof *level->given);
    while (level->end < level->count && !level->failed) {
        const char *word = level->words[level->end];
        bool is_option = word[0] == '-' && word[1];

        if (!is_option && !level->args)
            return;
        level->end++;
        if (str_equal(word, "--"))
            break;
        if (is_option)
            take(level, word);
        else
            level->rest++;
    }
    level->rest = level->failed ? 0 : level->rest + level->count - level->end;
}

static bool is_given(const struct level *level, const struct opt *opt)
{
    for (size_t i = 0; i < level->given_count; i++)
        if (level->given[i] == opt)
            return true;
    return false;
}

/* patronictl looks for these defaults in a configuration that nobody has read, and dies. */
static bool check_defaults(const struct level *level, struct err *err)
{
    size_t position = 0;
    const char *missing = NULL;

    for (const struct arg *arg = level->args; arg && arg->name; arg++)
        if (arg->scope_default && position++ >= level->rest)
            missing = "the cluster's name";
    for (const struct opt *opt = level->opts; opt->names; opt++)
        if (opt->group_default && !is_given(level, opt))
            missing = missing ? missing : "--group";
    return !missing || err_set(err, level->arena, ERR_FAILED,
                               "cannot complete without %s: the configuration has not been read", missing);
}

static void offer_options(const struct level *level, const char *word, struct completion *completion)
{
    for (const struct opt *opt = level->opts; opt; opt = opt == &help_opt ? NULL : opt[1].names ? opt + 1 : &help_opt) {
        if (opt->pgha_only || (opt->kind != OPT_LIST && is_given(level, opt)))
            continue;
        for (const char *at = opt->names; at; at = opt_next_name(at))
            if (*word)
                complete_add(level->arena, completion, arena_strndup(level->arena, at, strcspn(at, "|")),
                             help_text(differences_for("patronictl"), opt->help, opt->patronictl_help));
    }
}

static void offer_choices(const struct level *level, const char *const *choices, struct completion *completion)
{
    for (; choices && *choices; choices++)
        complete_add(level->arena, completion, *choices, NULL);
}

static void offer_words(const struct level *level, const char *word, struct completion *completion)
{
    for (const struct cmd *const *cmd = commands; !level->args && *cmd; cmd++)
        if (!(*cmd)->hidden && !(*cmd)->pgha_only)
            complete_add(level->arena, completion, (*cmd)->name,
                         help_short(level->arena,
                                    help_text(differences_for("patronictl"), (*cmd)->help, (*cmd)->patronictl_help),
                                    HELP_WIDTH));
    offer_options(level, word, completion);
}

/* The option whose value comes next, by the word before it. */
static const struct opt *pending(const struct level *level, const char *before)
{
    const struct opt *opt = before && before[0] == '-' ? find(level, before, strlen(before)) : NULL;

    return opt && opt->kind != OPT_FLAG ? opt : NULL;
}

/* The first argument that has no value, or room for more. */
static const struct arg *next_arg(const struct level *level)
{
    size_t position = 0;

    for (const struct arg *arg = level->args; arg && arg->name; arg++)
        if (arg->many || position++ >= level->rest)
            return arg;
    return NULL;
}

static void offer(const struct level *level, const struct click_line *line, struct completion *completion)
{
    const char *word = line->last, *equals = strchr(word, '=');
    const char *before = line->words.count ? line->words.items[line->words.count - 1] : NULL;
    bool words_only = false;

    for (size_t i = 0; i < line->words.count; i++)
        words_only = words_only || str_equal(line->words.items[i], "--");
    /* Shells differ in what they make of --option=value: one word, two, or three. */
    if (str_equal(word, "=")) {
        word = "";
    } else if (equals && word[0] == '-') {
        before = arena_strndup(level->arena, word, (size_t)(equals - word));
        words_only = words_only || str_equal(before, "--");
        word = equals + 1;
    }
    completion->word = word;
    if (!words_only && word[0] == '-') {
        offer_words(level, word, completion);
        return;
    }
    const struct opt *opt = pending(level, before);
    const struct arg *arg = opt ? NULL : next_arg(level);
    if (opt && opt->kind == OPT_FILE)
        completion->more = COMPLETE_FILES;
    if (opt || arg)
        offer_choices(level, opt ? opt->choices : arg->choices, completion);
    else
        offer_words(level, word, completion);
}

bool click_complete(struct arena *arena, const struct click_line *line, struct completion *completion, struct err *err)
{
    struct level program = {
        .arena = arena, .opts = global_opts, .words = line->words.items, .count = line->words.count};

    parse(&program);
    const char *name = !program.failed && program.end < program.count ? program.words[program.end] : NULL;
    const struct cmd *cmd = name ? parse_find_command(commands, name, differences_for("patronictl")) : NULL;
    struct level own = {.arena = arena};
    if (cmd) {
        own.opts = cmd->opts;
        own.args = cmd->args;
        own.words = program.words + program.end + 1;
        own.count = program.count - program.end - 1;
        parse(&own);
        if (!check_defaults(&own, err))
            return false;
    }
    *completion = (struct completion){.joined = ""};
    offer(cmd ? &own : &program, line, completion);
    return true;
}

void click_add(struct str *out, enum click_shell shell, const char *type, const struct candidate *candidate)
{
    const char *help = candidate->help && *candidate->help ? candidate->help : NULL;

    if (shell == CLICK_ZSH)
        str_printf(out, "%s\n%s\n%s", type, candidate->text, help ? help : "_");
    else
        str_printf(out, "%s,%s", type, candidate->text);
    if (shell == CLICK_FISH && help)
        str_printf(out, "\t%s", help);
}
