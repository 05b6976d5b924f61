#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../../src/view/state.h"
#include "pgha/str.h"
#include "tree.h"

/* "a0 b1 …": names with their levels, or NULL for a failure. */
static const char *order_of(struct arena *arena, const char *const *keys)
{
    struct err err = ERR_INIT;
    struct cluster cluster;
    struct state *states;
    struct branch *branches;
    size_t count;
    struct str text;

    assert_true(cluster_of(arena, keys, false, &cluster));
    assert_true(state_derive(arena, &cluster, &states, &err));
    if (!topology_order(arena, states, cluster.member_count, &branches, &count, &err))
        return NULL;
    str_init(&text, arena);
    for (size_t i = 0; i < count; i++)
        str_printf(&text, "%s%s%zu", i ? " " : "", branches[i].state->member->name, branches[i].level);
    return text.text;
}

#define FROM(name) "{\"tags\": {\"replicatefrom\": " name "}}"

static void trees(void **state)
{
    static const char *const deep[] = {"leader",      "z",           "members/a",   FROM("\"b\""), "members/b",
                                       FROM("\"c\""), "members/c",   FROM("\"z\""), "members/d",   "{}",
                                       "members/z",   FROM("\"a\""), NULL};
    static const char *const odd[] = {"leader",      "a",         "members/a", "{}",        "members/b",
                                      FROM("\"b\""), "members/c", FROM("5"),   "members/d", FROM("\"nobody\""),
                                      "members/e",   FROM("[]"),  NULL};
    static const char *const loop[] = {"leader",    "a",           "members/a", "{}",
                                       "members/b", FROM("\"c\""), "members/c", FROM("\"b\""),
                                       "members/d", FROM("\"c\""), NULL};
    static const char *const headless[] = {"members/a", "{}", "members/b", FROM("\"a\""), NULL};
    struct arena *arena = arena_new(NULL);

    (void)state;
    assert_string_equal(order_of(arena, deep), "z0 c1 b2 a3 d1");
    assert_string_equal(order_of(arena, odd), "a0 b1 c1 d1 e1");
    assert_string_equal(order_of(arena, loop), "a0");
    assert_string_equal(order_of(arena, headless), "a1 b2");
    arena_free(arena);
}

static void bad_tags(void **state)
{
    static const char *const null[] = {"members/a", "{\"tags\": null}", NULL};
    static const char *const list[] = {"members/a", FROM("[\"b\"]"), NULL};
    static const char *const leader[] = {"leader", "a", "members/a", "{\"tags\": null}", NULL};
    struct arena *arena = arena_new(NULL);

    (void)state;
    assert_null(order_of(arena, null));
    assert_null(order_of(arena, list));
    assert_string_equal(order_of(arena, leader), "a0"); /* nobody asks whom the leader replicates from */
    arena_free(arena);
}

static void endless_chain(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct member *members = arena_calloc(arena, 2000, sizeof *members);
    struct state *states = arena_calloc(arena, 2000, sizeof *states);
    struct branch *branches;
    struct err err = ERR_INIT;
    size_t count;

    (void)state;
    for (size_t i = 0; i < 2000; i++) {
        struct value tags = value_map();

        if (i)
            value_map_set(arena, &tags, "replicatefrom", value_string(members[i - 1].name));
        members[i] = (struct member){.name = arena_printf(arena, "m%04zu", i), .data = value_map()};
        value_map_set(arena, &members[i].data, "tags", tags);
        states[i].member = &members[i];
    }
    assert_false(topology_order(arena, states, 2000, &branches, &count, &err));
    assert_true(topology_order(arena, states, 500, &branches, &count, &err));
    assert_int_equal(branches[499].level, 500);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(trees), cmocka_unit_test(bad_tags),
                                       cmocka_unit_test(endless_chain)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
