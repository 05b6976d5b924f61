#include "open.h"

#include "pgha/arena.h"
#include "pgha/config.h"
#include "pgha/dcs.h"
#include "pgha/str.h"

int64_t open_group(const struct opt_int *group)
{
    return group->given ? group->number : CLUSTER_NO_GROUP;
}

static bool unknown_cluster(struct ctx *ctx, struct dcs *dcs, const char *name, struct err *err)
{
    const char **names;
    size_t count;
    struct str known;

    if (!dcs_list(dcs, ctx->arena, ctx->config->namespace_path, deadline_in(ctx->timeout), &names, &count, err))
        return false;
    str_init(&known, ctx->arena);
    for (size_t i = 0; i < count; i++)
        str_printf(&known, "%s%s", i ? ", " : "", names[i]);
    return err_set(err, ctx->arena, ERR_FAILED, "There is no cluster %s below %s/; %s%s", name,
                   ctx->config->namespace_path, count ? "there are: " : "there is none at all", known.text);
}

bool open_cluster(struct ctx *ctx, const char *name, int64_t group, struct dcs **dcs, struct cluster *cluster,
                  struct err *err)
{
    struct dcs *opened;
    struct cluster read;

    if (!name)
        return err_set(err, ctx->arena, ERR_FAILED, "No cluster was named, and the configuration has no scope");
    if (!dcs_open(ctx->arena, ctx->config, ctx->http, ctx->log, &opened, err) ||
        !cluster_read(opened, ctx->arena, ctx->config, name, group, deadline_in(ctx->timeout), &read, err))
        return false;
    if (!ctx->as_patronictl && !read.exists)
        return unknown_cluster(ctx, opened, name, err);
    *dcs = opened;
    *cluster = read;
    return true;
}
