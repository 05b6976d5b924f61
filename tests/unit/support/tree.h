/* Trees of keys as a store would give them, made by hand. */
#ifndef PGHA_TEST_TREE_H
#define PGHA_TEST_TREE_H

#include <string.h>

#include "pgha/arena.h"
#include "pgha/cluster.h"

/* From key, value, key, value, …, NULL; keys in order. The revision of each is its number, from 1. */
static inline struct dcs_tree tree_of(struct arena *arena, const char *const *pairs)
{
    size_t count = 0;

    while (pairs[2 * count])
        count++;
    struct dcs_tree tree = {.nodes = arena_calloc(arena, count, sizeof *tree.nodes)};
    for (; pairs[0]; pairs += 2, tree.count++)
        tree.nodes[tree.count] = (struct dcs_node){
            .key = pairs[0], .value = pairs[1], .length = strlen(pairs[1]), .revision = (int64_t)tree.count + 1};
    return tree;
}

/* The cluster "batman" from such keys, or false. */
static inline bool cluster_of(struct arena *arena, const char *const *pairs, bool citus, struct cluster *cluster)
{
    const struct cluster_id id = {.name = "batman", .group = CLUSTER_NO_GROUP, .citus = citus};
    const struct dcs_tree tree = tree_of(arena, pairs);
    struct err err = ERR_INIT;

    return cluster_build(arena, &id, &tree, cluster, &err);
}

#endif
