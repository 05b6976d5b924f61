#include "refresh.h"

#include <math.h>
#include <poll.h>

#include "pgha/arena.h"
#include "pgha/config.h"
#include "pgha/dcs.h"
#include "pgha/http.h"
#include "pgha/log.h"
#include "pgha/signals.h"
#include "pgha/str.h"

#define PERIOD_MS 5000       /* from one answer to the next question */
#define PATIENCE 2.0         /* seconds for an answer, unless --timeout is shorter */
#define LIST_PERIOD_MS 30000 /* between looks at all the clusters */

struct refresh {
    struct ctx *ctx;
    struct http *http;
    struct dcs *dcs; /* NULL: there is none that could be asked */
    struct log silent;
    const char *scope;
    struct arena *known; /* of the last answer */
    struct status status;
    struct arena *asking; /* of the question under way, NULL: there is none */
    struct dcs_peek *peek;
    bool listing; /* it is about the names of all clusters */
    deadline_t next;
    struct arena *listed; /* of the names */
    struct refresh_names clusters;
    deadline_t next_list;
};

struct refresh *refresh_new(struct ctx *ctx)
{
    struct refresh *refresh = arena_alloc(ctx->arena, sizeof *refresh);
    struct err ignored = ERR_INIT;

    refresh->ctx = ctx;
    if (!http_new(ctx->arena, &refresh->silent, &refresh->http, &ignored) ||
        !dcs_open(ctx->arena, ctx->config, refresh->http, &refresh->silent, &refresh->dcs, &ignored))
        refresh->dcs = NULL;
    return refresh;
}

void refresh_end(struct refresh *refresh)
{
    arena_free(refresh->asking);
    refresh->asking = NULL;
}

void refresh_use(struct refresh *refresh, const char *scope)
{
    refresh_end(refresh);
    arena_free(refresh->known);
    refresh->known = NULL;
    refresh->status = (struct status){.kind = STATUS_UNASKED};
    refresh->scope = scope;
}

static void fail(struct refresh *refresh)
{
    refresh_end(refresh);
    if (refresh->listing)
        return;
    refresh->status.kind = STATUS_FAILED;
    refresh->next = clock_ms() + PERIOD_MS;
}

static void ask(struct refresh *refresh, const char *path)
{
    refresh->peek = dcs_peek_start(refresh->dcs, refresh->asking, path, refresh->listing,
                                   deadline_in(fmin(PATIENCE, refresh->ctx->timeout)));
    if (!refresh->peek)
        fail(refresh);
}

static void begin_list(struct refresh *refresh)
{
    refresh->next_list = DEADLINE_NEVER;
    if (!refresh->dcs)
        return;
    refresh->next_list = clock_ms() + LIST_PERIOD_MS;
    refresh->listing = true;
    refresh->asking = arena_new(refresh->ctx->arena);
    ask(refresh, refresh->ctx->config->namespace_path);
}

void refresh_begin(struct refresh *refresh)
{
    struct cluster_id id;

    refresh_end(refresh);
    refresh->next = DEADLINE_NEVER;
    if (!refresh->dcs || !refresh->scope || !*refresh->scope)
        return;
    id = cluster_identify(refresh->ctx->config, refresh->scope, CLUSTER_NO_GROUP);
    refresh->listing = false;
    refresh->asking = arena_new(refresh->ctx->arena);
    ask(refresh, cluster_tree_path(refresh->asking, refresh->ctx->config, &id));
}

static void take_list(struct refresh *refresh, const struct dcs_tree *tree)
{
    struct refresh_names clusters = {.count = 0};

    dcs_tree_names(refresh->asking, tree, &clusters.items, &clusters.count);
    arena_free(refresh->listed);
    refresh->listed = refresh->asking;
    refresh->asking = NULL;
    refresh->clusters = clusters;
}

static void take_cluster(struct refresh *refresh, const struct dcs_tree *tree)
{
    struct cluster_id id = cluster_identify(refresh->ctx->config, refresh->scope, CLUSTER_NO_GROUP);
    struct cluster cluster;
    struct err ignored = ERR_INIT;

    if (!cluster_build(refresh->asking, &id, tree, &cluster, &ignored)) {
        fail(refresh);
        return;
    }
    arena_free(refresh->known);
    refresh->known = refresh->asking;
    refresh->asking = NULL;
    refresh->status = status_of(refresh->known, &cluster);
    refresh->next = clock_ms() + PERIOD_MS;
}

/* Whether the state may be another one now. */
static bool take(struct refresh *refresh, struct http_transfer *transfer)
{
    struct dcs_tree tree;
    enum dcs_peek_state state = dcs_peek_take(refresh->peek, transfer, &tree);

    if (state == DCS_PEEK_FAILED)
        fail(refresh);
    else if (state == DCS_PEEK_DONE && refresh->listing)
        take_list(refresh, &tree);
    else if (state == DCS_PEEK_DONE)
        take_cluster(refresh, &tree);
    return !refresh->asking && !refresh->listing;
}

enum refresh_event refresh_wait(struct refresh *refresh, int fd, deadline_t deadline)
{
    struct pollfd input = {.fd = fd, .events = POLLIN};

    for (;;) {
        if (signals_pending())
            return REFRESH_SIGNAL;
        if (poll(&input, 1, 0) > 0)
            return REFRESH_INPUT;
        if (!deadline_left(deadline))
            return REFRESH_LATE;
        if (!refresh->asking && !deadline_left(refresh->next))
            refresh_begin(refresh);
        if (!refresh->asking && !deadline_left(refresh->next_list))
            begin_list(refresh);
        deadline_t next = refresh->next < refresh->next_list ? refresh->next : refresh->next_list;
        deadline_t soonest = !refresh->asking && next < deadline ? next : deadline;
        struct http_transfer *transfer = http_wait_or_input(refresh->http, fd, soonest);
        if (transfer && take(refresh, transfer))
            return REFRESH_CHANGED;
    }
}

const struct status *refresh_status(const struct refresh *refresh)
{
    return &refresh->status;
}

const struct refresh_names *refresh_clusters(const struct refresh *refresh)
{
    return &refresh->clusters;
}
