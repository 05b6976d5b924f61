/* What the store may hold: each line is a key, a blank and its value; the cluster is built of it and shown. */
#include <string.h>

#include "fuzz.h"
#include "pgha/cluster.h"
#include "pgha/eligible.h"
#include "pgha/history.h"
#include "pgha/members.h"

static void show(struct arena *arena, const struct cluster *cluster)
{
    for (int i = 0; i < 8; i++) {
        struct members_style style = {.table = {.format = (enum table_format)(i / 2), .colour = i % 2, .clean = i % 2},
                                      .extended = i % 2,
                                      .topology = i == 1};
        struct err err = ERR_INIT;
        struct str out;

        str_init(&out, arena);
        if (!members_write(arena, cluster, &style, &out, &err))
            FUZZ_CHECK_ERR(err);
    }
}

static void choose(struct arena *arena, const struct cluster *cluster)
{
    for (size_t i = 0; i < cluster->member_count; i++) {
        struct err err = ERR_INIT;
        const char *why;

        FUZZ_CHECK(cluster_find_member(cluster, cluster->members[i].name));
        if (!eligible_check(cluster, &cluster->members[i], true, arena, &why, &err))
            FUZZ_CHECK_ERR(err);
    }
}

static int by_key(const void *a, const void *b)
{
    const struct dcs_node *x = a, *y = b;

    return strcmp(x->key, y->key);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(NULL);
    char *text = arena_strndup(arena, size ? (const char *)data : "", size);
    size_t most = 1;

    for (const char *at = text; (at = strchr(at, '\n')); at++)
        most++;
    struct dcs_node *nodes = arena_calloc(arena, most, sizeof *nodes);
    struct dcs_tree tree = {.nodes = nodes};

    for (char *save, *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
        char *blank = strchr(line, ' ');

        if (!blank)
            continue;
        *blank = '\0';
        nodes[tree.count++] =
            (struct dcs_node){.key = line, .value = blank + 1, .length = strlen(blank + 1), .revision = 1};
    }
    qsort(nodes, tree.count, sizeof *nodes, by_key);
    for (int i = 0; i < 3; i++) {
        struct cluster_id id = {.name = "demo", .group = i == 2 ? 0 : CLUSTER_NO_GROUP, .citus = i > 0};
        struct cluster cluster;
        struct err err = ERR_INIT;

        if (!cluster_build(arena, &id, &tree, &cluster, &err)) {
            FUZZ_CHECK_ERR(err);
            continue;
        }
        show(arena, &cluster);
        choose(arena, &cluster);
    }
    arena_free(arena);
    return 0;
}
