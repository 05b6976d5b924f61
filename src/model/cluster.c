#include "pgha/cluster.h"

#include <stdlib.h>
#include <string.h>

#include "integer.h"
#include "parts.h"
#include "pgha/arena.h"
#include "pgha/config.h"
#include "pgha/pytext.h"
#include "pgha/str.h"
#include "pgha/utf8.h"

/* Scratch memory is given back whenever it reaches this, so that building costs little beyond what is kept. */
#define SCRATCH_LIMIT ((size_t)1024 * 1024)

static const struct value *citus_section(const struct config *config, struct arena *arena)
{
    const struct value *section = value_get(&config->tree, "citus");
    lsn_t group;

    if (!value_is(value_get(section, "database"), VALUE_STRING) ||
        integer_parse(value_get(section, "group"), arena, &group) != INTEGER_OK)
        return NULL;
    return section;
}

struct cluster_id cluster_identify(const struct config *config, const char *name, int64_t group)
{
    struct arena *scratch = arena_new(NULL);
    bool citus = group != CLUSTER_NO_GROUP || citus_section(config, scratch);

    arena_free(scratch);
    return (struct cluster_id){.name = name, .group = group, .citus = citus};
}

/* One slash where there are several: "/", a namespace with slashes at its ends, a name with a slash in front. */
static const char *tidy_path(char *path)
{
    char *to = path;

    for (const char *from = path; *from; from++)
        if (*from != '/' || from[1] != '/')
            *to++ = *from;
    *to = '\0';
    return path;
}

static const char *base_path(struct arena *arena, const struct config *config, const char *name)
{
    return tidy_path(arena_printf(arena, "/%s/%s", config->namespace_path, name));
}

const char *cluster_path(struct arena *arena, const struct config *config, const char *name, int64_t group)
{
    const char *base = base_path(arena, config, name);
    const struct value *section = citus_section(config, arena);
    lsn_t configured;

    if (group == CLUSTER_NO_GROUP && section &&
        integer_parse(value_get(section, "group"), arena, &configured) == INTEGER_OK)
        group = (int64_t)configured;
    return group == CLUSTER_NO_GROUP ? base : arena_printf(arena, "%s/%lld", base, (long long)group);
}

static int compare_name(const void *name, const void *member)
{
    return strcmp(name, ((const struct member *)member)->name);
}

const struct member *cluster_find_member(const struct cluster *cluster, const char *name)
{
    return name && cluster->member_count
               ? bsearch(name, cluster->members, cluster->member_count, sizeof *cluster->members, compare_name)
               : NULL;
}

static int compare_key(const void *key, const void *node)
{
    return strcmp(key, ((const struct dcs_node *)node)->key);
}

static const struct dcs_node *find_node(const struct dcs_tree *tree, const char *key)
{
    return tree->count ? bsearch(key, tree->nodes, tree->count, sizeof *tree->nodes, compare_key) : NULL;
}

static const char *member_name(const struct dcs_node *node)
{
    const char *name = str_starts_with(node->key, "members/") ? node->key + strlen("members/") : NULL;

    return name && !strchr(name, '/') ? name : NULL;
}

static bool build_members(struct arena *arena, const struct dcs_tree *tree, struct cluster *cluster, struct err *err)
{
    struct arena *scratch = arena_new(NULL);
    bool built = true;
    size_t count = 0;

    for (size_t i = 0; i < tree->count; i++)
        count += member_name(&tree->nodes[i]) != NULL;
    cluster->members = arena_calloc(arena, count, sizeof *cluster->members);
    for (size_t i = 0; i < tree->count && built; i++) {
        const char *name = member_name(&tree->nodes[i]);

        if (!name)
            continue;
        built = member_build(arena, scratch, &tree->nodes[i], name, &cluster->members[cluster->member_count], err);
        cluster->member_count += built;
        if (arena_used(scratch) > SCRATCH_LIMIT) {
            arena_free(scratch);
            scratch = arena_new(NULL);
        }
    }
    arena_free(scratch);
    return built;
}

static struct leader build_leader(struct arena *arena, const struct dcs_node *node, const struct cluster *cluster)
{
    struct leader leader = {.present = node};

