#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../../src/model/parts.h"
#include "tree.h"

static struct dcs_node node_of(const char *value)
{
    return (struct dcs_node){.key = "key", .value = value, .length = strlen(value), .revision = 7};
}

static void positions_of_the_cluster(void **state)
{
    static const struct {
        const char *value;
        long long expected;
    } cases[] = {
        {"{\"optime\": 5}", 5},
        {"{\"optime\": \"5\"}", 5},
        {"{\"optime\": 5.9}", 5},
        {"{\"optime\": null}", 0},
        {"{}", 0},
        {"5", 5},
        {"true", 1},
        {"5.0", 0},
        {"\"5\"", 0},
        {"[]", 0},
        {"{", 0},
        {"", 0},
    };
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct dcs_node node = node_of(cases[i].value);

        assert_int_equal((long long)status_build(arena, &node), cases[i].expected);
    }
    assert_int_equal((long long)status_build(arena, NULL), 0);
    arena_free(arena);
}

static void failovers(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct err err = ERR_INIT;
    struct failover failover;
    struct dcs_node node = node_of(" a : b : c");

    (void)state;
    assert_true(failover_build(arena, &node, &failover, &err));
    assert_string_equal(value_as_string(&failover.leader), "a");
    assert_string_equal(value_as_string(&failover.candidate), "b");
    assert_int_equal(failover.revision, 7);
    node = node_of("a");
    assert_true(failover_build(arena, &node, &failover, &err));
    assert_true(value_is(&failover.candidate, VALUE_NULL));
    node = node_of("{\"leader\": \"a\", \"member\": 5, \"scheduled_at\": \"2030-01-02T03:04Z\"}");
    assert_true(failover_build(arena, &node, &failover, &err));
    assert_string_equal(failover.scheduled_at, "2030-01-02T03:04:00+00:00");
    assert_true(value_is(&failover.candidate, VALUE_INT));
    assert_int_equal(failover.due, 1893553440);
    assert_true(failover_is_scheduled(&failover));
    failover.due = 1;
    assert_true(failover_is_overdue(&failover));
    failover.due = INT64_MAX;
    assert_false(failover_is_overdue(&failover));
    failover.leader = failover.candidate = value_null();
    failover.due = 1;
    assert_false(failover_is_scheduled(&failover) || failover_is_overdue(&failover));
    node = node_of("{\"scheduled_at\": \"\"}");
    assert_true(failover_build(arena, &node, &failover, &err));
    assert_null(failover.scheduled_at);
    node = node_of("[\"a\"]");
    assert_true(failover_build(arena, &node, &failover, &err));
    assert_true(failover.present && value_is(&failover.leader, VALUE_NULL));
    assert_false(failover_is_scheduled(&failover));
    node = node_of("");
    assert_true(failover_build(arena, &node, &failover, &err) && failover.present);
    assert_true(failover_build(arena, NULL, &failover, &err) && !failover.present);
    node = node_of("{\"scheduled_at\": [1]}");
    assert_false(failover_build(arena, &node, &failover, &err));
    arena_free(arena);
}

static void syncs(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct err err = ERR_INIT;
    struct record sync;
    struct dcs_node node = node_of("{\"leader\": \"a\", \"quorum\": \"1\"}");

    (void)state;
    assert_true(sync_build(arena, &node, &sync, &err));
    assert_string_equal(value_as_string(value_get(&sync.data, "leader")), "a");
    node = node_of("{\"leader\": \"a\", \"quorum\": \"x\"}");
    assert_true(sync_build(arena, &node, &sync, &err));
    assert_true(sync.present && sync.data.length == 0);
    node = node_of("{\"leader\": \"\", \"quorum\": \"x\"}");
    assert_true(sync_build(arena, &node, &sync, &err));
    assert_int_equal(sync.data.length, 2);
    assert_true(sync_build(arena, NULL, &sync, &err));
    assert_false(sync.present);
    arena_free(arena);
}

static void documents_of_the_wrong_kind_are_empty(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct dcs_node list = node_of("[1]"), map = node_of("{\"a\": 1}"), broken = node_of("{");

    (void)state;
    assert_int_equal(config_build(arena, &map).data.length, 1);
    assert_int_equal(config_build(arena, &list).data.length, 0);
    assert_int_equal(config_build(arena, &broken).data.kind, VALUE_MAP);
    assert_int_equal(history_build(arena, &list).data.length, 1);
    assert_int_equal(history_build(arena, &map).data.length, 0);
    assert_int_equal(history_build(arena, &broken).data.kind, VALUE_LIST);
    assert_true(history_build(arena, &broken).present);
    assert_false(history_build(arena, NULL).present);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(positions_of_the_cluster), cmocka_unit_test(failovers),
                                       cmocka_unit_test(syncs),
                                       cmocka_unit_test(documents_of_the_wrong_kind_are_empty)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
