#include "pgha/open.h"

#include <string.h>

#include "pgha/arena.h"
#include "pgha/config.h"
#include "pgha/dcs.h"
#include "pgha/log.h"
#include "pgha/run.h"
#include "pgha/str.h"

int64_t open_group(const struct opt_int *group)
{
    return group->given ? group->number : CLUSTER_NO_GROUP;
}

bool open_name(struct ctx *ctx, const char *name, struct err *err)
{
    const struct config *config = ctx->config;

    if ((!name || !*name) && config && config->missing && differs(ctx, DIFF_CONFIG_ERRORS))
        return config_no_store(ctx->arena, config, err);
    if (!name || (!*name && differs(ctx, DIFF_ODD_CLUSTER_NAMES)))
        return err_set(err, ctx->arena, ERR_FAILED, "No cluster was named, and the configuration has no scope");
    /* Such a path leads to another cluster than the one that is meant, or, with etcd's v2 API, to all of them. */
    return !differs(ctx, DIFF_ODD_CLUSTER_NAMES) ||
           (!strchr(name, '/') && !str_equal(name, ".") && !str_equal(name, "..")) ||
           err_set(err, ctx->arena, ERR_FAILED, "\"%s\" is no name of a cluster: %s", name,
                   strchr(name, '/') ? "it has a slash in it" : "it is a step in a path");
}

/* The names below a path; none if the store does not allow to look, or takes more time than names are worth. */
static bool list_names(struct arena *arena, struct dcs *dcs, const char *path, deadline_t deadline,
                       struct opt_list *names, struct err *err)
{
    struct opt_list found = {0};
    struct err problem = ERR_INIT;

    if (!dcs_list(dcs, arena, path, deadline, &found.items, &found.count, &problem)) {
        *err = problem;
        return problem.kind == ERR_CREDENTIALS || problem.kind == ERR_UNREACHABLE;
    }
    *names = found;
    return true;
}

static bool is_number(const char *name)
{
    return !name[strspn(name, "0123456789")];
}

/* With commas between them; `numbers`: only those that are, the groups of a Citus cluster. */
static const char *joined(struct arena *arena, const struct opt_list *names, bool numbers)
{
    struct str list;

    str_init(&list, arena);
    str_add(&list, "");
    for (size_t i = 0; i < names->count; i++)
        if (!numbers || is_number(names->items[i]))
            str_printf(&list, "%s%s", list.length ? ", " : "", names->items[i]);
    return list.text;
}

static bool has_other_than_numbers(const struct opt_list *names)
{
    for (size_t i = 0; i < names->count; i++)
        if (!is_number(names->items[i]))
            return true;
    return false;
}

/* Where the group is from, when it is that of the configuration. */
static const char *own_group(struct ctx *ctx, struct arena *arena, int64_t group)
{
    const struct value *configured = config_get(ctx->config, "citus", "group");

    return value_is(configured, VALUE_INT) && configured->integer == group
               ? arena_printf(arena, " (the group is from %s)", config_where(arena, ctx->config, "citus", "group"))
               : "";
}

/* What lies where the cluster should be: groups of a Citus cluster, or one that has none. */
static bool explain_group(struct ctx *ctx, struct arena *arena, const struct cluster *cluster,
                          const struct opt_list *below, struct err *err)
{
    const char *groups = differs(ctx, DIFF_MISSING_GROUP) ? joined(arena, below, true) : "",
               *citus = config_citus_problem(arena, ctx->config);

    if (*groups && cluster->group != CLUSTER_NO_GROUP)
        return err_set(err, arena, ERR_FAILED, "There is no group %lld in the Citus cluster %s; there are: %s%s",
                       (long long)cluster->group, cluster->name, groups, own_group(ctx, arena, cluster->group));
    if (*groups && citus)
        return err_set(err, arena, ERR_FAILED, "%s, or use --group (groups of cluster \"%s\": %s)", citus,
                       cluster->name, groups);
    if (*groups)
        return err_set(err, arena, ERR_FAILED,
                       "%s is a Citus cluster with the groups %s: choose one with --group, or add a citus section to "
                       "the configuration",
                       cluster->name, groups);
    if (cluster->citus && has_other_than_numbers(below) && differs(ctx, DIFF_GROUP_WITHOUT_CITUS))
        return err_set(
            err, arena, ERR_FAILED,
            "cluster \"%s\" has no Citus groups: leave out --group, and the section citus of the configuration",
            cluster->name);
    return true;
}

/* Once: a cluster without groups hides that the section means nothing to anybody. */
static void tell_citus(struct ctx *ctx, struct arena *arena, const struct cluster *cluster)
{
    const char *problem = cluster->group == CLUSTER_NO_GROUP ? config_citus_problem(arena, ctx->config) : NULL;

    if (!problem || ctx->citus_told)
        return;
    log_warning(ctx->log, "%s, or remove the section", problem);
    ctx->citus_told = true;
}

