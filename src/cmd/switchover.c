#include "pgha/handover.h"

#include "rows.h"

struct switchover_args {
    const char *cluster_name;
    struct opt_int group;
    const char *leader;
    const char *candidate;
    const char *scheduled;
    bool force;
};

static const struct opt opts[] = {
    OPT_ROW_GROUP(struct switchover_args),
    {.names = "--leader|--primary",
     .help = "Current leader",
     .patronictl_help = "The name of the current leader",
     .kind = OPT_STRING,
     .completes = COMPLETE_LEADERS,
     .offset = offsetof(struct switchover_args, leader)},
    {.names = "--candidate",
     .help = "Member that becomes the leader",
     .patronictl_help = "The name of the candidate",
     .kind = OPT_STRING,
     .completes = COMPLETE_SUCCESSORS,
     .offset = offsetof(struct switchover_args, candidate)},
    {.names = "--scheduled",
     .help = "Switch over at this time, such as 2030-11-05T03:00+01:00",
     .patronictl_help = "Timestamp of a scheduled switchover in unambiguous format (e.g. ISO 8601)",
     .kind = OPT_STRING,
     .offset = offsetof(struct switchover_args, scheduled)},
    OPT_ROW_FORCE(struct switchover_args),
    OPT_ROW_END,
};

static const struct arg args[] = {
    ARG_ROW_CLUSTER_OR_SCOPE(struct switchover_args),
    ARG_ROW_END,
};

static bool run(struct ctx *ctx, const void *data, struct err *err)
{
    const struct switchover_args *given = data;
    const struct handover handover = {
        .is_switchover = true,
        .cluster_name = given->cluster_name,
        .group = given->group,
        .leader = given->leader,
        .candidate = given->candidate,
        .scheduled = given->scheduled,
        .force = given->force,
    };

    return handover_run(ctx, &handover, err);
}

const struct cmd cmd_switchover = {
    .name = "switchover",
    .help = "Move the leader role to a replica, without data loss",
    .patronictl_help = "Switchover to a replica",
    .group = GROUP_LEADER,
    .opts = opts,
    .args = args,
    .args_size = sizeof(struct switchover_args),
    .run = run,
};
