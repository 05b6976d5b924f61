#include "pgha/open.h"
#include "pgha/print.h"
#include "pgha/yaml.h"

#include "rows.h"

struct show_config_args {
    const char *cluster_name;
    struct opt_int group;
};

static const struct opt opts[] = {
    OPT_ROW_DEFAULT_GROUP(struct show_config_args),
    OPT_ROW_END,
};

static const struct arg args[] = {
    ARG_ROW_CLUSTER_OR_SCOPE(struct show_config_args),
    ARG_ROW_END,
};

static bool run(struct ctx *ctx, const void *data, struct err *err)
{
    const struct show_config_args *given = data;
    struct dcs *dcs;
    struct cluster cluster;
    struct str text;

    if (!open_cluster(ctx, given->cluster_name, open_group(&given->group), &dcs, &cluster, err))
        return false;
    if (!cluster.config.present)
        return !differs(ctx, DIFF_NO_CONFIG) ||
               err_set(err, ctx->arena, ERR_FAILED,
                       "cluster \"%s\" has no configuration in the store (key %s/config); Patroni writes it when it "
                       "initializes the cluster",
                       cluster.name, cluster_path(ctx->arena, ctx->config, cluster.name, cluster.group));
    if (cluster.config.malformed && differs(ctx, DIFF_MALFORMED_CONFIG))
        return err_set(err, ctx->arena, ERR_FAILED,
                       "the configuration of cluster \"%s\" in the store (key %s/config) is no JSON object, so Patroni "
                       "takes it for empty; write one with edit-config --replace",
                       cluster.name, cluster_path(ctx->arena, ctx->config, cluster.name, cluster.group));
    str_init(&text, ctx->arena);
    yaml_write(&cluster.config.data, false, &text);
    str_add_char(&text, '\n');
    return print_text(ctx, &text, err);
}

const struct cmd cmd_show_config = {
    .name = "show-config",
    .help = "Show the configuration that all members share",
    .patronictl_help = "Show cluster configuration",
    .group = GROUP_SEE,
    .opts = opts,
    .args = args,
    .args_size = sizeof(struct show_config_args),
    .run = run,
};
