#include "pgha/handover.h"

#include "rows.h"

struct failover_args {
    const char *cluster_name;
    struct opt_int group;
    const char *candidate;
    bool force;
};

static const struct opt opts[] = {
    OPT_ROW_GROUP(struct failover_args),
    {.names = "--candidate",
     .help = "Member that becomes the leader",
     .patronictl_help = "The name of the candidate",
     .kind = OPT_STRING,
     .completes = COMPLETE_CANDIDATES,
     .offset = offsetof(struct failover_args, candidate)},
    OPT_ROW_FORCE(struct failover_args),
    OPT_ROW_END,
};

static const struct arg args[] = {
    ARG_ROW_CLUSTER_OR_SCOPE(struct failover_args),
    ARG_ROW_END,
};

static bool run(struct ctx *ctx, const void *data, struct err *err)
{
    const struct failover_args *given = data;
    const struct handover handover = {
        .cluster_name = given->cluster_name,
        .group = given->group,
        .candidate = given->candidate,
        .force = given->force,
    };

    return handover_run(ctx, &handover, err);
}

const struct cmd cmd_failover = {
    .name = "failover",
    .help = "Make a member the leader, even without a healthy leader",
    .patronictl_help = "Failover to a replica",
    .group = GROUP_LEADER,
    .opts = opts,
    .args = args,
    .args_size = sizeof(struct failover_args),
    .run = run,
};
