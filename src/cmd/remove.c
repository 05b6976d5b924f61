#include "pgha/arena.h"
#include "pgha/log.h"
#include "pgha/members.h"
#include "pgha/open.h"
#include "pgha/print.h"
#include "pgha/prompt.h"
#include "pgha/str.h"
#include "pgha/usage.h"

#include "rows.h"

struct remove_args {
    const char *cluster_name;
    struct opt_int group;
    const char *format;
};

static const struct opt opts[] = {
    OPT_ROW_GROUP(struct remove_args),
    OPT_ROW_FORMAT(struct remove_args),
    OPT_ROW_END,
};

static const struct arg args[] = {
    ARG_ROW_CLUSTER(struct remove_args),
    ARG_ROW_END,
};

/* What has to be typed word by word before anything is removed. */
static bool confirm(struct ctx *ctx, const char *question, const char *wanted, const char *refusal, struct err *err)
{
    const char *answer;

    if (!prompt_text(ctx, question, NULL, &answer, err))
        return false;
    return str_equal(answer, wanted) || err_set(err, ctx->arena, ERR_ABORTED, "%s", refusal);
}

static bool confirm_all(struct ctx *ctx, const struct cluster *cluster, const char *name, struct err *err)
{
    const char *warning = arena_printf(
        ctx->arena, "You are about to remove all information in DCS for %s, please type: \"Yes I am aware\"", name);

    if (!confirm(ctx, "Please confirm the cluster name to remove", name, "Cluster names specified do not match", err) ||
        !confirm(ctx, warning, "Yes I am aware", "You did not exactly type \"Yes I am aware\"", err))
        return false;
    return !cluster->leader.present || !*cluster->leader.name ||
           confirm(ctx, "This cluster currently is healthy. Please specify the leader name to continue",
                   cluster->leader.name, "You did not specify the current leader of the cluster", err);
}

static bool print_cluster(struct ctx *ctx, const struct cluster *cluster, enum table_format format, struct err *err)
{
    const struct members_style style = {.table = print_style(ctx, format), .differences = ctx->differences};
    struct cluster shown = *cluster;

    /* patronictl shows whatever group it is as group 0. */
    if (!differs(ctx, DIFF_REMOVE_GROUP))
        shown.group = CLUSTER_NO_GROUP;
    return print_members_in(ctx, &shown, &style, format == FORMAT_PRETTY ? PRINT_PAGE : PRINT_WHOLE, err);
}

static bool run(struct ctx *ctx, const void *data, struct err *err)
{
    const struct remove_args *given = data;
    int64_t group = open_group(&given->group);
    struct dcs *dcs;
    struct cluster cluster;
    struct err problem = ERR_INIT;

    if (!open_cluster(ctx, given->cluster_name, group, &dcs, &cluster, err))
        return false;
    if (cluster.citus && group == CLUSTER_NO_GROUP)
        return err_set(err, ctx->arena, usage_error(ctx), "For Citus clusters the --group must me specified");
    if (!print_cluster(ctx, &cluster, print_format(given->format), err) ||
        !confirm_all(ctx, &cluster, given->cluster_name, err))
        return false;
    if (dcs_remove_tree(dcs, ctx->arena, cluster_path(ctx->arena, ctx->config, given->cluster_name, group),
                        deadline_in(ctx->timeout), &problem))
        return true;
    if (problem.kind == ERR_ABORTED || differs(ctx, DIFF_REFUSED_WRITE)) {
        *err = problem;
        return false;
    }
    /* patronictl logs it and says nothing more. */
    log_error(ctx->log, "%s", problem.message);
    return true;
}

const struct cmd cmd_remove = {
    .name = "remove",
    .help = "Delete the cluster's keys in the DCS, not the servers",
    .patronictl_help = "Remove cluster from DCS",
    .group = GROUP_CLUSTER,
    .opts = opts,
    .args = args,
    .args_size = sizeof(struct remove_args),
    .run = run,
};
