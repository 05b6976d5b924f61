#include "pgha/open.h"
#include "pgha/print.h"
#include "pgha/watch.h"

#include "list.h"
#include "rows.h"

struct topology_args {
    struct opt_list cluster_names;
    struct opt_int group;
    bool wide;
    bool watch2;
    struct opt_float watch;
    bool unverified;
};

static const struct opt opts[] = {
    OPT_ROW_GROUP(struct topology_args),      OPT_ROW_WATCH2(struct topology_args), OPT_ROW_WATCH(struct topology_args),
    OPT_ROW_UNVERIFIED(struct topology_args), OPT_ROW_WIDE(struct topology_args),   OPT_ROW_END,
};

static const struct arg args[] = {
    ARG_ROW_CLUSTERS(struct topology_args),
    ARG_ROW_END,
};

static bool run(struct ctx *ctx, const void *data, struct err *err)
{
    const struct topology_args *given = data;
    const struct listing listing = {
        .names = given->cluster_names,
        .group = open_group(&given->group),
        .style = {.table = print_style(ctx, FORMAT_PRETTY), .topology = true, .differences = ctx->differences},
        .unverified = given->unverified,
        .wide = given->wide,
        .seconds = watch_seconds(given->watch2, &given->watch),
    };

    return list_print(ctx, &listing, err);
}

const struct cmd cmd_topology = {
    .name = "topology",
    .help = "Show which member replicates from which",
    .patronictl_help = "Prints ASCII topology for given cluster",
    .group = GROUP_SEE,
    .opts = opts,
    .args = args,
    .args_size = sizeof(struct topology_args),
    .run = run,
};
