#include "pgha/parse.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "pgha/arena.h"
#include "pgha/help.h"
#include "pgha/pytext.h"
#include "pgha/str.h"
#include "pgha/utf8.h"
#include "suggest.h"

/* What the words said about one option. */
struct seen {
    size_t order; /* 1 for the first option on the line, 0 when not given */
    const char *value;
    struct opt_list list;
};

struct line {
    const struct parse *parse;
    struct parsed *parsed;
    struct err *err;
    const struct opt *opts;
    size_t opt_count;
    struct seen *seen;
    size_t orders;
    const char *const *words;
    size_t count;
    size_t at;
    const char **rest; /* words that are no options */
    size_t rest_count;
    void *fields; /* the struct that is filled */
};

static bool usage(struct line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool usage(struct line *line, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    const char *message = arena_vprintf(line->parse->arena, format, list);
    va_end(list);
    return err_set(line->err, line->parse->arena, ERR_USAGE, "%s", message);
}

/* click raises these without its context, so no usage is shown: cases cli-flag-value, cli-missing-value. */
static bool bare_usage(struct line *line, const char *name, const char *what)
{
    struct str str;

    line->parsed->bare = true;
    str_init(&str, line->parse->arena);
    pytext_repr(&str, name);
    return usage(line, "Option %s %s", str.text, what);
}

static bool has_name(const struct opt *opt, const char *name)
{
    size_t length = strlen(name);

    for (const char *at = opt->names; at; at = opt_next_name(at))
        if (strcspn(at, "|") == length && memcmp(at, name, length) == 0)
            return true;
    return false;
}

static bool is_known(const struct parse *parse, const struct opt *opt)
{
    return !(opt->pgha_only && !differs(parse, DIFF_OWN_OPTIONS));
}

static const struct opt *find(const struct line *line, const char *name)
{
    for (size_t i = 0; i < line->opt_count; i++)
        if (is_known(line->parse, &line->opts[i]) && has_name(&line->opts[i], name))
            return &line->opts[i];
    return NULL;
}

static void note(struct line *line, const struct opt *opt, const char *value)
{
    struct seen *seen = &line->seen[opt - line->opts];

    if (!seen->order)
        seen->order = ++line->orders;
    seen->value = value;
    if (opt->kind == OPT_LIST) {
        if (!seen->list.items) /* no word gives more than one value */
            seen->list.items = arena_calloc(line->parse->arena, line->count, sizeof *seen->list.items);
        seen->list.items[seen->list.count++] = value;
    }
}

/* `joined` is what came with the option in the same word, or NULL. */
static bool take(struct line *line, const struct opt *opt, const char *name, const char *joined)
{
    if (!joined) {
        if (line->at == line->count)
            return bare_usage(line, name, "requires an argument.");
        joined = line->words[line->at++];
    }
    note(line, opt, joined);
    return true;
}

static bool no_such_option(struct line *line, const char *name)
{
    size_t count = 0;
    const char **known = arena_calloc(line->parse->arena, line->opt_count * 4 + 1, sizeof *known);

    for (size_t i = 0; i < line->opt_count; i++)
        if (is_known(line->parse, &line->opts[i]))
            for (const char *at = line->opts[i].names; at; at = opt_next_name(at))
                if (str_starts_with(at, "--"))
                    known[count++] = arena_strndup(line->parse->arena, at, strcspn(at, "|"));
    known[count++] = "--help";
    return usage(line, "No such option: %s%s", name, suggest(line->parse->arena, name, known, count));
}

static bool short_options(struct line *line, const char *word)
{
    const char *at = word + 1;
    uint32_t code;

    for (size_t left = strlen(at), size; (size = utf8_next(at, left, &code)); left -= size) {
        const char *name = arena_printf(line->parse->arena, "-%.*s", (int)size, at);
        const struct opt *opt = find(line, name);

        at += size;
        if (!opt)
            return usage(line, "No such option: %s", name);
        if (opt->kind != OPT_FLAG)
            return take(line, opt, name, *at ? at : NULL);
        note(line, opt, NULL);
    }
    return true;
}

static bool option(struct line *line, const char *word)
{
    size_t length = strcspn(word, "=");
    const char *joined = word[length] ? word + length + 1 : NULL;
    const char *name = arena_strndup(line->parse->arena, word, length);
    bool is_help = str_equal(name, "--help");
    const struct opt *opt = str_starts_with(name, "--") ? find(line, name) : NULL;

    if (!opt && !is_help)
        return str_starts_with(word, "--") ? no_such_option(line, name) : short_options(line, word);
    if (opt && opt->kind != OPT_FLAG)
        return take(line, opt, name, joined);
    if (joined)
        return bare_usage(line, name, "does not take a value.");
    if (is_help)
        line->parsed->help = true;
    else
        note(line, opt, NULL);
    return true;
}

static bool split(struct line *line, bool options_anywhere)
{
    while (line->at < line->count) {
        const char *word = line->words[line->at];

        if (word[0] == '-' && word[1]) {
            line->at++;
            if (str_equal(word, "--"))
                break;
            if (!option(line, word))
                return false;
        } else if (options_anywhere) {
            line->rest[line->rest_count++] = word;
            line->at++;
        } else {
            break;
        }
    }
    line->parsed->end = line->at;
    while (line->at < line->count)
        line->rest[line->rest_count++] = line->words[line->at++];
    return true;
}

static const char *quoted(struct line *line, const char *text)
{
    struct str str;

    str_init(&str, line->parse->arena);
    pytext_repr(&str, text);
    return str.text;
}

static bool not_a(struct line *line, const char *hint, const char *text, const char *what)
{
    return usage(line, "Invalid value for %s: %s is not %s.", hint, quoted(line, text), what);
}

static bool to_choice(struct line *line, const char *hint, const char *const *choices, const char *text,
                      const char **field)
{
    struct str all;

    str_init(&all, line->parse->arena);
    for (size_t i = 0; choices[i]; i++) {
        if (str_equal(choices[i], text)) {
            *field = choices[i];
            return true;
        }
        str_printf(&all, "%s'%s'", i ? ", " : "one of ", choices[i]);
    }
    return not_a(line, hint, text, all.text);
}

static void close_file(void *file)
{
    fclose(file);
}

static bool to_file(struct line *line, const char *hint, const char *text, FILE **field)
{
    struct stat info;

    if (str_equal(text, "-")) {
        *field = line->parse->in;
        return true;
    }
    FILE *file = fopen(text, "rbe");
    if (file && !fstat(fileno(file), &info) && S_ISDIR(info.st_mode)) {
        fclose(file);
        file = NULL;
        errno = EISDIR;
    }
    if (!file)
        return usage(line, "Invalid value for %s: '%s': %s", hint, text, strerror(errno));
    *field = arena_own(line->parse->arena, file, close_file);
    return true;
}

/*
 * Names of clusters and members. What Windows or a careless script leaves at an end cannot be seen in an error about a
 * name that does not exist.
 */
static bool check_name(struct line *line, enum completes completes, const char *hint, const char *text)
{
    static const char blanks[] = " \t\r\n\v\f";
    bool is_name = completes == COMPLETE_CLUSTERS || completes_members(completes);
    size_t length = strlen(text);
    struct str shown;

    if (!differs(line->parse, DIFF_NAME_LINE_END) || !is_name || !length ||
        (!strchr(blanks, *text) && !strchr(blanks, text[length - 1])))
        return true;
    str_init(&shown, line->parse->arena);
    for (const char *c = text; *c; c++)
        if (*c == '\r' || *c == '\n' || *c == '\t')
            str_printf(&shown, "\\%c", *c == '\r' ? 'r' : *c == '\n' ? 'n' : 't');
        else
            str_add_char(&shown, *c);
    return err_set(
        line->err, line->parse->arena, ERR_USAGE,
        "%s is \"%s\", with %s at an end: remove it; a script or list with Windows line ends may be the reason", hint,
        shown.text, strchr(text, '\r') ? "a carriage return" : "white space");
}

static bool convert(struct line *line, const struct opt *opt, const char *hint, const char *text)
{
    void *field = (char *)line->fields + opt->offset;
    struct opt_int *integer = field;
    struct opt_float *real = field;

    switch (opt->kind) {
    case OPT_CHOICE:
        return to_choice(line, hint, opt->choices, text, field);
    case OPT_INT:
        if (!pytext_to_int(line->parse->arena, text, &integer->number))
            return not_a(line, hint, text, "a valid integer");
        return integer->given = true;
    case OPT_FLOAT:
        if (!pytext_to_float(line->parse->arena, text, &real->number))
            return not_a(line, hint, text, "a valid float");
        return real->given = true;
    case OPT_FILE:
        return to_file(line, hint, text, field);
    case OPT_FLAG:
    case OPT_STRING:
    case OPT_LIST:
        break;
    }
    if (!check_name(line, opt->completes, hint, text))
        return false;
    *(const char **)field = text;
    return true;
}

static const char *opt_hint(struct line *line, const struct opt *opt)
{
    struct str str;

    str_init(&str, line->parse->arena);
    for (const char *at = opt->names; at; at = opt_next_name(at))
        str_printf(&str, "%s'%.*s'", str.length ? " / " : "", (int)strcspn(at, "|"), at);
    return str.text;
}

/* int() of what the configuration has, which may be a number already. */
static bool group_default(struct line *line, const struct opt *opt)
{
    const struct value *citus = line->parse->citus, *group = value_get(citus, "group");
    struct opt_int *field = (void *)((char *)line->fields + opt->offset);
    struct opt_int found = {.given = true};

    if (citus && !value_is(citus, VALUE_MAP))
        return err_set(line->err, line->parse->arena, ERR_FAILED, "citus in the configuration is %s, not a mapping",
                       value_kind_name(citus));
    if (!group || value_is(group, VALUE_NULL))
        return true;
    if (value_is(group, VALUE_STRING))
        return convert(line, opt, opt_hint(line, opt), group->text);
    if (value_is(group, VALUE_INT))
        found.number = group->integer;
    else if (value_is(group, VALUE_BOOL))
        found.number = group->boolean;
    else if (value_is(group, VALUE_FLOAT) && group->real > -9e18 && group->real < 9e18)
        found.number = (long long)group->real;
    else
        return err_set(line->err, line->parse->arena, ERR_FAILED,
                       "citus.group in the configuration is %s, not a number", value_kind_name(group));
    *field = found;
    return true;
}

static bool given_opts(struct line *line)
{
    for (size_t order = 1; order <= line->orders; order++) {
        size_t i = 0;

        while (line->seen[i].order != order)
            i++;
        const struct opt *opt = &line->opts[i];
        void *field = (char *)line->fields + opt->offset;
        if (opt->kind == OPT_FLAG)
            *(bool *)field = true;
        else if (opt->kind == OPT_LIST)
            *(struct opt_list *)field = line->seen[i].list;
        else if (!convert(line, opt, opt_hint(line, opt), line->seen[i].value))
            return false;
    }
    return true;
}

static bool other_opts(struct line *line)
{
    for (size_t i = 0; i < line->opt_count; i++) {
        const struct opt *opt = &line->opts[i];
        const char *text = opt->envvar ? getenv(opt->envvar) : NULL;

        if (line->seen[i].order || !is_known(line->parse, opt))
            continue;
        if (!text || !*text)
            text = opt->preset;
        if (text ? !convert(line, opt, opt_hint(line, opt), text) : opt->group_default && !group_default(line, opt))
            return false;
    }
    return true;
}

static bool missing(struct line *line, const struct arg *arg)
{
    struct str str;

    str_init(&str, line->parse->arena);
    str_printf(&str, "Missing argument '%s'.", help_arg_name(line->parse->arena, arg));
    for (size_t i = 0; arg->choices && arg->choices[i]; i++)
        str_printf(&str, "%s\n\t%s", i ? "," : " Choose from:", arg->choices[i]);
    return usage(line, "%s", str.text);
}

static bool single_arg(struct line *line, const struct arg *arg, const char *text)
{
    const char **field = (void *)((char *)line->fields + arg->offset);

    if (text && !check_name(line, arg->completes, help_arg_name(line->parse->arena, arg), text))
        return false;
    if (!text && arg->scope_default)
        text = line->parse->scope;
    if (!text && arg->required && arg->scope_default && line->parse->no_scope)
        return err_set(line->err, line->parse->arena, ERR_FAILED, "%s", line->parse->no_scope);
    if (!text)
        return !arg->required || missing(line, arg);
    if (arg->choices) {
        const char *hint = arena_printf(line->parse->arena, "'%s'", help_arg_name(line->parse->arena, arg));

        return to_choice(line, hint, arg->choices, text, field);
    }
    *field = text;
    return true;
}

/* Single arguments take words from the front, those after the one with many values from the back: case flush-no-target.
 */
static bool positional(struct line *line, const struct arg *args)
{
    size_t front = 0, back = line->rest_count, count = 0, many = 0;

    while (args[count].name)
        count++;
    const char **values = arena_calloc(line->parse->arena, count, sizeof *values);
    while (many < count && !args[many].many) {
        values[many] = front < back ? line->rest[front++] : NULL;
        many++;
    }
    for (size_t i = count; i-- > many + 1;)
        values[i] = front < back ? line->rest[--back] : NULL;
    for (size_t i = 0; i < count; i++) {
        if (args[i].many) {
            struct opt_list *list = (void *)((char *)line->fields + args[i].offset);

            for (size_t j = front; j < back; j++)
                if (!check_name(line, args[i].completes, help_arg_name(line->parse->arena, &args[i]), line->rest[j]))
                    return false;
            *list = (struct opt_list){.count = back - front, .items = line->rest + front};
            front = back;
        } else if (!single_arg(line, &args[i], values[i])) {
            return false;
        }
    }
    line->rest += front;
    line->rest_count -= many < count ? line->rest_count : front;
    return true;
}

static bool extra(struct line *line)
{
    struct str str;

    str_init(&str, line->parse->arena);
    for (size_t i = 0; i < line->rest_count; i++)
        str_printf(&str, "%s%s", i ? " " : "", line->rest[i]);
    return usage(line, "Got unexpected extra argument%s (%s)", line->rest_count > 1 ? "s" : "", str.text);
}

static void line_init(struct line *line, size_t opt_count)
{
    struct arena *arena = line->parse->arena;

    *line->parsed = (struct parsed){0};
    line->opt_count = opt_count;
    line->seen = arena_calloc(arena, opt_count, sizeof *line->seen);
    line->rest = arena_calloc(arena, line->count, sizeof *line->rest);
}

static size_t count_opts(const struct opt *opts)
{
    size_t count = 0;

    while (opts[count].names)
        count++;
    return count;
}

bool parse_globals(const struct parse *parse, size_t count, const char *const *words, struct globals *globals,
                   struct parsed *parsed, struct err *err)
{
    struct line line = {.parse = parse,
                        .parsed = parsed,
                        .err = err,
                        .opts = global_opts,
                        .words = words,
                        .count = count,
                        .fields = globals};

    line_init(&line, count_opts(global_opts));
    return split(&line, false) && (parsed->help || (given_opts(&line) && other_opts(&line)));
}

bool parse_command(const struct parse *parse, const struct cmd *cmd, size_t count, const char *const *words, void *args,
                   struct parsed *parsed, struct err *err)
{
    struct line line = {.parse = parse,
                        .parsed = parsed,
                        .err = err,
                        .opts = cmd->opts,
                        .words = words,
                        .count = count,
                        .fields = args};

    line_init(&line, count_opts(cmd->opts));
    if (!split(&line, true))
        return false;
    if (parsed->help)
        return true;
    if (!given_opts(&line) || !positional(&line, cmd->args) || !other_opts(&line))
        return false;
    return !line.rest_count || extra(&line);
}

const struct cmd *parse_find_command(const struct cmd *const *table, const char *name, struct differences differences)
{
    for (; *table; table++)
        if (str_equal((*table)->name, name) &&
            !((*table)->pgha_only && !differences_has(differences, DIFF_OWN_COMMANDS)))
            return *table;
    return NULL;
}

const char *parse_suggest_command(struct arena *arena, const struct cmd *const *table, const char *name)
{
    size_t count = 0, known = 0;

    while (table[count])
        count++;
    const char **names = arena_calloc(arena, count, sizeof *names);
    for (; *table; table++)
        if (!(*table)->hidden)
            names[known++] = (*table)->name;
    return suggest(arena, name, names, known);
}
