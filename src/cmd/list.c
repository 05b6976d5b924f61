#include "list.h"

#include "pgha/arena.h"
#include "pgha/config.h"
#include "pgha/dcs.h"
#include "pgha/log.h"
#include "pgha/node.h"
#include "pgha/open.h"
#include "pgha/print.h"
#include "pgha/style.h"
#include "pgha/watch.h"
#include "pgha/when.h"
#include "pgha/witness.h"

#include "rows.h"

/*
 * Parts of the time, when each has to be over: a verified answer of the store; one that is not, from one of its servers
 * or from this node; the members' answers about that.
 */
#define VERIFIED_SHARE OPEN_STORE_SHARE
#define UNVERIFIED_SHARE 0.8

struct view {
    const struct listing *listing;
    struct opt_list names;
    struct dcs *dcs;
    struct members_style style; /* of one screen: a terminal may have another size for each of a watch */
};

/* Where the clusters' keys lie. */
static const char **tree_paths(struct ctx *ctx, struct arena *arena, const struct view *view)
{
    const char **paths = arena_calloc(arena, view->names.count, sizeof *paths);

    for (size_t i = 0; i < view->names.count; i++) {
        struct cluster_id id = cluster_identify(ctx->config, view->names.items[i], view->listing->group);

        paths[i] = cluster_tree_path(arena, ctx->config, &id);
    }
    return paths;
}

/* Memory is given back, there may be thousands of clusters. */
static bool write_cluster(struct arena *arena, const struct view *view, const struct cluster *cluster,
                          struct str *screen, struct err *err)
{
    if (!members_write(arena, cluster, &view->style, screen, err))
        return false;
    arena_free(arena);
    return true;
}

/* `tree` NULL: the keys are not there yet. */
static bool add_cluster(struct ctx *ctx, struct arena *parent, const struct view *view, const char *name,
                        const struct dcs_tree *tree, deadline_t deadline, struct str *screen, struct err *err)
{
    struct cluster_id id = cluster_identify(ctx->config, name, view->listing->group);
    struct arena *arena = arena_new(parent);
    struct cluster cluster;

    if (differs(ctx, DIFF_ODD_CLUSTER_NAMES) && !open_name(ctx, name, err))
        return false;
    if (!(tree ? cluster_build(arena, &id, tree, &cluster, err)
               : cluster_read(view->dcs, arena, ctx->config, name, id.group, deadline, &cluster, err)))
        return false;
    return open_check(ctx, arena, view->dcs, &cluster, deadline, err) &&
           write_cluster(arena, view, &cluster, screen, err);
}

/* What is shown without verification, for people: programs get the tables as they are. */
static void add_label(struct ctx *ctx, const struct view *view, const char *source, struct str *screen)
{
    struct str label;

    if (view->listing->style.table.format != FORMAT_PRETTY)
        return;
    str_init(&label, screen->arena);
    str_printf(&label, "UNVERIFIED, possibly old: %s", source);
    print_clean(ctx, &label);
    style_add(screen, print_has_colour(ctx, ctx->out), STYLE_ALARM, label.text, label.length);
    str_add_char(screen, '\n');
}

/* The same for everybody. */
static bool fail_unverified(struct arena *arena, const char *source, struct err *err)
{
    return err_set(err, arena, ERR_UNREACHABLE, "%s; what is shown is %s, unverified and possibly old", err->message,
                   source);
}

/* Where a table without a label has no row, it would have no mark. */
static bool has_rows(const struct cluster *cluster)
{
    bool has = cluster->member_count;

    for (size_t i = 0; i < cluster->worker_count; i++)
        has = has || has_rows(&cluster->workers[i]);
    return has;
}

/* Asks the members, then shows what there is. `by`: whose word it is, for the rows. Always false. */
static bool show_unverified(struct ctx *ctx, const struct view *view, struct cluster *clusters, const char *by,
                            const char *source, deadline_t deadline, struct str *screen, struct err *err)
{
    struct err problem = ERR_INIT;
    bool shown = witness_ask(ctx, clusters, view->names.count, by, deadline, &problem);

    if (shown)
        add_label(ctx, view, source, screen);
    for (size_t i = 0; i < view->names.count && shown; i++)
        if (has_rows(&clusters[i]) || view->listing->style.table.format == FORMAT_PRETTY)
            shown = write_cluster(arena_new(ctx->arena), view, &clusters[i], screen, &problem);
    if (shown)
        return fail_unverified(ctx->arena, source, err);
    *err = problem;
    return false;
}

