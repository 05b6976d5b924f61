#include <errno.h>
#include <string.h>

#include "pgha/arena.h"
#include "pgha/known.h"
#include "pgha/open.h"
#include "pgha/pg_ask.h"
#include "pgha/print.h"
#include "pgha/prompt.h"
#include "pgha/result.h"
#include "pgha/signals.h"
#include "pgha/usage.h"
#include "pgha/utf8.h"
#include "pgha/watch.h"
#include "pgha/when.h"

#include "rows.h"

struct query_args {
    const char *cluster_name;
    struct opt_int group;
    const char *format;
    FILE *file;
    bool password;
    const char *username;
    bool watch2;
    struct opt_float watch;
    const char *role;
    const char *member;
    const char *delimiter;
    const char *command;
    const char *dbname;
};

static const struct opt opts[] = {
    OPT_ROW_GROUP(struct query_args),
    {.names = "--format",
     .help = "Output format (pretty, tsv, json, yaml)",
     .kind = OPT_STRING,
     .preset = "tsv",
     .offset = offsetof(struct query_args, format)},
    {.names = "--file|-f",
     .help = "Read the SQL from this file; - is standard input",
     .patronictl_help = "Execute the SQL commands from this file",
     .kind = OPT_FILE,
     .completes = COMPLETE_FILES,
     .offset = offsetof(struct query_args, file)},
    {.names = "--password",
     .help = "Ask for the password",
     .patronictl_help = "force password prompt",
     .kind = OPT_FLAG,
     .offset = offsetof(struct query_args, password)},
    {.names = "-U|--username",
     .help = "Database user",
     .patronictl_help = "database user name",
     .kind = OPT_STRING,
     .offset = offsetof(struct query_args, username)},
    OPT_ROW_WATCH2(struct query_args),
    OPT_ROW_WATCH(struct query_args),
    {.names = "--role|-r",
     .help = "Choose a member with this role",
     .patronictl_help = "The role of the query",
     .kind = OPT_CHOICE,
     .choices = role_choices,
     .offset = offsetof(struct query_args, role)},
    {.names = "--member|-m",
     .help = "Choose this member",
     .patronictl_help = "Query a specific member",
     .kind = OPT_STRING,
     .completes = COMPLETE_MEMBERS,
     .offset = offsetof(struct query_args, member)},
    {.names = "--delimiter",
     .help = "Delimiter between columns in tsv",
     .patronictl_help = "The column delimiter",
     .kind = OPT_STRING,
     .preset = "\t",
     .offset = offsetof(struct query_args, delimiter)},
    {.names = "--command|-c",
     .help = "SQL to run",
     .patronictl_help = "The SQL commands to execute",
     .kind = OPT_STRING,
     .offset = offsetof(struct query_args, command)},
    {.names = "-d|--dbname",
     .help = "Database name",
     .patronictl_help = "database name to connect to",
     .kind = OPT_STRING,
     .offset = offsetof(struct query_args, dbname)},
    OPT_ROW_END,
};

static const struct arg args[] = {
    ARG_ROW_CLUSTER_OR_SCOPE(struct query_args),
    ARG_ROW_END,
};

static const struct {
    const char *name;
    enum table_format format;
} formats[] = {
    {"pretty", FORMAT_PRETTY}, {"topology", FORMAT_PRETTY}, {"tsv", FORMAT_TSV},
    {"json", FORMAT_JSON},     {"yaml", FORMAT_YAML},       {"yml", FORMAT_YAML},
};

/* What stays the same while the query is repeated. */
struct query {
    struct question question;
    struct cluster cluster;
    struct table_style style;
    bool silent; /* patronictl takes any name for a format and then prints nothing: case query-format-unknown */
};

