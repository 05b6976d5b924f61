#include "rows.h"

struct topology_args {
    struct opt_list cluster_names;
    struct opt_int group;
    bool watch2;
    struct opt_float watch;
};

static const struct opt opts[] = {
    OPT_ROW_GROUP(struct topology_args),
    OPT_ROW_WATCH2(struct topology_args),
    OPT_ROW_WATCH(struct topology_args),
    OPT_ROW_END,
};

static const struct arg args[] = {
    ARG_ROW_CLUSTERS(struct topology_args),
    ARG_ROW_END,
};

static bool run(struct ctx *ctx, const void *data, struct err *err)
{
    const struct topology_args *given = data;

    (void)given;
    return err_set(err, ctx->arena, ERR_FAILED, "%s is not available yet", ctx->cmd->name);
}

const struct cmd cmd_topology = {
    .name = "topology",
    .help = "Prints ASCII topology for given cluster",
    .opts = opts,
    .args = args,
    .args_size = sizeof(struct topology_args),
    .run = run,
};
