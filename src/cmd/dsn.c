#include "rows.h"

struct dsn_args {
    const char *cluster_name;
    const char *role;
    const char *member;
    struct opt_int group;
};

static const struct opt opts[] = {
    {.names = "--role|-r",
     .help = "Give a dsn of any member with this role",
     .kind = OPT_CHOICE,
     .choices = role_choices,
     .offset = offsetof(struct dsn_args, role)},
    {.names = "--member|-m",
     .help = "Generate a dsn for this member",
     .kind = OPT_STRING,
     .completes = COMPLETE_MEMBERS,
     .offset = offsetof(struct dsn_args, member)},
    OPT_ROW_GROUP(struct dsn_args),
    OPT_ROW_END,
};

static const struct arg args[] = {
    ARG_ROW_CLUSTER_OR_SCOPE(struct dsn_args),
    ARG_ROW_END,
};

static bool run(struct ctx *ctx, const void *data, struct err *err)
{
    const struct dsn_args *given = data;

    (void)given;
    return err_set(err, ctx->arena, ERR_FAILED, "%s is not available yet", ctx->cmd->name);
}

const struct cmd cmd_dsn = {
    .name = "dsn",
    .help = "Generate a dsn for the provided member, defaults to a dsn of the leader",
    .opts = opts,
    .args = args,
    .args_size = sizeof(struct dsn_args),
    .run = run,
};
