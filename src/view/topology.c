#include <stdlib.h>
#include <string.h>

#include "pgha/arena.h"
#include "pgha/str.h"

#include "state.h"

/* patronictl walks the tree by recursion and dies of a chain about this deep. */
#define MAX_LEVEL 900

struct tree {
    const struct state *states;
    size_t *first; /* first child, by member; the last entry is for the leader */
    size_t *next;  /* next child of the same parent */
    struct branch *branches;
    size_t count;
};

#define NONE SIZE_MAX

static int compare_name(const void *name, const void *state)
{
    return strcmp(name, ((const struct state *)state)->member->name);
}

/* Index of the replica that a member replicates from, `count` for the leader. */
static bool find_parent(struct arena *arena, const struct state *states, size_t count, size_t at, size_t *parent,
                        struct err *err)
{
    const struct member *member = states[at].member;
    const struct value *tags = value_get(&member->data, "tags"), *from = value_get(tags, "replicatefrom");

    if (tags && !value_is(tags, VALUE_MAP))
        return err_set(err, arena, ERR_FAILED, "member %s: tags is %s", member->name, value_kind_name(tags));
    if (value_truth(from) && (value_is(from, VALUE_LIST) || value_is(from, VALUE_MAP)))
        return err_set(err, arena, ERR_FAILED, "member %s: replicatefrom is %s", member->name, value_kind_name(from));
    *parent = count;
    if (!value_truth(from) || !value_is(from, VALUE_STRING) || str_equal(from->text, member->name))
        return true;
    const struct state *found = bsearch(from->text, states, count, sizeof *states, compare_name);
    if (found && !found->leads)
        *parent = (size_t)(found - states);
    return true;
}

static bool walk(struct tree *tree, struct arena *arena, size_t child, size_t level, struct err *err)
{
    if (child != NONE && level > MAX_LEVEL)
        return err_set(err, arena, ERR_FAILED, "the topology has more than %d levels", MAX_LEVEL);
    for (; child != NONE; child = tree->next[child]) {
        tree->branches[tree->count++] = (struct branch){.state = &tree->states[child], .level = level};
        if (!walk(tree, arena, tree->first[child], level + 1, err))
            return false;
    }
    return true;
}

bool topology_order(struct arena *arena, const struct state *states, size_t count, struct branch **branches,
                    size_t *branch_count, struct err *err)
{
    struct tree tree = {.states = states};

    tree.first = arena_calloc(arena, count + 1, sizeof *tree.first);
    tree.next = arena_calloc(arena, count, sizeof *tree.next);
    tree.branches = arena_calloc(arena, count, sizeof *tree.branches);
    for (size_t i = 0; i <= count; i++)
        tree.first[i] = NONE;
    /* From the last to the first, so that the children of each come out by name. */
    for (size_t i = count; i-- > 0;) {
        size_t parent = count;

        if (states[i].leads) {
            if (*states[i].member->name)
                tree.branches[tree.count++] = (struct branch){.state = &states[i]};
            continue;
        }
        if (!find_parent(arena, states, count, i, &parent, err))
            return false;
        tree.next[i] = tree.first[parent];
        tree.first[parent] = i;
    }
    if (!walk(&tree, arena, tree.first[count], 1, err))
        return false;
    *branches = tree.branches;
    *branch_count = tree.count;
    return true;
}
