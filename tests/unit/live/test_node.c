#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake_http.h"
#include "pgha/arena.h"
#include "pgha/config.h"
#include "pgha/dynconf.h"
#include "pgha/http.h"
#include "pgha/json.h"
#include "pgha/node.h"
#include "pgha/str.h"

struct world {
    struct ctx ctx;
    struct config config;
    struct cluster cluster;
    struct node_source source;
};

static int set_up(void **state)
{
    struct world *world = test_calloc(1, sizeof *world);
    struct err err = ERR_INIT;

    world->ctx = (struct ctx){.arena = arena_new(NULL), .config = &world->config, .timeout = 5};
    world->config.scope = "batman";
    assert_true(http_new(world->ctx.arena, NULL, &world->ctx.http, &err));
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;

    arena_free(world->ctx.arena);
    test_free(world);
    return 0;
}

static void configure(struct world *world, const char *text)
{
    struct err err = ERR_INIT;

    assert_true(json_read(world->ctx.arena, text, strlen(text), &world->config.tree, &err));
}

/* The configuration of a node that listens where the server does. */
static void configure_place(struct world *world, const struct fake_http *fake, const char *more)
{
    configure(world, arena_printf(world->ctx.arena, "{\"restapi\": {\"connect_address\": \"%s\"}%s}",
                                  fake_http_place(fake), more));
}

static struct cluster_id identify(struct world *world, int64_t group)
{
    return cluster_identify(&world->config, "batman", group);
}

static bool read_group(struct world *world, int64_t group, struct err *err)
{
    struct cluster_id id = identify(world, group);

    return node_read(&world->ctx, &id, deadline_in(5), &world->cluster, &world->source, err);
}

static bool read_from(struct world *world, const char *answer, const char *more, int64_t group, struct err *err)
{
    struct fake_http *fake = fake_http_serve(answer);

    configure_place(world, fake, more);
    bool read = read_group(world, group, err);
    assert_int_equal(fake_http_count(fake), 3);
    fake_http_stop(fake);
    return read;
}

static void where_it_is_known(void **state)
{
    static const struct {
        const char *config;
        bool knows;
    } cases[] = {
        {"{}", false},
        {"{\"restapi\": {}}", false},
        {"{\"restapi\": {\"listen\": \"\"}}", false},
        {"{\"restapi\": {\"listen\": 8008}}", false},
        {"{\"restapi\": {\"listen\": \"user:secret@10.0.0.1:8008\"}}", false},
        {"{\"restapi\": {\"listen\": \"0.0.0.0:8008\"}}", true},
        {"{\"restapi\": {\"connect_address\": \"10.0.0.1:8008\"}}", true},
    };
    struct world *world = *state;
    struct cluster_id other = {.name = "robin", .group = CLUSTER_NO_GROUP};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct cluster_id id = identify(world, CLUSTER_NO_GROUP);

        configure(world, cases[i].config);
        assert_int_equal(node_knows(&world->ctx, &id), cases[i].knows);
    }
    assert_false(node_knows(&world->ctx, &other));
    configure(world, "{\"restapi\": {\"listen\": \"0.0.0.0:8008\"}, \"citus\": {\"group\": 2, \"database\": \"c\"}}");
    struct cluster_id ours = identify(world, 2), others = identify(world, 1);
    assert_true(node_knows(&world->ctx, &ours));
    assert_false(node_knows(&world->ctx, &others));
}

static void listens_everywhere(void **state)
{
    static const char *const hosts[] = {"0.0.0.0", "*", "", "127.0.0.1"};
    struct world *world = *state;
    struct fake_http *fake = fake_http_serve("{\"members\": []}");
    const char *port = strrchr(fake_http_place(fake), ':');
    struct err err = ERR_INIT;

    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        configure(world, arena_printf(world->ctx.arena, "{\"restapi\": {\"listen\": \"%s%s\"}}", hosts[i], port));
        assert_true(read_group(world, CLUSTER_NO_GROUP, &err));
        assert_string_equal(
            world->source.text,
            arena_printf(world->ctx.arena, "the state that the Patroni at http://127.0.0.1%s has", port));
        assert_string_equal(world->source.by, "GET /cluster");
    }
    assert_int_equal(fake_http_count(fake), 12);
    fake_http_stop(fake);
    configure(world, "{\"restapi\": {\"listen\": \":::1\", \"certfile\": \"x\"}}");
    assert_false(read_group(world, CLUSTER_NO_GROUP, &err));
    assert_non_null(strstr(err.message, "[::1]:1"));
}

