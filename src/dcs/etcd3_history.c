#include <jansson.h>

#include "pgha/arena.h"

#include "etcd3.h"
#include "etcd3_reply.h"

/* The key as it is, or was at a revision of the store; `tree` has it or is empty. */
static bool read_at(struct dcs *dcs, struct arena *arena, const char *path, int64_t revision, deadline_t deadline,
                    struct dcs_tree *tree, struct err *err)
{
    struct http_reply reply;
    json_t *json = json_pack("{s:o,s:b}", "key", etcd3_encoded(arena, path), "serializable", 0);

    if (revision)
        json_object_set_new(json, "revision", json_string(arena_printf(arena, "%lld", (long long)revision)));
    return etcd3_call(dcs, arena, "/kv/range", json, deadline, &reply, err) &&
           etcd3_parse_range(arena, reply.body, reply.body_length, path, tree, err);
}

bool etcd3_read_key(struct dcs *dcs, struct arena *arena, const char *path, deadline_t deadline, bool *found,
                    struct dcs_node *node, struct err *err)
{
    struct dcs_tree tree;

    if (!read_at(dcs, arena, path, 0, deadline, &tree, err))
        return false;
    *found = tree.count;
    *node = *found ? tree.nodes[0] : (struct dcs_node){.revision = tree.revision};
    return true;
}

static int64_t revision_of(const struct dcs_tree *tree)
{
    return tree->count ? tree->nodes[0].revision : DCS_ABSENT;
}

/*
 * Between a revision at which the key is as it was, and one at which it is not, lies its first change: halving finds
 * it. What was compacted away cannot be read, and is an error.
 */
bool etcd3_first_change(struct dcs *dcs, struct arena *arena, const char *path, int64_t after, deadline_t deadline,
                        struct dcs_change *change, struct err *err)
{
    struct dcs_tree before, then, middle;

    if (!read_at(dcs, arena, path, 0, deadline, &then, err) ||
        !read_at(dcs, arena, path, after, deadline, &before, err))
        return false;
    const int64_t old = revision_of(&before);
    if (revision_of(&then) == old) {
        change->known = false;
        return true;
    }
    /* Most likely it is the last one. */
    int64_t low = after, high = then.count ? revision_of(&then) : then.revision;
    for (int64_t next = then.count ? high - 1 : low + (high - low) / 2; high - low > 1; next = low + (high - low) / 2) {
        if (!read_at(dcs, arena, path, next, deadline, &middle, err))
            return false;
        if (revision_of(&middle) == old) {
            low = next;
        } else {
            then = middle;
            high = then.count ? revision_of(&then) : next;
        }
    }
    *change = (struct dcs_change){
        .known = true, .deleted = !then.count, .value = then.count ? then.nodes[0].value : NULL, .before = old};
    return true;
}
