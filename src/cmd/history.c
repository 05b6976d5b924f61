#include "pgha/history.h"
#include "pgha/open.h"
#include "pgha/print.h"

#include "rows.h"

struct history_args {
    const char *cluster_name;
    struct opt_int group;
    const char *format;
};

static const struct opt opts[] = {
    OPT_ROW_DEFAULT_GROUP(struct history_args),
    OPT_ROW_FORMAT(struct history_args),
    OPT_ROW_END,
};

static const struct arg args[] = {
    ARG_ROW_CLUSTER_OR_SCOPE(struct history_args),
    ARG_ROW_END,
};

static bool run(struct ctx *ctx, const void *data, struct err *err)
{
    const struct history_args *given = data;
    enum table_format format = print_format(given->format);
    struct dcs *dcs;
    struct cluster cluster;
    struct table table;
    struct str text;

    if (!open_cluster(ctx, given->cluster_name, open_group(&given->group), &dcs, &cluster, err) ||
        !history_table(ctx->arena, &cluster, format, &table, err))
        return false;
    str_init(&text, ctx->arena);
    const struct table_style style = print_style(ctx, format);
    table_write(&table, &style, &text);
    return print_check(ctx->arena, &text, err) &&
           print_made(ctx, &text, format == FORMAT_PRETTY ? PRINT_PAGE : PRINT_WHOLE, err);
}

const struct cmd cmd_history = {
    .name = "history",
    .help = "Show past switchovers and failovers",
    .patronictl_help = "Show the history of failovers/switchovers",
    .group = GROUP_SEE,
    .opts = opts,
    .args = args,
    .args_size = sizeof(struct history_args),
    .run = run,
};
