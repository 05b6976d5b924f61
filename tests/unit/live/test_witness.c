#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fake_http.h"
#include "pgha/arena.h"
#include "pgha/config.h"
#include "pgha/http.h"
#include "pgha/json.h"
#include "pgha/members.h"
#include "pgha/str.h"
#include "pgha/witness.h"

#define PATRONI(name) "\"patroni\": {\"version\": \"4.1.5\", \"scope\": \"batman\", \"name\": \"" name "\"}}"

/* A cluster of which the store says that pg3 leads, and what its members pg1, pg2, … say. NULL: nothing. */
struct world {
    struct ctx ctx;
    struct config config;
    struct cluster cluster;
    struct fake_http *fakes[3];
};

static void add_key(struct world *world, struct dcs_tree *tree, const char *key, const char *value)
{
    dcs_tree_add(world->ctx.arena, tree, (struct dcs_node){.key = key, .value = value, .length = strlen(value)});
}

static void set_up(struct world *world, const char *const *answers, size_t count)
{
    static const char *const keys[] = {"members/pg1", "members/pg2", "members/pg3"};
    struct arena *arena = arena_new(NULL);
    struct cluster_id id = {.name = "batman", .group = CLUSTER_NO_GROUP};
    struct dcs_tree tree = {.count = 0};
    struct err err = ERR_INIT;

    *world = (struct world){.ctx = {.arena = arena, .timeout = 5}};
    world->ctx.config = &world->config;
    world->config.tree = value_map();
    assert_true(http_new(arena, NULL, &world->ctx.http, &err));
    for (size_t i = 0; i < count; i++) {
        const char *place = "127.0.0.1:1";

        if (answers[i])
            place = fake_http_place(world->fakes[i] = fake_http_serve(answers[i]));
        add_key(world, &tree, keys[i],
                arena_printf(arena,
                             "{\"api_url\": \"http://%s/patroni\", \"state\": \"running\", \"timeline\": 3,"
                             " \"role\": \"replica\", \"conn_url\": \"postgres://10.0.0.%zu:5432/\"}",
                             place, i + 1));
    }
    add_key(world, &tree, "leader", "pg3");
    add_key(world, &tree, "status", "100");
    dcs_tree_sort(&tree);
    assert_true(cluster_build(arena, &id, &tree, &world->cluster, &err));
}

static void tear_down(struct world *world)
{
    for (size_t i = 0; i < 3; i++)
        if (world->fakes[i])
            fake_http_stop(world->fakes[i]);
    arena_free(world->ctx.arena);
}

static const char *shown(struct world *world)
{
    const struct members_style style = {.table = {.format = FORMAT_TSV}};
    struct str out;

    str_init(&out, world->ctx.arena);
    assert_true(members_write(world->ctx.arena, &world->cluster, &style, &out, NULL));
    return out.text;
}

#define HEADER "Cluster\tMember\tHost\tRole\tState\tTL\tReceive LSN\tReceive Lag\tReplay LSN\tReplay Lag\tUnverified\n"

static void denies_to_lead(void **state)
{
    static const char *const answers[] = {
        "{\"state\": \"running\", \"role\": \"replica\", \"timeline\": 3, \"replication_state\": \"streaming\","
        " \"xlog\": {\"received_location\": 4096, \"replayed_location\": 4096}, " PATRONI("pg1"),
        NULL,
        "{\"state\": \"running\", \"role\": \"replica\", \"timeline\": 2,"
        " \"xlog\": {\"received_location\": 0, \"replayed_location\": 2048}, " PATRONI("pg3"),
    };
    struct world world;

    (void)state;
    set_up(&world, answers, 3);
    assert_true(witness_ask(&world.ctx, &world.cluster, 1, "etcd3", deadline_in(5), NULL));
    assert_false(world.cluster.leader.present);
    assert_string_equal(shown(&world),
                        HEADER "batman\tpg1\t10.0.0.1\tReplica\tstreaming\t3\t0/1000\t0\t0/1000\t0\tmember agrees\n"
                               "batman\tpg2\t10.0.0.2\tReplica\trunning\t3\tunknown\t\tunknown\t\t"
                               "not confirmed: cannot connect to 127.0.0.1:1: Connection refused\n"
                               "batman\tpg3\t10.0.0.3\tReplica\trunning\t2\tunknown\t\t0/800\t0\t"
                               "etcd3 says leader, timeline 3\n");
    tear_down(&world);
}

