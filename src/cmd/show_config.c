#include "rows.h"

struct show_config_args {
    const char *cluster_name;
    struct opt_int group;
};

static const struct opt opts[] = {
    OPT_ROW_DEFAULT_GROUP(struct show_config_args),
    OPT_ROW_END,
};

static const struct arg args[] = {
    ARG_ROW_CLUSTER_OR_SCOPE(struct show_config_args),
    ARG_ROW_END,
};

static bool run(struct ctx *ctx, const void *data, struct err *err)
{
    const struct show_config_args *given = data;

    (void)given;
    return err_set(err, ctx->arena, ERR_FAILED, "%s is not available yet", ctx->cmd->name);
}

const struct cmd cmd_show_config = {
    .name = "show-config",
    .help = "Show cluster configuration",
    .opts = opts,
    .args = args,
    .args_size = sizeof(struct show_config_args),
    .run = run,
};
