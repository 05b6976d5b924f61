#include "rows.h"

struct edit_config_args {
    const char *cluster_name;
    struct opt_int group;
    bool quiet;
    struct opt_list set;
    struct opt_list pg;
    const char *apply;
    const char *replace;
    bool force;
};

static const struct opt opts[] = {
    OPT_ROW_DEFAULT_GROUP(struct edit_config_args),
    {.names = "--quiet|-q",
     .help = "Do not show changes",
     .kind = OPT_FLAG,
     .offset = offsetof(struct edit_config_args, quiet)},
    {.names = "--set|-s",
     .help = "Set specific configuration value. Can be specified multiple times",
     .kind = OPT_LIST,
     .offset = offsetof(struct edit_config_args, set)},
    {.names = "--pg|-p",
     .help = "Set specific PostgreSQL parameter value. Shorthand for -s postgresql.parameters. Can be specified "
             "multiple times",
     .kind = OPT_LIST,
     .offset = offsetof(struct edit_config_args, pg)},
    {.names = "--apply",
     .help = "Apply configuration from file. Use - for stdin.",
     .kind = OPT_STRING,
     .completes = COMPLETE_FILES,
     .offset = offsetof(struct edit_config_args, apply)},
    {.names = "--replace",
     .help = "Apply configuration from file, replacing existing configuration. Use - for stdin.",
     .kind = OPT_STRING,
     .completes = COMPLETE_FILES,
     .offset = offsetof(struct edit_config_args, replace)},
    OPT_ROW_FORCE(struct edit_config_args),
    OPT_ROW_END,
};

static const struct arg args[] = {
    ARG_ROW_CLUSTER_OR_SCOPE(struct edit_config_args),
    ARG_ROW_END,
};

static bool run(struct ctx *ctx, const void *data, struct err *err)
{
    const struct edit_config_args *given = data;

    (void)given;
    return err_set(err, ctx->arena, ERR_FAILED, "%s is not available yet", ctx->cmd->name);
}

const struct cmd cmd_edit_config = {
    .name = "edit-config",
    .help = "Edit cluster configuration",
    .opts = opts,
    .args = args,
    .args_size = sizeof(struct edit_config_args),
    .run = run,
};