    if (!node)
        return leader;
    leader.revision = node->revision;
    leader.name = arena_strdup(arena, node->value);
    leader.member = cluster_find_member(cluster, leader.name);
    if (!leader.member) {
        struct member *ghost = arena_alloc(arena, sizeof *ghost);

        *ghost = (struct member){.name = leader.name, .revision = -1, .data = value_map()};
        leader.member = ghost;
    }
    return leader;
}

/* The names in a text with commas, in lower case. */
static struct text_set names_in(struct arena *arena, const char *text)
{
    const char *list = pytext_lower(arena, text), **names;
    size_t count = 0, room = 1;

    for (const char *at = list; *at; at++)
        room += *at == ',';
    names = arena_calloc(arena, room, sizeof *names);
    while (*list) {
        size_t length = strcspn(list, ",");

        names[count++] = pytext_strip(arena, arena_strndup(arena, list, length));
        list += length + (list[length] == ',');
    }
    return text_set_make(arena, names, count);
}

static struct text_set standbys_in(struct arena *arena, const struct value *sync)
{
    const struct value *standbys = value_get(sync, "sync_standby");

    return names_in(arena,
                    value_truth(value_get(sync, "leader")) && value_is(standbys, VALUE_STRING) ? standbys->text : "");
}

/* One cluster from the keys below its path. */
static bool build_one(struct arena *arena, const struct dcs_tree *tree, struct cluster *cluster, struct err *err)
{
    const struct dcs_node *initialize = find_node(tree, "initialize"), *status = find_node(tree, "status");

    if (!build_members(arena, tree, cluster, err) || !sync_build(arena, find_node(tree, "sync"), &cluster->sync, err) ||
        !failover_build(arena, find_node(tree, "failover"), &cluster->failover, err))
        return false;
    cluster->standbys = standbys_in(arena, &cluster->sync.data);
    cluster->initialize = initialize ? arena_strdup(arena, initialize->value) : NULL;
    cluster->config = config_build(arena, find_node(tree, "config"));
    cluster->history = history_build(arena, find_node(tree, "history"));
    cluster->leader = build_leader(arena, find_node(tree, "leader"), cluster);
    status = status ? status : find_node(tree, "optime/leader");
    cluster->last_lsn = status_build(arena, status);
    cluster->exists = cluster->member_count || initialize || status || cluster->config.present ||
                      cluster->history.present || cluster->leader.present || cluster->sync.present ||
                      cluster->failover.present || find_node(tree, "failsafe");
    return true;
}

/* Number of the group that a key lies in: digits without zeros in front, then a slash. */
static bool group_of(const char *key, int64_t *group)
{
    size_t digits = strspn(key, "0123456789");

    if (!digits || key[digits] != '/' || (digits > 1 && *key == '0') || digits > 18)
        return false;
    *group = strtoll(key, NULL, 10);
    return true;
}

/* The keys of the group that `tree->nodes[at]` lies in, without the group; they lie together in the sorted tree. */
static struct dcs_tree subtree(struct arena *scratch, const struct dcs_tree *tree, size_t at)
{
    size_t prefix = strcspn(tree->nodes[at].key, "/") + 1, count = 0;

    while (at + count < tree->count && strncmp(tree->nodes[at].key, tree->nodes[at + count].key, prefix) == 0)
        count++;
    struct dcs_node *nodes = arena_memdup(scratch, &tree->nodes[at], count * sizeof *nodes);
    for (size_t i = 0; i < count; i++)
        nodes[i].key += prefix;
    return (struct dcs_tree){.nodes = nodes, .count = count};
}

