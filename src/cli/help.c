#include "pgha/help.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "pgha/arena.h"
#include "pgha/pytext.h"
#include "pgha/terminal.h"
#include "pgha/utf8.h"

#define MARGIN 2
#define MOST_COLUMNS 80
#define LEAST_COLUMNS 50
#define FIRST_COLUMN_MOST 30 /* of a list of terms; longer terms get a line of their own */
#define SPACING 2
#define INDENT 2

const struct opt help_opt = {
    .names = "--help", .help = "Show this help", .patronictl_help = "Show this message and exit.", .kind = OPT_FLAG};

size_t help_width(FILE *stream)
{
    const char *variable = getenv("COLUMNS");
    struct arena *arena = arena_new(NULL);
    long long columns = 0;

    if (!variable || !pytext_to_int(arena, variable, &columns) || columns <= 0)
        columns = (long long)terminal_size(stream).columns;
    arena_free(arena);
    if (columns > MOST_COLUMNS)
        columns = MOST_COLUMNS;
    return columns - MARGIN > LEAST_COLUMNS ? (size_t)columns - MARGIN : LEAST_COLUMNS;
}

/* Bytes of the first `count` characters of a text that has as many. */
static size_t prefix_size(const char *text, size_t length, size_t count)
{
    size_t at = 0;
    uint32_t code;

    while (count--)
        at += utf8_next(text + at, length - at, &code);
    return at;
}

/*
 * Fills lines of `width` columns as click's text wrapper does: the first starts with `initial`, the others with
 * `indent` blanks; a word that is too long is cut. No newline at the end.
 */
static void wrap(const char *text, size_t width, const char *initial, size_t indent, struct str *out)
{
    size_t room = width - utf8_count(initial), used = 0;

    str_add(out, initial);
    while (*text) {
        size_t blanks = used ? strspn(text, " ") : 0, length = strcspn(text + blanks, " ");
        const char *word = text + blanks;
        size_t columns = utf8_count(arena_strndup(out->arena, word, length));

        if (used + blanks + columns <= room) {
            str_add_bytes(out, text, blanks + length);
            used += blanks + columns;
            text = word + length;
            continue;
        }
        if (columns > room && used + blanks <= room) {
            size_t left = room - used - blanks, cut = prefix_size(word, length, left ? left : 1);

            str_add_bytes(out, text, blanks + cut);
            text = word + cut;
        } else {
            text = word;
        }
        str_add_char(out, '\n');
        str_add_repeat(out, ' ', indent);
        room = width - indent;
        used = 0;
    }
}

const char *help_arg_name(struct arena *arena, const struct arg *arg)
{
    struct str str;

    str_init(&str, arena);
    for (size_t i = 0; arg->choices && arg->choices[i]; i++)
        str_printf(&str, "%s%s", i ? "|" : "", arg->choices[i]);
    if (arg->choices)
        return arena_printf(arena, arg->required ? "{%s}" : "[%s]", str.text);
    for (const char *at = arg->name; *at; at++)
        str_add_char(&str, *at >= 'a' && *at <= 'z' ? (char)(*at - 'a' + 'A') : *at);
    return arena_printf(arena, arg->required ? "%s%s" : "[%s]%s", str.text, arg->many ? "..." : "");
}

const char *help_metavar(struct arena *arena, const struct opt *opt)
{
    static const char *const of_kind[] = {
        [OPT_STRING] = "TEXT", [OPT_INT] = "INTEGER",   [OPT_FLOAT] = "FLOAT",
        [OPT_LIST] = "TEXT",   [OPT_FILE] = "FILENAME",
    };
    struct str str;

    if (opt->metavar || opt->kind == OPT_FLAG)
        return opt->metavar;
    if (opt->kind != OPT_CHOICE)
        return of_kind[opt->kind];
    str_init(&str, arena);
    for (size_t i = 0; opt->choices[i]; i++)
        str_printf(&str, "%c%s", i ? '|' : '[', opt->choices[i]);
    str_add_char(&str, ']');
    return str.text;
}

void help_usage(const struct help *help, const struct cmd *cmd, struct str *out)
{
    const char *path = cmd ? arena_printf(help->arena, "%s %s", help->prog, cmd->name) : help->prog;
    const char *prefix = arena_printf(help->arena, "Usage: %s ", path);
    size_t indent = utf8_count(prefix);
    struct str pieces;

    str_init(&pieces, help->arena);
    str_add(&pieces, "[OPTIONS]");
    if (!cmd)
        str_add(&pieces, " COMMAND [ARGS]...");
    for (const struct arg *arg = cmd ? cmd->args : NULL; arg && arg->name; arg++)
        str_printf(&pieces, " %s", help_arg_name(help->arena, arg));
    if (help->width >= indent + 20) {
        wrap(pieces.text, help->width, prefix, indent, out);
    } else {
        /* Beside a long name there is too little room: the arguments start below it. */
        str_printf(out, "%s\n", prefix);
        indent = strlen("Usage: ") + 4;
        wrap(pieces.text, help->width, arena_printf(help->arena, "%*s", (int)indent, ""), indent, out);
    }
    str_add_char(out, '\n');
}

struct row {
    const char *term;
    const char *text;
};

static size_t widest_term(const struct row *rows, size_t count)
{
    size_t widest = 0;

    for (size_t i = 0; i < count; i++) {
        size_t columns = utf8_count(rows[i].term);

        widest = columns > widest ? columns : widest;
    }
    return widest;
}

