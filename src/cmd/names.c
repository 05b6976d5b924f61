#include "pgha/names.h"

#include "open.h"
#include "pgha/arena.h"
#include "pgha/cluster.h"
#include "pgha/dcs.h"
#include "pgha/select.h"
#include "pgha/str.h"

static void add_clusters(struct ctx *ctx, struct dcs *dcs, struct completion *completion, deadline_t deadline)
{
    const char **names;
    size_t count;
    struct err err = ERR_INIT;

    if (!dcs_list(dcs, ctx->arena, ctx->config->namespace_path, deadline, &names, &count, &err))
        return;
    for (size_t i = 0; i < count; i++)
        complete_add(ctx->arena, completion, names[i], NULL);
}

static bool is_typed(const struct completion *completion, const char *name)
{
    for (size_t i = 0; i < completion->members.count; i++)
        if (str_equal(completion->members.items[i], name))
            return true;
    return false;
}

static void add_members(struct ctx *ctx, struct dcs *dcs, struct completion *completion, deadline_t deadline)
{
    const char *name = completion->cluster ? completion->cluster : ctx->config->scope;
    struct cluster cluster;
    struct err err = ERR_INIT;

    if (!name || !cluster_read(dcs, ctx->arena, ctx->config, name, CLUSTER_NO_GROUP, deadline, &cluster, &err))
        return;
    struct member_list members = select_members(&cluster, ctx->arena, ROLE_ANY);
    for (size_t i = 0; i < members.count; i++)
        if (!is_typed(completion, members.items[i]->name))
            complete_add(ctx->arena, completion, members.items[i]->name, NULL);
}

void names_add(struct ctx *ctx, struct completion *completion, deadline_t deadline)
{
    struct dcs *dcs;
    struct err err = ERR_INIT;

    if (completion->more != COMPLETE_CLUSTERS && completion->more != COMPLETE_MEMBERS)
        return;
    if (!ctx->config->namespace_path || !dcs_open(ctx->arena, ctx->config, ctx->http, ctx->log, &dcs, &err))
        return;
    if (completion->more == COMPLETE_CLUSTERS)
        add_clusters(ctx, dcs, completion, deadline);
    else
        add_members(ctx, dcs, completion, deadline);
}

bool names_find_cluster(struct ctx *ctx, const char *name, bool *found, const char **known, struct err *err)
{
    struct dcs *dcs;
    const char **names;
    size_t count;
    struct str list;
    bool is_there = false;

    if (!open_name(ctx, name, err) || !open_store(ctx, &dcs, err) ||
        !dcs_list(dcs, ctx->arena, ctx->config->namespace_path, deadline_in(ctx->timeout), &names, &count, err))
        return false;
    str_init(&list, ctx->arena);
    for (size_t i = 0; i < count; i++) {
        is_there |= str_equal(names[i], name);
        str_printf(&list, "%s%s", i ? ", " : "", names[i]);
    }
    *found = is_there;
    *known = list.text;
    return true;
}
