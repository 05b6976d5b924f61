#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pgha/config.h"
#include "tree.h"

static void builds_a_cluster(void **state)
{
    static const char *const keys[] = {
        "config",
        "{\"pause\": true}",
        "initialize",
        "7277694203142172922",
        "leader",
        "pg1",
        "members/PG3",
        "{",
        "members/pg1",
        "{\"state\": \"running\", \"api_url\": \"http://a\", \"unknown\": 1}",
        "members/pg2",
        "{\"api_url\": 5}",
        "members/x/y",
        "{}",
        "optime/leader",
        "5",
        "status",
        "{\"optime\": 83886176}",
        NULL,
    };
    struct arena *arena = arena_new(NULL);
    struct cluster cluster;

    (void)state;
    assert_true(cluster_of(arena, keys, false, &cluster));
    assert_true(cluster.exists);
    assert_string_equal(cluster.name, "batman");
    assert_string_equal(cluster.initialize, "7277694203142172922");
    assert_int_equal(cluster.config.revision, 1);
    assert_int_equal(cluster.member_count, 3);
    assert_string_equal(cluster.members[0].name, "PG3");
    assert_int_equal(cluster.members[0].data.length, 0);
    assert_string_equal(cluster.members[1].api_url, "http://a");
    assert_int_equal(cluster.members[1].data.length, 2); /* what nobody uses is not kept */
    assert_null(cluster.members[2].api_url);
    assert_ptr_equal(cluster.leader.member, &cluster.members[1]);
    assert_ptr_equal(cluster_find_member(&cluster, "pg2"), &cluster.members[2]);
    assert_null(cluster_find_member(&cluster, "y"));
    assert_true(cluster.last_lsn == 83886176);
    assert_false(cluster.failover.present);
    assert_false(cluster.history.present);
    arena_free(arena);
}

static void leader_without_a_key(void **state)
{
    static const char *const keys[] = {"leader", "ghost", NULL};
    struct arena *arena = arena_new(NULL);
    struct cluster cluster;

    (void)state;
    assert_true(cluster_of(arena, keys, false, &cluster));
    assert_true(cluster.leader.present);
    assert_string_equal(cluster.leader.member->name, "ghost");
    assert_int_equal(cluster.leader.member->data.length, 0);
    arena_free(arena);
}

static void nothing_there(void **state)
{
    static const char *const keys[] = {"0/config", "{}", "stray", "x", NULL}, *const none[] = {NULL};
    struct arena *arena = arena_new(NULL);
    struct cluster cluster;

    (void)state;
    assert_true(cluster_of(arena, none, false, &cluster));
    assert_false(cluster.exists);
    assert_null(cluster.initialize);
    assert_true(cluster_of(arena, keys, false, &cluster));
    assert_false(cluster.exists);
    assert_true(cluster_of(arena, none, true, &cluster));
    assert_false(cluster.exists);
    arena_free(arena);
}

static void groups(void **state)
{
    static const char *const keys[] = {
        "0/initialize", "a",        "0/members/c", "{}",     "01/leader", "x",        "1/leader", "w1", "10/leader",
        "w10",          "2/leader", "w2",          "config", "{}",        "x/leader", "x",        NULL,
    };
    struct arena *arena = arena_new(NULL);
    struct cluster cluster;

    (void)state;
    assert_true(cluster_of(arena, keys, true, &cluster));
    assert_string_equal(cluster.initialize, "a");
    assert_int_equal(cluster.member_count, 1);
    assert_int_equal(cluster.worker_count, 3);
    assert_int_equal(cluster.workers[0].group, 1);
    assert_int_equal(cluster.workers[1].group, 10);
    assert_string_equal(cluster.workers[2].leader.name, "w2");
    assert_false(cluster.config.present);
    arena_free(arena);
}

static void refuses_what_patronictl_dies_of(void **state)
{
    static const char *const bad[][3] = {
        {"anything", "\xff", NULL},
        {"failover", "{\"scheduled_at\": \"soon\"}", NULL},
        {"failover", "{\"scheduled_at\": 5}", NULL},
        {"members/pg1", "postgres://[::1/", NULL},
        {"sync", "{\"leader\": \"a\", \"quorum\": Infinity}", NULL},
    };
    struct arena *arena = arena_new(NULL);
    struct cluster cluster;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(cluster_of(arena, bad[i], false, &cluster));

    const struct cluster_id id = {.name = "\xed\xa0\x80", .group = CLUSTER_NO_GROUP};
    const struct dcs_tree tree = {0};
    struct err err = ERR_INIT;
    assert_false(cluster_build(arena, &id, &tree, &cluster, &err));
    arena_free(arena);
}

