#include "pgha/open.h"
#include "pgha/print.h"
#include "pgha/watch.h"

#include "overview.h"
#include "rows.h"

struct list_args {
    struct opt_list cluster_names;
    struct opt_int group;
    bool extended;
    bool timestamp;
    bool wide;
    const char *format;
    bool watch2;
    struct opt_float watch;
    bool unverified;
};

static const struct opt opts[] = {
    OPT_ROW_GROUP(struct list_args),
    {.names = "--extended|-e",
     .help = "Show some extra information",
     .kind = OPT_FLAG,
     .offset = offsetof(struct list_args, extended)},
    {.names = "--timestamp|-t",
     .help = "Print timestamp",
     .kind = OPT_FLAG,
     .offset = offsetof(struct list_args, timestamp)},
    OPT_ROW_FORMAT(struct list_args),
    OPT_ROW_WATCH2(struct list_args),
    OPT_ROW_WATCH(struct list_args),
    OPT_ROW_UNVERIFIED(struct list_args),
    OPT_ROW_WIDE(struct list_args),
    OPT_ROW_END,
};

static const struct arg args[] = {
    ARG_ROW_CLUSTERS(struct list_args),
    ARG_ROW_END,
};

static bool run(struct ctx *ctx, const void *data, struct err *err)
{
    const struct list_args *given = data;
    const struct overview overview = {
        .names = given->cluster_names,
        .group = open_group(&given->group),
        .style = {.table = print_style(ctx, print_format(given->format)),
                  .extended = given->extended,
                  .corrected = !ctx->as_patronictl},
        .timestamp = given->timestamp,
        .unverified = given->unverified,
        .wide = given->wide,
        .seconds = watch_seconds(given->watch2, &given->watch),
    };

    return overview_print(ctx, &overview, err);
}

const struct cmd cmd_list = {
    .name = "list",
    .help = "List the Patroni members for a given Patroni",
    .opts = opts,
    .args = args,
    .args_size = sizeof(struct list_args),
    .run = run,
};
