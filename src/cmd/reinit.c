#include "rows.h"

struct reinit_args {
    const char *cluster_name;
    struct opt_list member_names;
    struct opt_int group;
    bool force;
    bool from_leader;
    bool wait;
};

static const struct opt opts[] = {
    OPT_ROW_GROUP(struct reinit_args),
    OPT_ROW_FORCE(struct reinit_args),
    {.names = "--from-leader",
     .help = "Get basebackup from leader",
     .kind = OPT_FLAG,
     .offset = offsetof(struct reinit_args, from_leader)},
    {.names = "--wait",
     .help = "Wait until reinitialization completes",
     .kind = OPT_FLAG,
     .offset = offsetof(struct reinit_args, wait)},
    OPT_ROW_END,
};

static const struct arg args[] = {
    ARG_ROW_CLUSTER(struct reinit_args),
    ARG_ROW_MEMBERS(struct reinit_args),
    ARG_ROW_END,
};

static bool run(struct ctx *ctx, const void *data, struct err *err)
{
    const struct reinit_args *given = data;

    (void)given;
    return err_set(err, ctx->arena, ERR_FAILED, "%s is not available yet", ctx->cmd->name);
}

const struct cmd cmd_reinit = {
    .name = "reinit",
    .help = "Reinitialize cluster member",
    .opts = opts,
    .args = args,
    .args_size = sizeof(struct reinit_args),
    .run = run,
};
