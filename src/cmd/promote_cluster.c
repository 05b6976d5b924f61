#include "pgha/cluster_role.h"

#include "rows.h"

struct promote_cluster_args {
    const char *cluster_name;
    bool force;
};

static const struct opt opts[] = {
    OPT_ROW_FORCE(struct promote_cluster_args),
    OPT_ROW_END,
};

static const struct arg args[] = {
    ARG_ROW_CLUSTER_OR_SCOPE(struct promote_cluster_args),
    ARG_ROW_END,
};

static bool run(struct ctx *ctx, const void *data, struct err *err)
{
    const struct promote_cluster_args *given = data;
    const struct cluster_role role = {.cluster_name = given->cluster_name, .force = given->force};

    return cluster_role_run(ctx, &role, err);
}

const struct cmd cmd_promote_cluster = {
    .name = "promote-cluster",
    .help = "Make a standby cluster independent",
    .patronictl_help = "Promote cluster, make it run standalone",
    .group = GROUP_CLUSTER,
    .opts = opts,
    .args = args,
    .args_size = sizeof(struct promote_cluster_args),
    .run = run,
};
