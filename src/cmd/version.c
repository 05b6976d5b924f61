#include "rows.h"

struct version_args {
    const char *cluster_name;
    struct opt_list member_names;
    struct opt_int group;
};

static const struct opt opts[] = {
    OPT_ROW_GROUP(struct version_args),
    OPT_ROW_END,
};

static const struct arg args[] = {
    {.name = "cluster_name", .offset = offsetof(struct version_args, cluster_name), .completes = COMPLETE_CLUSTERS},
    ARG_ROW_MEMBERS(struct version_args),
    ARG_ROW_END,
};

static bool run(struct ctx *ctx, const void *data, struct err *err)
{
    const struct version_args *given = data;

    (void)given;
    return err_set(err, ctx->arena, ERR_FAILED, "%s is not available yet", ctx->cmd->name);
}

const struct cmd cmd_version = {
    .name = "version",
    .help = "Output version of patronictl command or a running Patroni instance",
    .opts = opts,
    .args = args,
    .args_size = sizeof(struct version_args),
    .run = run,
};
