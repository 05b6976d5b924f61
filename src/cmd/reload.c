#include "rows.h"

struct reload_args {
    const char *cluster_name;
    struct opt_list member_names;
    struct opt_int group;
    const char *role;
    bool force;
};

static const struct opt opts[] = {
    OPT_ROW_GROUP(struct reload_args),
    {.names = "--role|-r",
     .help = "Reload only members with this role",
     .kind = OPT_CHOICE,
     .choices = role_choices,
     .preset = "any",
     .offset = offsetof(struct reload_args, role)},
    OPT_ROW_FORCE(struct reload_args),
    OPT_ROW_END,
};

static const struct arg args[] = {
    ARG_ROW_CLUSTER(struct reload_args),
    ARG_ROW_MEMBERS(struct reload_args),
    ARG_ROW_END,
};

static bool run(struct ctx *ctx, const void *data, struct err *err)
{
    const struct reload_args *given = data;

    (void)given;
    return err_set(err, ctx->arena, ERR_FAILED, "%s is not available yet", ctx->cmd->name);
}

const struct cmd cmd_reload = {
    .name = "reload",
    .help = "Reload cluster member configuration",
    .opts = opts,
    .args = args,
    .args_size = sizeof(struct reload_args),
    .run = run,
};