/* A silent leader stays what the store says, and one that the store does not know is shown. */
static void somebody_else_leads(void **state)
{
    static const char *const answers[] = {
        "{\"state\": \"running\", \"role\": \"master\", \"xlog\": {\"location\": 8192}, " PATRONI("pg1"),
        "{\"state\": \"stopped\", \"role\": \"replica\", " PATRONI("pg2"),
        NULL,
    };
    struct world world;

    (void)state;
    set_up(&world, answers, 3);
    assert_true(witness_ask(&world.ctx, &world.cluster, 1, "etcd3", deadline_in(5), NULL));
    assert_string_equal(shown(&world), HEADER "batman\tpg1\t10.0.0.1\tLeader\trunning\t3\t\t\t\t\tetcd3 says replica\n"
                                              "batman\tpg2\t10.0.0.2\tReplica\tstopped\t3\tunknown\t\tunknown\t\t"
                                              "etcd3 says running\n"
                                              "batman\tpg3\t10.0.0.3\tLeader\trunning\t3\t\t\t\t\t"
                                              "not confirmed: cannot connect to 127.0.0.1:1: Connection refused\n");
    tear_down(&world);
}

static void takes_no_other_answers(void **state)
{
    static const char *const answers[] = {
        "{\"state\": \"running\", \"role\": \"replica\", \"patroni\": {\"scope\": \"robin\"}}",
        "{\"state\": \"running\", \"role\": \"primary\", " PATRONI("pg9"),
        "[\"role\"]",
    };
    struct world world;

    (void)state;
    set_up(&world, answers, 3);
    assert_true(witness_ask(&world.ctx, &world.cluster, 1, "etcd3", deadline_in(5), NULL));
    assert_string_equal(world.cluster.members[0].unverified, "not confirmed: its address belongs to cluster \"robin\"");
    assert_string_equal(world.cluster.members[1].unverified, "not confirmed: its address belongs to member \"pg9\"");
    assert_string_equal(world.cluster.members[2].unverified, "not confirmed: it does not answer as Patroni does");
    for (size_t i = 0; i < 3; i++)
        assert_null(world.cluster.members[i].heard_role);
    assert_true(world.cluster.leader.present);
    tear_down(&world);
}

static void knows_roles(void **state)
{
    static const struct {
        const char *answer;
        const char *role;
    } rows[] = {
        {"{\"role\": \"primary\", \"patroni\": {}}", "leader"},
        {"{\"role\": \"master\", \"patroni\": {}}", "leader"},
        {"{\"role\": \"standby_leader\", \"patroni\": {}}", "standby_leader"},
        {"{\"role\": \"replica\", \"sync_standby\": true, \"patroni\": {}}", "sync_standby"},
        {"{\"role\": \"replica\", \"quorum_standby\": true, \"patroni\": {}}", "quorum_standby"},
        {"{\"role\": \"uninitialized\", \"patroni\": {}}", "replica"},
        {"{\"role\": \"primary\"}", NULL},
        {"{\"patroni\": {}}", NULL},
        {"5", NULL},
    };
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct value answer;

        assert_true(json_read(arena, rows[i].answer, strlen(rows[i].answer), &answer, NULL));
        if (!str_equal(witness_role(&answer), rows[i].role))
            fail_msg("%s", rows[i].answer);
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(denies_to_lead),
        cmocka_unit_test(somebody_else_leads),
        cmocka_unit_test(takes_no_other_answers),
        cmocka_unit_test(knows_roles),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