/* What one server of a store without quorum has. Always false. */
static bool add_unverified(struct ctx *ctx, const struct view *view, const char *server, const struct dcs_tree *trees,
                           deadline_t deadline, struct str *screen, struct err *err)
{
    struct arena *arena = ctx->arena;
    struct cluster *clusters = arena_calloc(arena, view->names.count, sizeof *clusters);

    for (size_t i = 0; i < view->names.count; i++) {
        struct cluster_id id = cluster_identify(ctx->config, view->names.items[i], view->listing->group);

        if (!cluster_build(arena, &id, &trees[i], &clusters[i], err))
            return false;
    }
    if (!dcs_quorum_lost(view->dcs))
        err_wrap(err, arena, "%s may have lost its quorum", dcs_kind(view->dcs));
    return show_unverified(ctx, view, clusters, dcs_kind(view->dcs),
                           arena_printf(arena, "the state that %s has", server), deadline, screen, err);
}

/* What the Patroni of this node has, where it can be asked. Always false. */
static bool add_from_node(struct ctx *ctx, const struct view *view, deadline_t deadline, struct str *screen,
                          struct err *err)
{
    struct cluster_id id = cluster_identify(ctx->config, view->names.items[0], view->listing->group);
    deadline_t half = clock_ms() + deadline_left(deadline) / 2;
    struct cluster cluster;
    struct node_source source;
    struct err why = ERR_INIT;

    if (view->names.count != 1 || !node_knows(ctx, &id))
        return false;
    if (!node_read(ctx, &id, half, &cluster, &source, &why))
        return why.kind == ERR_ABORTED
                   ? (*err = why, false)
                   : err_set(err, ctx->arena, ERR_UNREACHABLE, "%s; nor does this node's Patroni help: %s",
                             err->message, why.message);
    return show_unverified(ctx, view, &cluster, source.by, source.text, deadline, screen, err);
}

/* The store has not answered: what can be had without its quorum, or without it. Always false. */
static bool add_last_resort(struct ctx *ctx, struct arena *arena, const struct view *view, deadline_t single,
                            deadline_t deadline, struct str *screen, struct err *err)
{
    struct dcs_tree *trees = arena_calloc(arena, view->names.count, sizeof *trees);
    struct ctx own = *ctx;
    const char *server;
    struct err why = ERR_INIT;

    own.arena = arena; /* a watch gives back what each frame took */
    if (dcs_read_trees_unverified(view->dcs, arena, tree_paths(ctx, arena, view), view->names.count, single, trees,
                                  &server, &why))
        return add_unverified(&own, view, server, trees, deadline, screen, err);
    if (why.kind == ERR_UNREACHABLE && differs(ctx, DIFF_LIST_NO_STORE))
        return add_from_node(&own, view, deadline, screen, err);
    *err = why; /* somebody has to act, whatever the first failure was */
    return false;
}

/* Asks for all clusters at once, and shows them. */
static bool add_clusters(struct ctx *ctx, struct arena *arena, const struct view *view, deadline_t deadline,
                         struct str *screen, struct err *err)
{
    struct arena *scratch = arena_new(arena);
    struct dcs_tree *trees = arena_calloc(scratch, view->names.count, sizeof *trees);
    bool several = view->names.count > 1, complete = true;
    /* Where the store answers and refuses, it may do so for some of them only: one by one shows which. */
    bool at_once = several && dcs_read_trees(view->dcs, scratch, tree_paths(ctx, scratch, view), view->names.count,
                                             deadline, trees, err);

    if (several && !at_once && err->kind != ERR_CREDENTIALS && err->kind != ERR_FAILED)
        return false;
    for (size_t i = 0; i < view->names.count; i++) {
        struct err problem = ERR_INIT;

        if (add_cluster(ctx, arena, view, view->names.items[i], at_once ? &trees[i] : NULL, deadline, screen, &problem))
            continue;
        if (complete)
            *err = problem;
        complete = false;
        /* One cluster that is missing or broken says nothing about the others. */
        if (problem.kind != ERR_FAILED || !differs(ctx, DIFF_LIST_GOES_ON))
            break;
    }
    return complete;
}

static bool add_all(struct ctx *ctx, struct arena *arena, const struct view *view, struct str *screen, struct err *err)
{
    /* Programs do not see a label: they get what is not verified only if they ask for it. */
    bool drawn = view->listing->style.table.format == FORMAT_PRETTY;
    bool explains = differs(ctx, DIFF_LIST_NO_QUORUM), takes_any = explains && (drawn || view->listing->unverified);
    deadline_t verified = deadline_in(takes_any ? VERIFIED_SHARE * ctx->timeout : ctx->timeout);
    deadline_t single = deadline_in(UNVERIFIED_SHARE * ctx->timeout), deadline = deadline_in(ctx->timeout);

    if (view->listing->timestamp)
        str_printf(screen, "%s\n", when_stamp(arena, 0));
    size_t start = screen->length;
    if (add_clusters(ctx, arena, view, verified, screen, err))
        return true;
    if (!explains || err->kind != ERR_UNREACHABLE || screen->length != start)
        return false;
    if (takes_any)
        return add_last_resort(ctx, arena, view, single, deadline, screen, err);
    return err_set(err, arena, ERR_UNREACHABLE, "%s (--unverified shows what can be learned without it)", err->message);
}