static void takes_everything(void **state)
{
    static const char answer[] =
        "{\"members\": ["
        "{\"name\": \"pg1\", \"role\": \"leader\", \"state\": \"running\", \"host\": \"10.0.0.1\", \"port\": 5433,"
        " \"api_url\": \"http://10.0.0.1:8008/patroni\", \"timeline\": 3, \"tags\": {\"a\": 1}},"
        "{\"name\": \"pg2\", \"role\": \"sync_standby\", \"state\": \"streaming\", \"receive_lsn\": \"1/A0\","
        " \"receive_lag\": 16, \"replay_lsn\": \"1/90\", \"replay_lag\": 32, \"lsn\": \"1/90\", \"lag\": 32},"
        "{\"name\": \"pg3\", \"role\": \"replica\", \"state\": \"running\", \"receive_lsn\": \"unknown\","
        " \"receive_lag\": \"unknown\", \"replay_lsn\": \"FFFFFFFF/0\", \"replay_lag\": 1, \"lsn\": \"0/1\","
        " \"lag\": 9223372036854775807}, {\"name\": 5}, {\"name\": \"a/b\"}, 7],"
        "\"pause\": true, \"scope\": \"batman\","
        "\"scheduled_switchover\": {\"at\": \"2030-01-01T00:00:00+00:00\", \"from\": \"pg1\", \"to\": \"pg2\"}}";
    struct world *world = *state;
    const struct cluster *cluster = &world->cluster;
    struct err err = ERR_INIT;
    bool matches;
    lsn_t lsn;

    assert_true(read_from(world, answer, "", CLUSTER_NO_GROUP, &err));
    assert_int_equal(cluster->member_count, 3);
    assert_string_equal(cluster->initialize, "unknown");
    assert_string_equal(cluster->leader.name, "pg1");
    assert_string_equal(cluster->members[0].api_url, "http://10.0.0.1:8008/patroni");
    assert_int_equal(value_get(&cluster->members[0].data, "timeline")->integer, 3);
    struct value host, port;
    assert_true(member_address(&cluster->members[0], world->ctx.arena, &host, &port, &err));
    assert_string_equal(host.text, "10.0.0.1");
    assert_int_equal(port.integer, 5433);
    assert_true(cluster->last_lsn == 0x1000000B0);
    assert_true(member_lsn(&cluster->members[1], world->ctx.arena, "receive_lsn", &lsn, &err));
    assert_true(lsn == 0x1000000A0);
    assert_true(member_lsn(&cluster->members[2], world->ctx.arena, "receive_lsn", &lsn, &err));
    assert_true(lsn == 0);
    assert_true(member_lsn(&cluster->members[2], world->ctx.arena, "replay_lsn", &lsn, &err));
    assert_true(lsn == 0);
    assert_true(dynconf_is_paused(cluster));
    assert_true(dynconf_is_synchronous(cluster));
    assert_false(dynconf_is_quorum(cluster));
    assert_true(cluster_sync_matches(cluster, world->ctx.arena, "pg2", false, &matches, &err));
    assert_true(matches);
    assert_string_equal(cluster->failover.scheduled_at, "2030-01-01T00:00:00+00:00");
    assert_string_equal(cluster->failover.candidate.text, "pg2");
}

static void standby_cluster(void **state)
{
    struct world *world = *state;
    struct err err = ERR_INIT;

    assert_true(read_from(world,
                          "{\"members\": [{\"name\": \"a\", \"role\": \"standby_leader\", \"state\": \"running\"},"
                          "{\"name\": \"b\", \"role\": \"quorum_standby\"}]}",
                          "", CLUSTER_NO_GROUP, &err));
    assert_true(dynconf_is_standby_cluster(&world->cluster));
    assert_string_equal(world->cluster.leader.name, "a");
    assert_false(dynconf_is_paused(&world->cluster));
    assert_false(world->cluster.failover.present);
}

