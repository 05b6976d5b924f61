#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../../src/view/state.h"
#include "tree.h"

static struct state *states_of(struct arena *arena, const char *const *keys)
{
    struct err err = ERR_INIT;
    struct cluster *cluster = arena_alloc(arena, sizeof *cluster);
    struct state *states = NULL;

    assert_true(cluster_of(arena, keys, false, cluster));
    return state_derive(arena, cluster, &states, &err) ? states : NULL;
}

static void roles_and_states(void **state)
{
    static const char *const keys[] = {
        "config",    "{\"synchronous_mode\": true}",
        "leader",    "a",
        "members/a", "{\"state\": \"running\", \"replication_state\": \"streaming\"}",
        "members/b", "{\"state\": \"running\", \"replication_state\": \"streaming\"}",
        "members/c", "{\"state\": null, \"replication_state\": \"\"}",
        "sync",      "{\"leader\": \"a\", \"sync_standby\": \"B\"}",
        NULL,
    };
    struct arena *arena = arena_new(NULL);
    const struct state *states = states_of(arena, keys);

    (void)state;
    assert_string_equal(states[0].role, "leader");
    assert_true(states[0].leads);
    assert_string_equal(value_as_string(&states[0].state), "running");
    assert_string_equal(states[1].role, "sync_standby");
    assert_string_equal(value_as_string(&states[1].state), "streaming");
    assert_string_equal(states[2].role, "replica");
    assert_true(value_is(&states[2].state, VALUE_NULL));
    arena_free(arena);
}

static void styles_of_roles(void **state)
{
    (void)state;
    assert_int_equal(state_role_style(&(struct state){.role = "leader", .leads = true}), STYLE_LEADER);
    assert_int_equal(state_role_style(&(struct state){.role = "unknown"}), STYLE_ATTENTION);
    assert_int_equal(state_role_style(&(struct state){.role = "replica"}), STYLE_PLAIN);
    assert_int_equal(state_role_style(&(struct state){.role = "sync_standby"}), STYLE_SYNC);
}

static void standby_leader_shows_replication(void **state)
{
    static const char *const keys[] = {"config",    "{\"standby_cluster\": {\"port\": 1}}",   "leader", "a",
                                       "members/a", "{\"replication_state\": \"streaming\"}", NULL};
    struct arena *arena = arena_new(NULL);
    const struct state *states = states_of(arena, keys);

    (void)state;
    assert_string_equal(states[0].role, "standby_leader");
    assert_string_equal(value_as_string(&states[0].state), "streaming");
    arena_free(arena);
}

static void positions(void **state)
{
    static const char *const keys[] = {"members/a", "{\"receive_lsn\": 90, \"replay_lsn\": 110, \"xlog_location\": -5}",
                                       "status", "100", NULL};
    struct arena *arena = arena_new(NULL);
    const struct state *states = states_of(arena, keys);

    (void)state;
    assert_true(states[0].receive.lsn == 90 && states[0].receive.lag == 10);
    assert_true(states[0].replay.lsn == 110 && states[0].replay.lag == 0);
    assert_true(states[0].any.lsn == -5 && states[0].any.lag == 105);
    arena_free(arena);
}

static void bad_values(void **state)
{
    static const char *const url[] = {"members/a", "{\"conn_url\": 5}", NULL};
    static const char *const lsn[] = {"members/a", "{\"replay_lsn\": \"1e999\"}", NULL};
    static const char *const sync[] = {
        "config", "{\"synchronous_mode\": true}", "members/a", "{}", "sync", "{\"leader\": \"x\", \"sync_standby\": 5}",
        NULL};
    struct arena *arena = arena_new(NULL);

    (void)state;
    assert_null(states_of(arena, url));
    assert_null(states_of(arena, lsn));
    assert_null(states_of(arena, sync));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(roles_and_states), cmocka_unit_test(styles_of_roles),
                                       cmocka_unit_test(standby_leader_shows_replication), cmocka_unit_test(positions),
                                       cmocka_unit_test(bad_values)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
