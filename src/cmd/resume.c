#include "pgha/maintenance.h"

#include "rows.h"

struct resume_args {
    const char *cluster_name;
    struct opt_int group;
    bool wait;
};

static const struct opt opts[] = {
    OPT_ROW_DEFAULT_GROUP(struct resume_args),
    {.names = "--wait",
     .help = "Wait until all members confirm",
     .patronictl_help = "Wait until pause is cleared on all nodes",
     .kind = OPT_FLAG,
     .offset = offsetof(struct resume_args, wait)},
    OPT_ROW_END,
};

static const struct arg args[] = {
    ARG_ROW_CLUSTER_OR_SCOPE(struct resume_args),
    ARG_ROW_END,
};

static bool run(struct ctx *ctx, const void *data, struct err *err)
{
    const struct resume_args *given = data;
    const struct maintenance maintenance = {
        .cluster_name = given->cluster_name,
        .group = given->group,
        .paused = false,
        .wait = given->wait,
    };

    return maintenance_run(ctx, &maintenance, err);
}

const struct cmd cmd_resume = {
    .name = "resume",
    .help = "End the pause: automatic failover works again",
    .patronictl_help = "Resume auto failover",
    .group = GROUP_CLUSTER,
    .opts = opts,
    .args = args,
    .args_size = sizeof(struct resume_args),
    .run = run,
};
