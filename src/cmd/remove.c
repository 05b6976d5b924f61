#include "rows.h"

struct remove_args {
    const char *cluster_name;
    struct opt_int group;
    const char *format;
};

static const struct opt opts[] = {
    OPT_ROW_GROUP(struct remove_args),
    OPT_ROW_FORMAT(struct remove_args),
    OPT_ROW_END,
};

static const struct arg args[] = {
    ARG_ROW_CLUSTER(struct remove_args),
    ARG_ROW_END,
};

static bool run(struct ctx *ctx, const void *data, struct err *err)
{
    const struct remove_args *given = data;

    (void)given;
    return err_set(err, ctx->arena, ERR_FAILED, "%s is not available yet", ctx->cmd->name);
}

const struct cmd cmd_remove = {
    .name = "remove",
    .help = "Remove cluster from DCS",
    .opts = opts,
    .args = args,
    .args_size = sizeof(struct remove_args),
    .run = run,
};
