#include "open.h"

#include <string.h>

#include "pgha/arena.h"
#include "pgha/config.h"
#include "pgha/dcs.h"
#include "pgha/str.h"

int64_t open_group(const struct opt_int *group)
{
    return group->given ? group->number : CLUSTER_NO_GROUP;
}

bool open_name(struct ctx *ctx, const char *name, struct err *err)
{
    return (name && (*name || ctx->as_patronictl)) ||
           err_set(err, ctx->arena, ERR_FAILED, "No cluster was named, and the configuration has no scope");
}

/* The groups of a Citus cluster that was taken for another one: there are keys below it, but none where they should be.
 */
static bool list_groups(struct ctx *ctx, struct arena *arena, struct dcs *dcs, const char *name, struct str *groups,
                        struct err *err)
{
    const char *path = arena_printf(arena, "%s/%s", ctx->config->namespace_path, name), **names;
    size_t count;

    if (!dcs_list(dcs, arena, path, deadline_in(ctx->timeout), &names, &count, err))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!names[i][strspn(names[i], "0123456789")])
            str_printf(groups, "%s%s", groups->length ? ", " : "", names[i]);
    return true;
}

bool open_check(struct ctx *ctx, struct arena *arena, struct dcs *dcs, const struct cluster *cluster, struct err *err)
{
    const char **names;
    size_t count;
    struct str known, groups;

    if (ctx->as_patronictl || cluster->exists)
        return true;
    str_init(&known, arena);
    str_init(&groups, arena);
    if (!list_groups(ctx, arena, dcs, cluster->name, &groups, err))
        return false;
    if (groups.length)
        return err_set(err, arena, ERR_FAILED, "%s is a Citus cluster with the groups %s: choose one with --group%s",
                       cluster->name, groups.text,
                       cluster->citus ? "" : ", or add a citus section to the configuration");
    if (!dcs_list(dcs, arena, ctx->config->namespace_path, deadline_in(ctx->timeout), &names, &count, err))
        return false;
    for (size_t i = 0; i < count; i++)
        str_printf(&known, "%s%s", i ? ", " : "", names[i]);
    return err_set(err, arena, ERR_FAILED, "There is no cluster %s below %s/; %s%s", cluster->name,
                   ctx->config->namespace_path, count ? "there are: " : "there is none at all", known.text);
}

bool open_cluster(struct ctx *ctx, const char *name, int64_t group, struct dcs **dcs, struct cluster *cluster,
                  struct err *err)
{
    struct dcs *opened;
    struct cluster read;

    if (!open_name(ctx, name, err) || !dcs_open(ctx->arena, ctx->config, ctx->http, ctx->log, &opened, err) ||
        !cluster_read(opened, ctx->arena, ctx->config, name, group, deadline_in(ctx->timeout), &read, err) ||
        !open_check(ctx, ctx->arena, opened, &read, err))
        return false;
    *dcs = opened;
    *cluster = read;
    return true;
}
