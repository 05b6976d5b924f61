#include "pgha/maintenance.h"

#include "rows.h"

struct pause_args {
    const char *cluster_name;
    struct opt_int group;
    bool wait;
};

static const struct opt opts[] = {
    OPT_ROW_DEFAULT_GROUP(struct pause_args),
    {.names = "--wait",
     .help = "Wait until all members confirm",
     .patronictl_help = "Wait until pause is applied on all nodes",
     .kind = OPT_FLAG,
     .offset = offsetof(struct pause_args, wait)},
    OPT_ROW_END,
};

static const struct arg args[] = {
    ARG_ROW_CLUSTER_OR_SCOPE(struct pause_args),
    ARG_ROW_END,
};

static bool run(struct ctx *ctx, const void *data, struct err *err)
{
    const struct pause_args *given = data;
    const struct maintenance maintenance = {
        .cluster_name = given->cluster_name,
        .group = given->group,
        .paused = true,
        .wait = given->wait,
    };

    return maintenance_run(ctx, &maintenance, err);
}

const struct cmd cmd_pause = {
    .name = "pause",
    .help = "Pause the cluster: no automatic failover",
    .patronictl_help = "Disable auto failover",
    .group = GROUP_CLUSTER,
    .opts = opts,
    .args = args,
    .args_size = sizeof(struct pause_args),
    .run = run,
};
