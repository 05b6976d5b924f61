#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pgha/config.h"
#include "pgha/dynconf.h"
#include "tree.h"

static struct cluster with_config(struct arena *arena, const char *value)
{
    const char *const keys[] = {"config", value, NULL};
    struct cluster cluster;

    assert_true(cluster_of(arena, keys, false, &cluster));
    return cluster;
}

static void truth(void **state)
{
    static const char *const on[] = {"true", "1", "\"on\"", "\"TRUE\"", "\"Yes\"", "\"1\""};
    static const char *const off[] = {"false", "0", "1.0", "null", "\"\"", "\" on\"", "[]", "{}", "2", "\"off\""};
    struct arena *arena = arena_new(NULL);
    struct cluster cluster;

    (void)state;
    for (size_t i = 0; i < sizeof on / sizeof *on; i++) {
        cluster = with_config(arena, arena_printf(arena, "{\"pause\": %s}", on[i]));
        assert_true(dynconf_is_paused(&cluster));
    }
    for (size_t i = 0; i < sizeof off / sizeof *off; i++) {
        cluster = with_config(arena, arena_printf(arena, "{\"pause\": %s}", off[i]));
        assert_false(dynconf_is_paused(&cluster));
    }
    cluster = with_config(arena, "[]");
    assert_false(dynconf_is_paused(&cluster));
    arena_free(arena);
}

static void modes(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct cluster cluster = with_config(arena, "{\"synchronous_mode\": \"Quorum\"}");

    (void)state;
    assert_true(dynconf_is_quorum(&cluster) && dynconf_is_synchronous(&cluster));
    cluster = with_config(arena, "{\"synchronous_mode\": \"on\", \"standby_cluster\": {\"host\": \"\"}}");
    assert_true(!dynconf_is_quorum(&cluster) && dynconf_is_synchronous(&cluster));
    cluster = with_config(arena, "{\"synchronous_mode\": true, \"standby_cluster\": {\"restore_command\": \"cp\"}}");
    assert_true(dynconf_is_standby_cluster(&cluster) && !dynconf_is_synchronous(&cluster));
    cluster = with_config(arena, "{\"standby_cluster\": \"host\"}");
    assert_false(dynconf_is_standby_cluster(&cluster));
    arena_free(arena);
}

static void loop_wait(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct config config = {.tree = value_map()};
    struct cluster cluster = with_config(arena, "{\"loop_wait\": \"7\"}"), none = with_config(arena, "{}");

    (void)state;
    struct value found = dynconf_loop_wait(&cluster, &config);
    assert_string_equal(value_as_string(&found), "7");
    assert_int_equal(dynconf_loop_wait(&none, &config).integer, 10);
    value_map_set(arena, &config.tree, "loop_wait", value_int(3));
    assert_int_equal(dynconf_loop_wait(&none, &config).integer, 3);
    arena_free(arena);
}

static void maximum_lag(void **state)
{
    static const struct {
        const char *config;
        long long bytes;
    } cases[] = {
        {"{\"maximum_lag_on_failover\": 0}", 0},
        {"{\"maximum_lag_on_failover\": 33554432}", 33554432},
        {"{\"maximum_lag_on_failover\": \" 0x400 \"}", 1024},
        {"{\"maximum_lag_on_failover\": 2.5}", 2},
        {"{\"maximum_lag_on_failover\": \"1MB\"}", 1048576},
        {"{\"maximum_lag_on_failover\": null}", 1048576},
        {"{}", 1048576},
    };
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct cluster cluster = with_config(arena, cases[i].config);

        assert_int_equal((long long)dynconf_maximum_lag(&cluster, arena), cases[i].bytes);
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(truth), cmocka_unit_test(modes), cmocka_unit_test(loop_wait),
                                       cmocka_unit_test(maximum_lag)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
