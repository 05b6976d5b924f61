#include "rows.h"

struct restart_args {
    const char *cluster_name;
    struct opt_list member_names;
    struct opt_int group;
    const char *role;
    bool any;
    const char *scheduled;
    const char *pg_version;
    bool pending;
    const char *timeout;
    bool force;
};

static const struct opt opts[] = {
    OPT_ROW_GROUP(struct restart_args),
    {.names = "--role|-r",
     .help = "Restart only members with this role",
     .kind = OPT_CHOICE,
     .choices = role_choices,
     .preset = "any",
     .offset = offsetof(struct restart_args, role)},
    {.names = "--any",
     .help = "Restart a single member only",
     .kind = OPT_FLAG,
     .offset = offsetof(struct restart_args, any)},
    {.names = "--scheduled",
     .help = "Timestamp of a scheduled restart in unambiguous format (e.g. ISO 8601)",
     .kind = OPT_STRING,
     .offset = offsetof(struct restart_args, scheduled)},
    {.names = "--pg-version",
     .help = "Restart if the PostgreSQL version is less than provided (e.g. 9.5.2)",
     .kind = OPT_STRING,
     .offset = offsetof(struct restart_args, pg_version)},
    {.names = "--pending",
     .help = "Restart if pending",
     .kind = OPT_FLAG,
     .offset = offsetof(struct restart_args, pending)},
    {.names = "--timeout",
     .help = "Return error and fail over if necessary when restarting takes longer than this.",
     .kind = OPT_STRING,
     .offset = offsetof(struct restart_args, timeout)},
    OPT_ROW_FORCE(struct restart_args),
    OPT_ROW_END,
};

static const struct arg args[] = {
    ARG_ROW_CLUSTER(struct restart_args),
    ARG_ROW_MEMBERS(struct restart_args),
    ARG_ROW_END,
};

static bool run(struct ctx *ctx, const void *data, struct err *err)
{
    const struct restart_args *given = data;

    (void)given;
    return err_set(err, ctx->arena, ERR_FAILED, "%s is not available yet", ctx->cmd->name);
}

const struct cmd cmd_restart = {
    .name = "restart",
    .help = "Restart cluster member",
    .opts = opts,
    .args = args,
    .args_size = sizeof(struct restart_args),
    .run = run,
};
