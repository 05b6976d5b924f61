#include "pgha/names.h"

#include "pgha/arena.h"
#include "pgha/cluster.h"
#include "pgha/dcs.h"
#include "pgha/eligible.h"
#include "pgha/http.h"
#include "pgha/log.h"
#include "pgha/open.h"
#include "pgha/str.h"

/* A keystroke is not kept waiting longer for names. */
#define SECONDS 0.3

/* Who may see nothing but its own cluster is offered that one: the one that is configured. */
static void add_clusters(struct ctx *ctx, struct dcs *dcs, struct completion *completion, deadline_t deadline)
{
    const char **names;
    size_t count;
    struct err err = ERR_INIT;

    if (!dcs_list(dcs, ctx->arena, ctx->config->namespace_path, deadline, &names, &count, &err)) {
        if (err.kind == ERR_CREDENTIALS && ctx->config->scope)
            complete_add(ctx->arena, completion, ctx->config->scope, NULL);
        return;
    }
    for (size_t i = 0; i < count; i++)
        complete_add(ctx->arena, completion, names[i], NULL);
}

/* A member with values that cannot be read is offered: what is wrong with it, the command will tell. */
static bool may_lead(struct arena *arena, const struct cluster *cluster, const struct member *member, bool planned)
{
    const char *why = NULL;
    struct err ignored = ERR_INIT;

    return !eligible_check(cluster, member, planned, arena, &why, &ignored) || !why;
}

unsigned names_kinds(struct arena *arena, const struct cluster *cluster, const struct member *member)
{
    if (cluster->leader.present && str_equal(cluster->leader.name, member->name))
        return 1U << COMPLETE_MEMBERS | 1U << COMPLETE_LEADERS;
    return 1U << COMPLETE_MEMBERS | 1U << COMPLETE_REPLICAS |
           (may_lead(arena, cluster, member, false) ? 1U << COMPLETE_CANDIDATES : 0) |
           (may_lead(arena, cluster, member, true) ? 1U << COMPLETE_SUCCESSORS : 0);
}

static void add_of(struct arena *arena, const struct cluster *cluster, struct completion *completion)
{
    for (size_t i = 0; i < cluster->member_count; i++) {
        const struct member *member = &cluster->members[i];

        if (names_kinds(arena, cluster, member) & 1U << completion->more &&
            !text_set_has(&completion->members, member->name))
            complete_add(arena, completion, member->name, NULL);
    }
}

static void add_members(struct ctx *ctx, struct dcs *dcs, struct completion *completion, deadline_t deadline)
{
    const char *name = completion->cluster ? completion->cluster : ctx->config->scope;
    struct cluster cluster;
    struct err err = ERR_INIT;

    if (!name || !cluster_read(dcs, ctx->arena, ctx->config, name, CLUSTER_NO_GROUP, deadline, &cluster, &err))
        return;
    add_of(ctx->arena, &cluster, completion);
    for (size_t i = 0; i < cluster.worker_count; i++)
        add_of(ctx->arena, &cluster.workers[i], completion);
}

void names_add(struct ctx *ctx, struct completion *completion, deadline_t deadline)
{
    struct dcs *dcs;
    struct err err = ERR_INIT;

    if (completion->more != COMPLETE_CLUSTERS && !completes_members(completion->more))
        return;
    if (!ctx->config->namespace_path || !dcs_open(ctx->arena, ctx->config, ctx->http, ctx->log, &dcs, &err))
        return;
    if (completion->more == COMPLETE_CLUSTERS)
        add_clusters(ctx, dcs, completion, deadline);
    else
        add_members(ctx, dcs, completion, deadline);
}

void names_add_configured(struct ctx *ctx, struct completion *completion, struct differences differences)
{
    deadline_t deadline = deadline_in(SECONDS);
    struct log silent = {.stream = NULL};
    struct config config = {0};
    struct ctx inner = *ctx;
    struct err err = ERR_INIT;

    if (completion->more != COMPLETE_CLUSTERS && !completes_members(completion->more))
        return;
    if (!config_read(ctx->arena, &completion->globals, differences, &silent, &config, &err) ||
        !http_new(ctx->arena, &silent, &inner.http, &err))
        return;
    inner.config = &config;
    inner.log = &silent;
    names_add(&inner, completion, deadline);
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