/* A list of terms and what they mean, in two columns; terms of `widest` columns fit the first. */
static void write_list(const struct help *help, const char *title, const struct row *rows, size_t count, size_t widest,
                       struct str *out)
{
    size_t first = (widest < FIRST_COLUMN_MOST ? widest : FIRST_COLUMN_MOST) + SPACING;
    size_t room = help->width - first - MARGIN > 10 ? help->width - first - MARGIN : 10;
    str_printf(out, "\n%s:\n", title);
    for (size_t i = 0; i < count; i++) {
        size_t columns = utf8_count(rows[i].term);
        struct str lines;

        str_printf(out, "%*s%s", INDENT, "", rows[i].term);
        if (columns > first - SPACING)
            str_printf(out, "\n%*s", (int)first + INDENT, "");
        else
            str_add_repeat(out, ' ', first - columns);
        str_init(&lines, help->arena);
        wrap(rows[i].text, room, "", 0, &lines);
        for (const char *line = lines.text; line;) {
            size_t length = strcspn(line, "\n");

            str_add_bytes(out, line, length);
            str_add_char(out, '\n');
            line = line[length] ? line + length + 1 : NULL;
            if (line)
                str_add_repeat(out, ' ', first + INDENT);
        }
    }
}

/* "-f, --format [json|tsv]": names with one dash go before those with two. */
static const char *opt_term(const struct help *help, const struct opt *opt)
{
    const char *metavar = help_metavar(help->arena, opt);
    struct str str;

    str_init(&str, help->arena);
    for (int dashes = 1; dashes <= 2; dashes++)
        for (const char *at = opt->names; at; at = opt_next_name(at))
            if ((at[1] == '-') == (dashes == 2))
                str_printf(&str, "%s%.*s", str.length ? ", " : "", (int)strcspn(at, "|"), at);
    if (metavar)
        str_printf(&str, " %s", metavar);
    return str.text;
}

static void write_opts(const struct help *help, const struct opt *opts, struct str *out)
{
    size_t count = 0, rows_count = 0;

    while (opts[count].names)
        count++;
    struct row *rows = arena_calloc(help->arena, count + 1, sizeof *rows);
    for (size_t i = 0; i < count; i++)
        if (!(opts[i].pgha_only && !differs(help, DIFF_OWN_OPTIONS)))
            rows[rows_count++] = (struct row){opt_term(help, &opts[i]),
                                              help_text(help->differences, opts[i].help, opts[i].patronictl_help)};
    rows[rows_count++] =
        (struct row){help_opt.names, help_text(help->differences, help_opt.help, help_opt.patronictl_help)};
    write_list(help, "Options", rows, rows_count, widest_term(rows, rows_count), out);
}

const char *help_short(struct arena *arena, const char *text, size_t most)
{
    size_t end = 0, fits = 0; /* bytes up to the last word that fits; the same with room for the ellipsis */

    for (const char *word = text; *word;) {
        size_t next = (size_t)(word - text) + strcspn(word, " ");

        if (next > most)
            return arena_printf(arena, "%.*s...", (int)fits, text);
        if (next + strlen("...") <= most)
            fits = next;
        end = next;
        if (text[end - 1] == '.')
            break;
        if (end == most && text[end])
            return arena_printf(arena, "%.*s...", (int)fits, text);
        word = text + end + strspn(text + end, " ");
    }
    return arena_strndup(arena, text, end);
}

/* The visible commands of a group, or all of them for GROUP_NONE; returns how many. */
static size_t list_commands(const struct help *help, enum cmd_group group, struct row *rows)
{
    size_t count = 0;

    for (const struct cmd *const *cmd = commands; *cmd; cmd++)
        if (!(*cmd)->hidden && !((*cmd)->pgha_only && !differs(help, DIFF_OWN_COMMANDS)) &&
            (!group || (*cmd)->group == group))
            rows[count++] =
                (struct row){(*cmd)->name, help_text(help->differences, (*cmd)->help, (*cmd)->patronictl_help)};
    return count;
}

/* Texts start in the same column in all groups. */
static void write_group(const struct help *help, enum cmd_group group, const char *title, struct str *out)
{
    size_t count = 0;

    while (commands[count])
        count++;
    struct row *rows = arena_calloc(help->arena, count, sizeof *rows);
    size_t widest = widest_term(rows, list_commands(help, GROUP_NONE, rows));
    count = list_commands(help, group, rows);
    for (size_t i = 0; i < count; i++)
        rows[i].text = help_short(help->arena, rows[i].text, help->width - 3 * INDENT - widest);
    if (count)
        write_list(help, title, rows, count, widest, out);
}

static void write_program(const struct help *help, struct str *out)
{
    if (!differs(help, DIFF_HELP)) {
        write_opts(help, global_opts, out);
        write_group(help, GROUP_NONE, "Commands", out);
        return;
    }
    for (enum cmd_group group = GROUP_NONE + 1; group < GROUP_COUNT; group++)
        write_group(help, group, group_titles[group], out);
    write_opts(help, global_opts, out);
    str_add_char(out, '\n');
    wrap(arena_printf(help->arena, "\"%s COMMAND --help\" shows the options of a command. \"man pgha\" explains them.",
                      help->prog),
         help->width, "", 0, out);
    str_add_char(out, '\n');
}

void help_page(const struct help *help, const struct cmd *cmd, struct str *out)
{
    static const struct cmd program = {
        .help = "Show and control PostgreSQL clusters that run under Patroni.",
        .patronictl_help = "Command-line interface for interacting with Patroni.",
    };
    const struct cmd *shown = cmd ? cmd : &program;

    help_usage(help, cmd, out);
    str_add_char(out, '\n');
    wrap(help_text(help->differences, shown->help, shown->patronictl_help), help->width, "  ", INDENT, out);
    str_add_char(out, '\n');
    if (cmd)
        write_opts(help, cmd->opts, out);
    else
        write_program(help, out);
}