static void group_of_citus(void **state)
{
    static const char answer[] = "{\"members\": [{\"name\": \"a\", \"role\": \"leader\"}]}";
    static const char citus[] = ", \"citus\": {\"group\": 2, \"database\": \"c\"}";
    struct world *world = *state;
    struct err err = ERR_INIT;

    assert_true(read_from(world, answer, citus, 2, &err));
    assert_int_equal(world->cluster.member_count, 1);
    assert_int_equal(world->cluster.group, 2);
    assert_true(read_from(world, answer, citus, CLUSTER_NO_GROUP, &err));
    assert_int_equal(world->cluster.member_count, 0);
    assert_int_equal(world->cluster.worker_count, 1);
    assert_int_equal(world->cluster.workers[0].group, 2);
    assert_string_equal(world->cluster.workers[0].leader.name, "a");
}

/* What Patroni 4.1 says when etcd is gone: all requests get this answer, as GET /cluster it is none. */
static void says_what_it_is(void **state)
{
    static const char answer[] =
        "{\"state\": \"running\", \"role\": \"primary\", \"pause\": true,"
        " \"database_system_identifier\": \"72\", \"dcs_last_seen\": 1000,"
        " \"patroni\": {\"version\": \"4.1.5\", \"scope\": \"batman\", \"name\": \"pg1\"},"
        " \"replication\": [{\"application_name\": \"pg2\", \"client_addr\": \"10.0.0.2\", \"state\": \"streaming\"},"
        " {\"application_name\": \"pg2\"}, {\"application_name\": 5}, 7]}";
    struct world *world = *state;
    const struct cluster *cluster = &world->cluster;
    struct err err = ERR_INIT;

    assert_true(
        read_from(world, answer, ", \"postgresql\": {\"connect_address\": \"10.0.0.1:5433\"}", CLUSTER_NO_GROUP, &err));
    assert_string_equal(world->source.by, "of this configuration");
    assert_non_null(
        strstr(world->source.text, " says of itself and of members that it knows (the DCS last answered it "));
    assert_string_equal(cluster->initialize, "72");
    assert_string_equal(cluster->leader.name, "pg1");
    assert_true(dynconf_is_paused(cluster));
    /* The answer is also that to GET /failsafe, whose keys are names. */
    const struct member *own = cluster_find_member(cluster, "pg1"), *other = cluster_find_member(cluster, "pg2");
    assert_non_null(own);
    assert_true(str_starts_with(own->api_url, "http://127.0.0.1:"));
    struct value host, port;
    assert_true(member_address(own, world->ctx.arena, &host, &port, &err));
    assert_string_equal(host.text, "10.0.0.1");
    assert_int_equal(port.integer, 5433);
    assert_non_null(other);
    assert_null(other->api_url);
    const struct member *named = cluster_find_member(cluster, "database_system_identifier");
    assert_string_equal(named->api_url, "72");
}

static void no_good_answer(void **state)
{
    static const struct {
        const char *answer;
        const char *message;
    } cases[] = {
        {"{\"members\": [], \"scope\": \"robin\"}", "it belongs to another cluster, robin"},
        {"{\"members\": 5}", "it does not answer GET /cluster as Patroni does"},
        {"garbage", "it does not answer GET /patroni as Patroni does"},
    };
    const struct fake_answer refusal = {.text = "HTTP/1.1 503 no\r\nContent-Length: 2\r\n\r\nno"};
    struct world *world = *state;
    struct err err = ERR_INIT;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_false(read_from(world, cases[i].answer, "", CLUSTER_NO_GROUP, &err));
        assert_string_equal(err.message, cases[i].message);
    }
    struct fake_http *fake = fake_http_start(&refusal, 1);
    configure_place(world, fake, "");
    assert_false(read_group(world, CLUSTER_NO_GROUP, &err));
    assert_string_equal(err.message, "it answers GET /patroni with status 503");
    fake_http_stop(fake);
    configure(world, "{\"restapi\": {\"listen\": \":1\"}, \"ctl\": 5}");
    assert_false(read_group(world, CLUSTER_NO_GROUP, &err));
    assert_string_equal(err.message, "section ctl is a number, not a mapping");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(where_it_is_known, set_up, tear_down),
        cmocka_unit_test_setup_teardown(listens_everywhere, set_up, tear_down),
        cmocka_unit_test_setup_teardown(takes_everything, set_up, tear_down),
        cmocka_unit_test_setup_teardown(standby_cluster, set_up, tear_down),
        cmocka_unit_test_setup_teardown(group_of_citus, set_up, tear_down),
        cmocka_unit_test_setup_teardown(says_what_it_is, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_good_answer, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
