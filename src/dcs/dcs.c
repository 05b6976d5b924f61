#include "pgha/dcs.h"

#include <stdlib.h>
#include <string.h>

#include "backend.h"
#include "discover.h"
#include "health.h"
#include "pgha/arena.h"
#include "pgha/config.h"
#include "pgha/log.h"
#include "pgha/str.h"
#include "settle.h"

/* Sections in the order in which Patroni looks for them; those without a backend are not supported. */
static const struct {
    const char *section;
    const struct dcs_backend *backend;
} sections[] = {
    {"consul", NULL},     {"etcd", &dcs_etcd2}, {"etcd3", &dcs_etcd3}, {"exhibitor", NULL},
    {"kubernetes", NULL}, {"raft", NULL},       {"zookeeper", NULL},
};

/* The part of the time in which a read has to be answered; the rest is for why it is not. */
#define READING_SHARE 0.9

/* A request that has run out of time may end so many milliseconds before. */
#define EARLY_MS 10

static const char none[] = "Can not find suitable configuration of distributed configuration store";

/* What errors say about the section; called as patronictl they say what they always did. */
static void explain_section(struct dcs *dcs, const struct config *config)
{
    const char *section = dcs->backend->section;
    const char *misspelt = config_misspelt(dcs->arena, config, section);
    bool https = dcs->endpoints.srv, peers = false;

    if (misspelt)
        log_warning(dcs->log, "%s", misspelt);
    for (size_t i = 0; i < dcs->endpoints.count; i++) {
        https |= strncmp(dcs->endpoints.bases[i], "https:", strlen("https:")) == 0;
        peers |= str_ends_with(dcs->endpoints.bases[i], ":2380");
    }
    dcs->peer_advice = peers
                           ? arena_printf(dcs->arena,
                                          "; 2380 is the port on which servers of etcd talk to each other, and clients "
                                          "need the other one, mostly 2379: check %s",
                                          config_section_name(dcs->arena, config, section))
                           : "";
    dcs->section_name = config_section_name(dcs->arena, config, section);
    dcs->login_advice = config_login_advice(dcs->arena, config, section);
    dcs->tls_advice = https ? NULL : config_tls_advice(dcs->arena, config, section);
}

bool dcs_open(struct arena *arena, const struct config *config, struct http *http, const struct log *log,
              struct dcs **dcs, struct err *err)
{
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
        const char *section = sections[i].section;
        const struct value *value = value_get(&config->tree, section);

        if (!value || value_is(value, VALUE_NULL))
            continue;
        if (!sections[i].backend && differs(config, DIFF_CONFIG_ERRORS))
            return err_set(err, arena, ERR_FAILED,
                           "%s: this store is not supported, only etcd is (sections etcd3 and etcd)",
                           config_where(arena, config, section, NULL));
        if (!sections[i].backend)
            return err_set(err, arena, ERR_FAILED, "%s: section %s is not supported, only etcd and etcd3 are", none,
                           section);
        if (differs(config, DIFF_CONFIG_CHECKS) && !config_check_store(arena, config, section, err))
            return false;
        if (!value_is(value, VALUE_MAP))
            return err_set(err, arena, ERR_FAILED, "section %s is %s, not a mapping", section, value_kind_name(value));
        if (!config->namespace_path)
            return err_set(err, arena, ERR_FAILED, "the namespace is not text: put it in quotes");
        struct dcs *made = arena_alloc(arena, sizeof *made);
        made->backend = sections[i].backend;
        made->arena = arena;
        made->http = http;
        made->log = log;
        made->differences = config->differences;
        made->prefix = "/v3";
        made->section_name = arena_printf(arena, "section %s", section);
        made->login_advice = made->peer_advice = "";
        if (!endpoints_read(arena, config, section, log, &made->endpoints, err))
            return differs(config, DIFF_CONFIG_ERRORS) && config->path && !config->dcs_url
                       ? err_wrap(err, arena, "%s", config->path)
                       : false;
        if (differs(config, DIFF_CONFIG_ERRORS))
            explain_section(made, config);
        *dcs = made;
        return true;
    }
    return differs(config, DIFF_CONFIG_ERRORS)
               ? config_no_store(arena, config, err)
               : err_set(err, arena, ERR_FAILED, "%s: there is neither a section etcd nor etcd3", none);
}

bool dcs_quorum_lost(const struct dcs *dcs)
{
    return dcs->quorum_lost;
}

const char *dcs_kind(const struct dcs *dcs)
{
    return dcs->backend->section;
}

void dcs_tree_add(struct arena *arena, struct dcs_tree *tree, struct dcs_node node)
{
    if ((tree->count & (tree->count - 1)) == 0) {
        struct dcs_node *nodes = arena_calloc(arena, tree->count ? 2 * tree->count : 1, sizeof *nodes);

        if (tree->count)
            memcpy(nodes, tree->nodes, tree->count * sizeof *nodes);
        tree->nodes = nodes;
    }
    tree->nodes[tree->count++] = node;
}

void dcs_names_add(struct arena *arena, const char ***names, size_t *count, const char *name, size_t length)
{
    if (*count && strlen((*names)[*count - 1]) == length && memcmp((*names)[*count - 1], name, length) == 0)
        return;
    if ((*count & (*count - 1)) == 0) {
        const char **grown = arena_calloc(arena, *count ? 2 * *count : 1, sizeof *grown);

        if (*count)
            memcpy(grown, *names, *count * sizeof *grown);
        *names = grown;
    }
    (*names)[(*count)++] = arena_strndup(arena, name, length);
}