static void sync_names(void **state)
{
    static const char *const keys[] = {"sync", "{\"leader\": \"Pg1\", \"sync_standby\": \" PG2 ,,\\u00c4\"}", NULL};
    static const char *const no_text[] = {"sync", "{\"leader\": \"pg1\", \"sync_standby\": [\"pg2\"]}", NULL};
    static const char *const no_leader[] = {"sync", "{\"leader\": null, \"sync_standby\": \"pg2\"}", NULL};
    struct arena *arena = arena_new(NULL);
    struct err err = ERR_INIT;
    struct cluster cluster;
    struct text_set names;
    bool matches;

    (void)state;
    assert_true(cluster_of(arena, keys, false, &cluster));
    assert_true(cluster_sync_names(&cluster, arena, &names, &err));
    assert_true(sync_names_have(&names, arena, "pg2") && sync_names_have(&names, arena, "\xc3\xa4"));
    assert_false(sync_names_have(&names, arena, "pg1") || sync_names_have(&names, arena, ""));
    assert_true(cluster_sync_matches(&cluster, arena, "pg2", false, &matches, &err) && matches);
    assert_true(cluster_sync_matches(&cluster, arena, "\xc3\xa4", false, &matches, &err) && matches);
    assert_true(cluster_sync_matches(&cluster, arena, "pg1", false, &matches, &err) && !matches);
    assert_true(cluster_sync_matches(&cluster, arena, "pg1", true, &matches, &err) && matches);
    assert_true(cluster_sync_matches(&cluster, arena, "", false, &matches, &err) && !matches);
    assert_true(cluster_of(arena, no_text, false, &cluster));
    assert_false(cluster_sync_matches(&cluster, arena, "pg2", false, &matches, &err));
    assert_false(cluster_sync_names(&cluster, arena, &names, &err));
    assert_true(cluster_of(arena, no_leader, false, &cluster));
    assert_true(cluster_sync_matches(&cluster, arena, "pg2", false, &matches, &err) && !matches);
    arena_free(arena);
}

static void paths(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct config config = {.tree = value_map(), .namespace_path = "/service"};
    struct value citus = value_map();

    (void)state;
    assert_string_equal(cluster_path(arena, &config, "batman", CLUSTER_NO_GROUP), "/service/batman");
    assert_string_equal(cluster_path(arena, &config, "/a//b", -1), "/service/a/b/-1");
    assert_false(cluster_identify(&config, "batman", CLUSTER_NO_GROUP).citus);
    assert_true(cluster_identify(&config, "batman", 2).citus);
    value_map_set(arena, &citus, "group", value_string("3"));
    value_map_set(arena, &config.tree, "citus", citus);
    assert_false(cluster_identify(&config, "batman", CLUSTER_NO_GROUP).citus); /* no database */
    value_map_set(arena, &citus, "database", value_string("app"));
    value_map_set(arena, &config.tree, "citus", citus);
    assert_true(cluster_identify(&config, "batman", CLUSTER_NO_GROUP).citus);
    assert_string_equal(cluster_path(arena, &config, "batman", CLUSTER_NO_GROUP), "/service/batman/3");
    assert_string_equal(cluster_path(arena, &config, "batman", 0), "/service/batman/0");
    config.namespace_path = "";
    assert_string_equal(cluster_path(arena, &config, "batman", 0), "/batman/0");
    arena_free(arena);
}

/* 10,000 members have to fit in less than 2 KB each, of which the model takes its share. */
static void members_are_small(void **state)
{
    static const char value[] =
        "{\"conn_url\":\"postgres://10.0.0.1:5432/postgres\",\"api_url\":"
        "\"http://10.0.0.1:8008/patroni\",\"state\":\"running\",\"role\":\"replica\",\"version\":"
        "\"4.1.5\",\"xlog_location\":83886176,\"replication_state\":\"streaming\",\"receive_lsn\":"
        "83886176,\"replay_lsn\":83886176,\"timeline\":1,\"tags\":{\"nofailover\":true}}";
    struct arena *arena = arena_new(NULL), *kept = arena_new(NULL);
    const struct cluster_id id = {.name = "batman", .group = CLUSTER_NO_GROUP};
    struct dcs_tree tree = {.nodes = arena_calloc(arena, 1000, sizeof *tree.nodes), .count = 1000};
    struct err err = ERR_INIT;
    struct cluster cluster;

    (void)state;
    for (size_t i = 0; i < tree.count; i++)
        tree.nodes[i] = (struct dcs_node){
            .key = arena_printf(arena, "members/pg%04zu", i), .value = value, .length = sizeof value - 1};
    assert_true(cluster_build(kept, &id, &tree, &cluster, &err));
    assert_int_equal(cluster.member_count, 1000);
    assert_true(arena_used(kept) < 1000 * 900);
    arena_free(arena);
    arena_free(kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(builds_a_cluster),
        cmocka_unit_test(leader_without_a_key),
        cmocka_unit_test(nothing_there),
        cmocka_unit_test(groups),
        cmocka_unit_test(sync_names),
        cmocka_unit_test(refuses_what_patronictl_dies_of),
        cmocka_unit_test(paths),
        cmocka_unit_test(members_are_small),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