static bool choose_format(struct ctx *ctx, const char *name, struct query *query, struct err *err)
{
    query->style = print_style(ctx, FORMAT_TSV);
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (str_equal(formats[i].name, name)) {
            query->style.format = formats[i].format;
            return true;
        }
    if (differs(ctx, DIFF_QUERY_FORMAT))
        return err_set(err, ctx->arena, ERR_USAGE,
                       "Invalid value for '--format': '%s' is not one of 'pretty', 'tsv', 'json', 'yaml', 'yml'.",
                       name);
    query->silent = true;
    return true;
}

static bool read_sql(struct ctx *ctx, FILE *file, const char **sql, struct err *err)
{
    struct str text;
    char part[4096];
    size_t length;

    str_init(&text, ctx->arena);
    str_add(&text, "");
    while ((length = fread(part, 1, sizeof part, file)) > 0)
        str_add_bytes(&text, part, length);
    if (ferror(file) && signals_pending())
        return err_set(err, ctx->arena, ERR_ABORTED, ERR_MESSAGE_ABORTED);
    if (ferror(file))
        return err_set(err, ctx->arena, ERR_FAILED, "Cannot read the SQL commands: %s", strerror(errno));
    if (!utf8_valid(text.text, text.length))
        return err_set(err, ctx->arena, ERR_FAILED, "The SQL commands are not UTF-8");
    /* patronictl runs what comes before it. */
    if (memchr(text.text, '\0', text.length) && differs(ctx, DIFF_QUERY_FILE_NUL))
        return err_set(err, ctx->arena, ERR_FAILED, "There is a NUL byte in the SQL commands");
    *sql = text.text;
    return true;
}

static bool check_choice(struct ctx *ctx, const struct query_args *given, struct err *err)
{
    return !given->role || !given->member ||
           err_set(err, ctx->arena, usage_error(ctx), "--role and --member are mutually exclusive options");
}

static bool prepare(struct ctx *ctx, const struct query_args *given, struct query *query, struct err *err)
{
    struct question *question = &query->question;
    deadline_t deadline;
    struct dcs *dcs;

    *question = (struct question){.cluster = &query->cluster,
                                  .role = given->role,
                                  .member = given->member,
                                  .sql = given->command,
                                  .username = given->username,
                                  .dbname = given->dbname};
    if (given->file && given->command)
        return err_set(err, ctx->arena, usage_error(ctx), "--file and --command are mutually exclusive options");
    if (!given->file && !given->command)
        return err_set(err, ctx->arena, usage_error(ctx), "You need to specify either --command or --file");
    if (differs(ctx, DIFF_USAGE_ERRORS) && !check_choice(ctx, given, err))
        return false;
    if (!choose_format(ctx, given->format, query, err) ||
        (given->file && !read_sql(ctx, given->file, &question->sql, err)) ||
        (given->password && !prompt_hidden(ctx, "Password", &question->password, err)) ||
        !open_cluster_to_ask(ctx, given->cluster_name, open_group(&given->group), &dcs, &query->cluster, &deadline,
                             err))
        return false;
    /* A watch connects again and again. */
    question->connect_by = watch_seconds(given->watch2, &given->watch) != 0 ? 0 : deadline;
    query->style.delimiter = given->delimiter;
    if (!check_choice(ctx, given, err))
        return false;
    return !given->member || !differs(ctx, DIFF_QUERY_UNKNOWN_MEMBER) ||
           known_members(ctx, &query->cluster, &given->member, 1, err);
}

static void add_table(const struct query *query, const struct table *table, struct str *screen)
{
    if (!query->silent)
        table_write(table, &query->style, screen);
}

static void add_row(const struct query *query, struct arena *arena, const struct answer *answer, struct str *screen)
{
    struct table table = result_message(arena, when_stamp(arena, 0), answer->row);

    add_table(query, &table, screen);
}

static bool is_drawn(const struct query *query)
{
    return query->style.format == FORMAT_PRETTY || query->style.format == FORMAT_TSV;
}

static void add_tag(const struct query *query, struct arena *arena, const char *tag, struct str *screen)
{
    struct str line;

    str_init(&line, arena);
    str_printf(&line, "%s\n", tag);
    if (query->style.clean)
        utf8_clean(&line);
    str_add_bytes(screen, line.text, line.length);
}