/* patronictl takes the scope as it is here, unlike elsewhere, and dies of one that is no text: case list-empty-scope.
 */
static const char *configured_scope(const struct ctx *ctx)
{
    bool is_text = value_is(value_get(&ctx->config->tree, "scope"), VALUE_STRING);

    return is_text || differs(ctx, DIFF_SCOPE_NOT_TEXT) ? ctx->config->scope : NULL;
}

static bool frame(struct ctx *ctx, struct arena *arena, const void *data, struct str *screen, struct err *err)
{
    unsigned hidden = 0;
    struct view view = *(const struct view *)data;

    view.style = view.listing->style;
    view.style.table.columns = view.listing->wide ? 0 : print_columns(ctx);
    view.style.hidden = &hidden;
    bool complete = add_all(ctx, arena, &view, screen, err);
    members_hidden_write(arena, &view.style, hidden, screen);
    return complete;
}

bool list_print(struct ctx *ctx, const struct listing *listing, struct err *err)
{
    struct view view = {.listing = listing, .names = listing->names};
    const char *scope = configured_scope(ctx);

    if (!view.names.count && !value_get(&ctx->config->tree, "scope") && !differs(ctx, DIFF_NO_NAME)) {
        log_warning(ctx->log, "Listing members: No cluster names were provided");
        return true;
    }
    if (!view.names.count) {
        if (!scope && ctx->config->scope) /* Python dies of it: not hashable, or no text */
            return err_set(err, ctx->arena, ERR_FAILED,
                           "%s is %s (%s), and the name of a cluster is text: put it in quotes",
                           config_where(ctx->arena, ctx->config, "scope", NULL),
                           value_kind_name(value_get(&ctx->config->tree, "scope")), ctx->config->scope);
        view.names = (struct opt_list){.count = 1, .items = &scope};
        if (!open_name(ctx, scope, err))
            return false;
    }
    const struct watch_style style = {
        .seconds = listing->seconds, .replace = true, .drawn = listing->style.table.format == FORMAT_PRETTY};
    return open_store(ctx, &view.dcs, err) && watch_run(ctx, &style, frame, &view, err);
}

struct list_args {
    struct opt_list cluster_names;
    struct opt_int group;
    bool extended;
    bool timestamp;
    bool wide;
    const char *format;
    bool watch2;
    struct opt_float watch;
    bool unverified;
};

static const struct opt opts[] = {
    OPT_ROW_GROUP(struct list_args),
    {.names = "--extended|-e",
     .help = "Show tags, pending and scheduled restarts",
     .patronictl_help = "Show some extra information",
     .kind = OPT_FLAG,
     .offset = offsetof(struct list_args, extended)},
    {.names = "--timestamp|-t",
     .help = "Show the time above the table",
     .patronictl_help = "Print timestamp",
     .kind = OPT_FLAG,
     .offset = offsetof(struct list_args, timestamp)},
    OPT_ROW_FORMAT(struct list_args),
    OPT_ROW_WATCH2(struct list_args),
    OPT_ROW_WATCH(struct list_args),
    OPT_ROW_UNVERIFIED(struct list_args),
    OPT_ROW_WIDE(struct list_args),
    OPT_ROW_END,
};

static const struct arg args[] = {
    ARG_ROW_CLUSTERS(struct list_args),
    ARG_ROW_END,
};

static bool run(struct ctx *ctx, const void *data, struct err *err)
{
    const struct list_args *given = data;
    const struct listing listing = {
        .names = given->cluster_names,
        .group = open_group(&given->group),
        .style = {.table = print_style(ctx, print_format(given->format)),
                  .extended = given->extended,
                  .differences = ctx->differences},
        .timestamp = given->timestamp,
        .unverified = given->unverified,
        .wide = given->wide,
        .seconds = watch_seconds(given->watch2, &given->watch),
    };

    return list_print(ctx, &listing, err);
}

const struct cmd cmd_list = {
    .name = "list",
    .help = "Show the members of a cluster",
    .patronictl_help = "List the Patroni members for a given Patroni",
    .group = GROUP_SEE,
    .opts = opts,
    .args = args,
    .args_size = sizeof(struct list_args),
    .run = run,
};