/* The namespaces that do have such a cluster, as far as the store lets one look. */
static const char *elsewhere(struct arena *arena, struct dcs *dcs, const char *name, deadline_t deadline)
{
    struct err ignored = ERR_INIT;
    const char **namespaces;
    struct str text;
    size_t count;

    if (!dcs_find(dcs, arena, name, deadline, &namespaces, &count, &ignored) || !count)
        return "";
    str_init(&text, arena);
    for (size_t i = 0; i < count; i++)
        str_printf(&text, "%s%s/", i ? ", " : "", namespaces[i]);
    return arena_printf(arena, "; a cluster of this name is below %s: check \"namespace\"", text.text);
}

bool open_check(struct ctx *ctx, struct arena *arena, struct dcs *dcs, const struct cluster *cluster,
                deadline_t deadline, struct err *err)
{
    struct opt_list below = {0}, clusters = {0};

    if (cluster->exists && differs(ctx, DIFF_MISSING_GROUP))
        tell_citus(ctx, arena, cluster);
    if (cluster->exists || !differs(ctx, DIFF_MISSING_CLUSTER))
        return true;
    const char *parent = ctx->config->namespace_path;
    if (!list_names(arena, dcs, arena_printf(arena, "%s/%s", parent, cluster->name), deadline, &below, err) ||
        !explain_group(ctx, arena, cluster, &below, err) || !list_names(arena, dcs, parent, deadline, &clusters, err))
        return false;
    return err_set(err, arena, ERR_FAILED, "There is no cluster %s below %s/%s%s%s", cluster->name, parent,
                   clusters.count ? "; there are: " : "", joined(arena, &clusters, false),
                   elsewhere(arena, dcs, cluster->name, deadline));
}

bool open_store(struct ctx *ctx, struct dcs **dcs, struct err *err)
{
    struct run_kept *kept = ctx->kept;
    struct config config = *ctx->config;

    if (!kept)
        return dcs_open(ctx->arena, ctx->config, ctx->http, ctx->log, dcs, err);
    if (!kept->dcs || !value_equal(kept->dcs_config, &config.tree)) {
        arena_free(kept->dcs_arena);
        kept->dcs = NULL;
        kept->dcs_arena = arena_new(kept->arena);
        config.tree = value_copy(kept->dcs_arena, &config.tree);
        kept->dcs_config = arena_memdup(kept->dcs_arena, &config.tree, sizeof config.tree);
        if (!dcs_open(kept->dcs_arena, &config, ctx->http, ctx->log, &kept->dcs, err))
            return false;
    }
    *dcs = kept->dcs;
    return true;
}

/* `store`: when the cluster has to be read; `deadline`: when also all is known that is needed for an error. */
static bool open_within(struct ctx *ctx, const char *name, int64_t group, deadline_t store, deadline_t deadline,
                        struct dcs **dcs, struct cluster *cluster, struct err *err)
{
    struct dcs *opened;
    struct cluster read;

    if (!open_store(ctx, &opened, err) || !open_name(ctx, name, err) ||
        !cluster_read(opened, ctx->arena, ctx->config, name, group, store, &read, err) ||
        !open_check(ctx, ctx->arena, opened, &read, deadline, err))
        return false;
    *dcs = opened;
    *cluster = read;
    return true;
}

bool open_cluster(struct ctx *ctx, const char *name, int64_t group, struct dcs **dcs, struct cluster *cluster,
                  struct err *err)
{
    deadline_t deadline = deadline_in(ctx->timeout);

    return open_within(ctx, name, group, deadline, deadline, dcs, cluster, err);
}

bool open_cluster_to_ask(struct ctx *ctx, const char *name, int64_t group, struct dcs **dcs, struct cluster *cluster,
                         deadline_t *deadline, struct err *err)
{
    deadline_t whole = deadline_in(ctx->timeout);
    deadline_t store = deadline_in(differs(ctx, DIFF_TIMEOUTS) ? OPEN_STORE_SHARE * ctx->timeout : ctx->timeout);

    if (!open_within(ctx, name, group, store, whole, dcs, cluster, err))
        return false;
    *deadline = differs(ctx, DIFF_TIMEOUTS) ? whole : DEADLINE_NEVER;
    return true;
}

bool open_is_patched(struct ctx *ctx, struct dcs *dcs, const char *name, int64_t group, const struct value *patch)
{
    struct cluster now;
    struct err ignored = ERR_INIT;

    return cluster_read(dcs, ctx->arena, ctx->config, name, group, deadline_in(ctx->timeout), &now, &ignored) &&
           now.config.present && value_is_patched(ctx->arena, &now.config.data, patch);
}