void dcs_tree_names(struct arena *arena, const struct dcs_tree *tree, const char ***names, size_t *count)
{
    for (size_t i = 0; i < tree->count; i++) {
        const char *slash = strchr(tree->nodes[i].key, '/');

        if (slash)
            dcs_names_add(arena, names, count, tree->nodes[i].key, (size_t)(slash - tree->nodes[i].key));
    }
}

static int by_key(const void *a, const void *b)
{
    return strcmp(((const struct dcs_node *)a)->key, ((const struct dcs_node *)b)->key);
}

void dcs_tree_sort(struct dcs_tree *tree)
{
    if (tree->count)
        qsort(tree->nodes, tree->count, sizeof *tree->nodes, by_key);
}

bool dcs_read_trees(struct dcs *dcs, struct arena *arena, const char *const *paths, size_t count, deadline_t deadline,
                    struct dcs_tree *trees, struct err *err)
{
    struct dcs_tree *read = arena_calloc(arena, count, sizeof *read);
    bool explain = differs(dcs, DIFF_NO_QUORUM) && !dcs->unverified;
    deadline_t most = explain ? clock_ms() + (deadline_t)(READING_SHARE * deadline_left(deadline)) : deadline;
    struct err own = ERR_INIT;

    err = err ? err : &own;
    if (explain)
        dcs->quorum_lost = false;
    if (!discover(dcs, most, err) || !dcs->backend->read_trees(dcs, arena, paths, count, most, read, err)) {
        bool unanswered = explain && err->kind == ERR_UNREACHABLE && deadline_left(most) < EARLY_MS;

        return unanswered && health_explain(dcs, arena, deadline, err);
    }
    for (size_t i = 0; i < count; i++) {
        dcs_tree_sort(&read[i]);
        trees[i] = read[i];
        dcs->seen = i && dcs->seen > read[i].revision ? dcs->seen : read[i].revision;
    }
    return true;
}

bool dcs_read_trees_unverified(struct dcs *dcs, struct arena *arena, const char *const *paths, size_t count,
                               deadline_t deadline, struct dcs_tree *trees, const char **server, struct err *err)
{
    dcs->unverified = true;
    bool read = dcs_read_trees(dcs, arena, paths, count, deadline, trees, err);
    dcs->unverified = false;
    if (read)
        *server = dcs->endpoints.bases[dcs->endpoints.preferred];
    return read;
}

bool dcs_read_tree(struct dcs *dcs, struct arena *arena, const char *path, deadline_t deadline, struct dcs_tree *tree,
                   struct err *err)
{
    return dcs_read_trees(dcs, arena, &path, 1, deadline, tree, err);
}

bool dcs_list(struct dcs *dcs, struct arena *arena, const char *path, deadline_t deadline, const char ***names,
              size_t *count, struct err *err)
{
    const char **found = NULL;
    size_t number = 0;

    if (!discover(dcs, deadline, err) || !dcs->backend->list(dcs, arena, path, deadline, &found, &number, err))
        return false;
    *names = found;
    *count = number;
    return true;
}

bool dcs_find(struct dcs *dcs, struct arena *arena, const char *name, deadline_t deadline, const char ***namespaces,
              size_t *count, struct err *err)
{
    const char **found = NULL;
    size_t number = 0;

    if (!discover(dcs, deadline, err) || !dcs->backend->find(dcs, arena, name, deadline, &found, &number, err))
        return false;
    *namespaces = found;
    *count = number;
    return true;
}

bool dcs_put_if(struct dcs *dcs, struct arena *arena, const char *path, const char *value, int64_t revision,
                deadline_t deadline, struct err *err)
{
    struct err own = ERR_INIT;

    if (!err)
        err = &own;
    if (!discover(dcs, deadline, err))
        return false;
    struct settle_write write = {path, value, revision, dcs->seen, false};
    if (dcs->backend->put_if(dcs, arena, path, value, revision, deadline, err))
        return true;
    write.ended = dcs->write_ended;
    return err->kind == ERR_UNKNOWN && settle(dcs, arena, &write, deadline, err);
}

bool dcs_delete_if(struct dcs *dcs, struct arena *arena, const char *path, int64_t revision, deadline_t deadline,
                   struct err *err)
{
    struct err own = ERR_INIT;

    if (!err)
        err = &own;
    if (!discover(dcs, deadline, err))
        return false;
    struct settle_write write = {path, NULL, revision, dcs->seen, false};
    if (dcs->backend->delete_if(dcs, arena, path, revision, deadline, err))
        return true;
    write.ended = dcs->write_ended;
    return err->kind == ERR_UNKNOWN && settle(dcs, arena, &write, deadline, err);
}

bool dcs_remove_tree(struct dcs *dcs, struct arena *arena, const char *path, deadline_t deadline, struct err *err)
{
    struct err own = ERR_INIT;

    if (!err)
        err = &own;
    if (!discover(dcs, deadline, err))
        return false;
    const int64_t seen = dcs->seen;
    if (dcs->backend->remove_tree(dcs, arena, path, deadline, err))
        return true;
    return err->kind == ERR_UNKNOWN && settle_removal(dcs, arena, path, seen, deadline, err);
}
