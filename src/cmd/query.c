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
     .help = "Execute the SQL commands from this file",
     .kind = OPT_FILE,
     .completes = COMPLETE_FILES,
     .offset = offsetof(struct query_args, file)},
    {.names = "--password",
     .help = "force password prompt",
     .kind = OPT_FLAG,
     .offset = offsetof(struct query_args, password)},
    {.names = "-U|--username",
     .help = "database user name",
     .kind = OPT_STRING,
     .offset = offsetof(struct query_args, username)},
    OPT_ROW_WATCH2(struct query_args),
    OPT_ROW_WATCH(struct query_args),
    {.names = "--role|-r",
     .help = "The role of the query",
     .kind = OPT_CHOICE,
     .choices = role_choices,
     .offset = offsetof(struct query_args, role)},
    {.names = "--member|-m",
     .help = "Query a specific member",
     .kind = OPT_STRING,
     .completes = COMPLETE_MEMBERS,
     .offset = offsetof(struct query_args, member)},
    {.names = "--delimiter",
     .help = "The column delimiter",
     .kind = OPT_STRING,
     .preset = "\t",
     .offset = offsetof(struct query_args, delimiter)},
    {.names = "--command|-c",
     .help = "The SQL commands to execute",
     .kind = OPT_STRING,
     .offset = offsetof(struct query_args, command)},
    {.names = "-d|--dbname",
     .help = "database name to connect to",
     .kind = OPT_STRING,
     .offset = offsetof(struct query_args, dbname)},
    OPT_ROW_END,
};

static const struct arg args[] = {
    ARG_ROW_CLUSTER_OR_SCOPE(struct query_args),
    ARG_ROW_END,
};

static bool run(struct ctx *ctx, const void *data, struct err *err)
{
    const struct query_args *given = data;

    (void)given;
    return err_set(err, ctx->arena, ERR_FAILED, "%s is not available yet", ctx->cmd->name);
}

const struct cmd cmd_query = {
    .name = "query",
    .help = "Query a Patroni PostgreSQL member",
    .opts = opts,
    .args = args,
    .args_size = sizeof(struct query_args),
    .run = run,
};