static bool build_groups(struct arena *arena, const struct dcs_tree *tree, struct cluster *cluster, struct err *err)
{
    struct arena *scratch = arena_new(arena);
    size_t room = 0;

    for (size_t i = 0; i < tree->count;) {
        struct cluster one = {.name = cluster->name, .citus = true};

        if (!group_of(tree->nodes[i].key, &one.group)) {
            i++;
            continue;
        }
        struct dcs_tree keys = subtree(scratch, tree, i);
        if (!build_one(arena, &keys, &one, err))
            return false;
        i += keys.count;
        if (one.group == 0) {
            one.workers = cluster->workers;
            one.worker_count = cluster->worker_count;
            one.group = CLUSTER_NO_GROUP;
            *cluster = one;
            continue;
        }
        if (cluster->worker_count == room) {
            room = room ? 2 * room : 8;
            struct cluster *workers = arena_calloc(arena, room, sizeof *workers);

            if (cluster->worker_count)
                memcpy(workers, cluster->workers, cluster->worker_count * sizeof *workers);
            cluster->workers = workers;
        }
        cluster->workers[cluster->worker_count++] = one;
    }
    for (size_t i = 0; i < cluster->worker_count; i++)
        cluster->exists = cluster->exists || cluster->workers[i].exists;
    arena_free(scratch);
    return true;
}

bool cluster_build(struct arena *arena, const struct cluster_id *id, const struct dcs_tree *tree,
                   struct cluster *cluster, struct err *err)
{
    struct cluster built = {.name = arena_strdup(arena, id->name), .group = id->group, .citus = id->citus};

    /* patronictl dies of such a name, and of such a key whichever it is. */
    if (!utf8_valid(id->name, strlen(id->name)))
        return err_set(err, arena, ERR_FAILED, "the name of the cluster is not UTF-8");
    for (size_t i = 0; i < tree->count; i++)
        if (!utf8_valid(tree->nodes[i].value, tree->nodes[i].length))
            return err_set(err, arena, ERR_FAILED, "the key \"%s\" of cluster %s is not UTF-8", tree->nodes[i].key,
                           id->name);
    built.sync.data = built.config.data = value_map();
    built.history.data = value_list();
    bool grouped = id->citus && id->group == CLUSTER_NO_GROUP;
    if (!(grouped ? build_groups : build_one)(arena, tree, &built, err))
        return false;
    *cluster = built;
    return true;
}

const char *cluster_tree_path(struct arena *arena, const struct config *config, const struct cluster_id *id)
{
    return id->group == CLUSTER_NO_GROUP ? base_path(arena, config, id->name)
                                         : cluster_path(arena, config, id->name, id->group);
}

bool cluster_read(struct dcs *dcs, struct arena *arena, const struct config *config, const char *name, int64_t group,
                  deadline_t deadline, struct cluster *cluster, struct err *err)
{
    struct cluster_id id = cluster_identify(config, name, group);
    struct arena *scratch = arena_new(arena);
    const char *path = cluster_tree_path(scratch, config, &id);
    struct dcs_tree tree;

    if (!dcs_read_tree(dcs, scratch, path, deadline, &tree, err) || !cluster_build(arena, &id, &tree, cluster, err))
        return false;
    arena_free(scratch);
    return true;
}

bool cluster_sync_names(const struct cluster *cluster, struct arena *arena, struct text_set *names, struct err *err)
{
    const struct value *standbys = value_get(&cluster->sync.data, "sync_standby");

    if (value_truth(standbys) && value_truth(value_get(&cluster->sync.data, "leader")) &&
        !value_is(standbys, VALUE_STRING))
        return err_set(err, arena, ERR_FAILED, "the sync key has %s for sync_standby", value_kind_name(standbys));
    *names = cluster->standbys;
    return true;
}

bool sync_names_have(const struct text_set *names, struct arena *arena, const char *name)
{
    return *name && text_set_has(names, pytext_lower(arena, name));
}

bool cluster_sync_matches(const struct cluster *cluster, struct arena *arena, const char *name, bool with_leader,
                          bool *matches, struct err *err)
{
    const struct value *leader = value_get(&cluster->sync.data, "leader");
    struct text_set standbys, leaders;
    bool found = false;

    if (*name && value_truth(leader)) {
        if (!cluster_sync_names(cluster, arena, &standbys, err))
            return false;
        if (with_leader && !value_is(leader, VALUE_STRING))
            return err_set(err, arena, ERR_FAILED, "the sync key has %s for leader", value_kind_name(leader));
        leaders = names_in(arena, with_leader ? leader->text : "");
        found = sync_names_have(&standbys, arena, name) || sync_names_have(&leaders, arena, name);
    }
    *matches = found;
    return true;
}
