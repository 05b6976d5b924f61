#include "rows.h"

struct flush_args {
    const char *cluster_name;
    struct opt_list member_names;
    const char *target;
    struct opt_int group;
    const char *role;
    bool force;
};

static const char *const target_choices[] = {"restart", "switchover", NULL};

static const struct opt opts[] = {
    OPT_ROW_GROUP(struct flush_args),
    {.names = "--role|-r",
     .help = "Flush only members with this role",
     .kind = OPT_CHOICE,
     .choices = role_choices,
     .preset = "any",
     .offset = offsetof(struct flush_args, role)},
    OPT_ROW_FORCE(struct flush_args),
    OPT_ROW_END,
};

static const struct arg args[] = {
    ARG_ROW_CLUSTER(struct flush_args),
    ARG_ROW_MEMBERS(struct flush_args),
    {.name = "target", .offset = offsetof(struct flush_args, target), .choices = target_choices, .required = true},
    ARG_ROW_END,
};

static bool run(struct ctx *ctx, const void *data, struct err *err)
{
    const struct flush_args *given = data;

    (void)given;
    return err_set(err, ctx->arena, ERR_FAILED, "%s is not available yet", ctx->cmd->name);
}

const struct cmd cmd_flush = {
    .name = "flush",
    .help = "Discard scheduled events",
    .opts = opts,
    .args = args,
    .args_size = sizeof(struct flush_args),
    .run = run,
};
