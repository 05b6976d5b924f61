#include "overview.h"

#include "open.h"
#include "pgha/arena.h"
#include "pgha/config.h"
#include "pgha/log.h"
#include "pgha/when.h"
#include "watch.h"

struct view {
    const struct overview *overview;
    struct opt_list names;
    struct dcs *dcs;
};

static bool add_cluster(struct ctx *ctx, struct arena *arena, const struct view *view, const char *name,
                        struct str *screen, struct err *err)
{
    struct cluster cluster;

    if (!cluster_read(view->dcs, arena, ctx->config, name, view->overview->group, deadline_in(ctx->timeout), &cluster,
                      err) ||
        !open_check(ctx, arena, view->dcs, &cluster, err))
        return false;
    return members_write(arena, &cluster, &view->overview->style, screen, err);
}

static bool frame(struct ctx *ctx, struct arena *arena, const void *data, struct str *screen, struct err *err)
{
    const struct view *view = data;
    bool complete = true;

    if (view->overview->timestamp)
        str_printf(screen, "%s\n", when_stamp(arena, 0));
    for (size_t i = 0; i < view->names.count; i++) {
        struct err problem = ERR_INIT;

        if (add_cluster(ctx, arena, view, view->names.items[i], screen, &problem))
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

/* patronictl takes the scope as it is here, unlike elsewhere, and dies of one that is no text: case list-empty-scope. */
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