/*
 * What patronictl prints in a row is an error when called as pgha, and "[{}]" would be nothing that a program can tell
 * from a result. A statement that gives no rows has succeeded: its tag is shown, or no rows.
 */
static bool add_honest(const struct query *query, struct arena *arena, const struct answer *answer, struct str *screen,
                       struct err *err)
{
    struct table none = {0};

    if (!answer->result && is_drawn(query))
        add_row(query, arena, answer, screen);
    if (!answer->result)
        return err_set(err, arena, answer->problem.kind, "%s", answer->problem.message);
    if (is_drawn(query))
        add_tag(query, arena, PQcmdStatus(answer->result), screen);
    else
        add_table(query, &none, screen);
    return true;
}

/* Half a surrogate pair (from JSON) cannot be printed: patronictl gets to it line by line, or prints all at once. */
static bool check_text(const struct query *query, struct arena *arena, struct str *screen, struct err *err)
{
    size_t kept = 0;

    if (utf8_valid(screen->text, screen->length))
        return true;
    for (const char *end = screen->text; query->style.format == FORMAT_TSV && end;) {
        size_t length;

        end = memchr(screen->text + kept, '\n', screen->length - kept);
        length = end ? (size_t)(end + 1 - screen->text) - kept : 0;
        if (!utf8_valid(screen->text + kept, length))
            break;
        kept += length;
    }
    str_cut(screen, kept);
    return err_set(err, arena, ERR_FAILED, "a value in the result has no form in UTF-8");
}

/* The row that says what becomes of an answer without a result's table. */
static enum difference row_of(const struct answer *answer)
{
    static const enum difference rows[] = {
        [ERR_REFUSED] = DIFF_QUERY_SQL_ERROR,
        [ERR_UNREACHABLE] = DIFF_QUERY_UNREACHABLE,
        [ERR_UNKNOWN] = DIFF_QUERY_LOST,
    };
    enum err_kind kind = answer->problem.kind;

    if (answer->result)
        return DIFF_QUERY_TAG;
    return (size_t)kind < sizeof rows / sizeof *rows && rows[kind] ? rows[kind] : DIFF_QUERY_NOT_ASKED;
}

static bool frame(struct ctx *ctx, struct arena *arena, const void *data, struct str *screen, struct err *err)
{
    const struct query *query = data;
    struct answer answer = {0};
    struct table table;
    struct err problem = ERR_INIT;

    if (!ask_postgres(ctx, arena, &query->question, &answer, err))
        return false;
    if (answer.result && PQresultStatus(answer.result) == PGRES_TUPLES_OK) {
        if (result_table(arena, answer.result, query->style.format, ctx->differences, &table, &problem)) {
            add_table(query, &table, screen);
            return check_text(query, arena, screen, err);
        }
        if (problem.kind != ERR_REFUSED) {
            *err = problem;
            return false;
        }
        answer_refuse(&answer, arena, ERR_FAILED, NULL, problem.message);
    }
    if (differs(ctx, row_of(&answer)))
        return add_honest(query, arena, &answer, screen, err);
    add_row(query, arena, &answer, screen);
    return true;
}

static bool run(struct ctx *ctx, const void *data, struct err *err)
{
    const struct query_args *given = data;
    struct query query = {0};

    if (!prepare(ctx, given, &query, err))
        return false;
    const struct watch_style style = {.seconds = watch_seconds(given->watch2, &given->watch),
                                      .drawn = query.style.format == FORMAT_PRETTY};
    return watch_run(ctx, &style, frame, &query, err);
}

const struct cmd cmd_query = {
    .name = "query",
    .help = "Run SQL on a member",
    .patronictl_help = "Query a Patroni PostgreSQL member",
    .group = GROUP_SQL,
    .opts = opts,
    .args = args,
    .args_size = sizeof(struct query_args),
    .run = run,
};
