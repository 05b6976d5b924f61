#include "overview.h"

#include "open.h"
#include "pgha/arena.h"
#include "pgha/config.h"
#include "pgha/dcs.h"
#include "pgha/log.h"
#include "pgha/when.h"
#include "watch.h"

struct view {
    const struct overview *overview;
    struct opt_list names;
    struct dcs *dcs;
};

/* Asks for all clusters at once. */
static bool read_trees(struct ctx *ctx, struct arena *arena, const struct view *view, struct dcs_tree *trees,
                       struct err *err)
{
    const char **paths = arena_calloc(arena, view->names.count, sizeof *paths);

    for (size_t i = 0; i < view->names.count; i++) {
        struct cluster_id id = cluster_identify(ctx->config, view->names.items[i], view->overview->group);

        paths[i] = cluster_tree_path(arena, ctx->config, &id);
    }
    return dcs_read_trees(view->dcs, arena, paths, view->names.count, deadline_in(ctx->timeout), trees, err);
}

/* `tree` NULL: the keys are not there yet. Memory is given back, there may be thousands of clusters. */
static bool add_cluster(struct ctx *ctx, struct arena *parent, const struct view *view, const char *name,
                        const struct dcs_tree *tree, struct str *screen, struct err *err)
{
    struct cluster_id id = cluster_identify(ctx->config, name, view->overview->group);
    struct arena *arena = arena_new(parent);
    struct cluster cluster;

    if (!ctx->as_patronictl && !open_name(ctx, name, err))
        return false;
    if (!(tree ? cluster_build(arena, &id, tree, &cluster, err)
               : cluster_read(view->dcs, arena, ctx->config, name, id.group, deadline_in(ctx->timeout), &cluster, err)))
        return false;
    if (!open_check(ctx, arena, view->dcs, &cluster, err) ||
        !members_write(arena, &cluster, &view->overview->style, screen, err))
        return false;
    arena_free(arena);
    return true;
}

static bool frame(struct ctx *ctx, struct arena *arena, const void *data, struct str *screen, struct err *err)
{
    const struct view *view = data;
    struct arena *scratch = arena_new(arena);
    struct dcs_tree *trees = arena_calloc(scratch, view->names.count, sizeof *trees);
    bool several = view->names.count > 1, complete = true;

    if (view->overview->timestamp)
        str_printf(screen, "%s\n", when_stamp(arena, 0));
    /* Where the store answers and refuses, it may do so for some of them only: one by one shows which. */
    bool at_once = several && read_trees(ctx, scratch, view, trees, err);
    if (several && !at_once && err->kind != ERR_CREDENTIALS && err->kind != ERR_FAILED)
        return false;
    for (size_t i = 0; i < view->names.count; i++) {
        struct err problem = ERR_INIT;

        if (add_cluster(ctx, arena, view, view->names.items[i], at_once ? &trees[i] : NULL, screen, &problem))
            continue;
        if (complete)
            *err = problem;
        complete = false;
        /* One cluster that is missing or broken says nothing about the others. */
        if (ctx->as_patronictl || problem.kind != ERR_FAILED)
            break;
    }
    return complete;
}

/* patronictl takes the scope as it is here, unlike elsewhere, and dies of one that is no text: case list-empty-scope.
 */
static const char *configured_scope(const struct ctx *ctx)
{
    bool is_text = value_is(value_get(&ctx->config->tree, "scope"), VALUE_STRING);

    return is_text || !ctx->as_patronictl ? ctx->config->scope : NULL;
}

bool overview_print(struct ctx *ctx, const struct overview *overview, struct err *err)
{
    struct view view = {.overview = overview, .names = overview->names};
    const char *scope = configured_scope(ctx);

    if (!view.names.count && ctx->as_patronictl && !value_get(&ctx->config->tree, "scope")) {
        log_warning(ctx->log, "Listing members: No cluster names were provided");
        return true;
    }
    if (!view.names.count) {
        view.names = (struct opt_list){.count = 1, .items = &scope};
        if (!open_name(ctx, scope, err))
            return false;
    }
    return dcs_open(ctx->arena, ctx->config, ctx->http, ctx->log, &view.dcs, err) &&
           watch_run(ctx, overview->seconds, true, frame, &view, err);
}
