#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fake_postgres.h"
#include "pgha/arena.h"
#include "pgha/pg_ask.h"
#include "pgha/signals.h"

struct world {
    struct ctx ctx;
    struct cluster cluster;
    struct member member;
    struct fake_reply replies[4];
    struct fake_session session;
    struct fake_postgres *fake;
};

static int set_up(void **state)
{
    struct world *world = test_calloc(1, sizeof *world);

    world->ctx = (struct ctx){
        .arena = arena_new(NULL), .differences.as_patronictl = true, .timeout = 5, .operation_timeout = 300};
    for (size_t i = 0; i < 4; i++)
        str_init(&world->replies[i].messages, world->ctx.arena);
    world->session = (struct fake_session){.replies = world->replies, .reply_count = 4};
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;

    arena_free(world->ctx.arena);
    if (world->fake)
        fake_postgres_stop(world->fake);
    test_free(world);
    return 0;
}

/* A cluster of one member, the leader, at the fake server. */
static void start(struct world *world, const char *kwargs)
{
    struct arena *arena = world->ctx.arena;
    struct value data = value_map();

    world->fake = fake_postgres_start(&world->session);
    if (kwargs) {
        struct value values = value_map();

        value_map_set(arena, &values, "host", value_string("127.0.0.1"));
        value_map_set(arena, &values, "port", value_int(fake_postgres_port(world->fake)));
        value_map_set(arena, &values, "user", value_string(kwargs));
        value_map_set(arena, &values, "dbname", value_string("elsewhere"));
        value_map_set(arena, &data, "conn_kwargs", values);
    } else {
        value_map_set(
            arena, &data, "conn_url",
            value_string(arena_printf(arena, "postgres://127.0.0.1:%d/postgres", fake_postgres_port(world->fake))));
    }
    world->member = (struct member){.name = "pg1", .data = data};
    world->cluster = (struct cluster){
        .name = "batman",
        .group = CLUSTER_NO_GROUP,
        .leader = {.present = true, .name = "pg1", .member = &world->member},
        .members = &world->member,
        .member_count = 1,
    };
}

static struct answer ask(struct world *world, struct question question)
{
    struct answer answer = {0};
    struct err err = ERR_INIT;

    question.cluster = &world->cluster;
    question.sql = question.sql ? question.sql : "select";
    assert_true(ask_postgres(&world->ctx, world->ctx.arena, &question, &answer, &err));
    return answer;
}

/* What was answered has no place in this test, only who was asked and how. */
static void connects(void **state)
{
    struct world *world = *state;
    struct answer answer;

    fake_postgres_tag(&world->replies[0].messages, "SET");
    fake_postgres_tag(&world->replies[1].messages, "SET");
    start(world, "carol");
    answer = ask(world, (struct question){.sql = "set a = 1", .password = "x"});
    assert_int_equal(PQresultStatus(answer.result), PGRES_COMMAND_OK);
    assert_string_equal(answer.row, "ERROR, SQLSTATE: no results to fetch");
    assert_string_equal(fake_postgres_query(world->fake, 0), "set a = 1");
    assert_string_equal(fake_postgres_parameter(world->fake, "user"), "carol");
    assert_string_equal(fake_postgres_parameter(world->fake, "application_name"), "Patroni ctl");

    world->ctx.differences.as_patronictl = false;
    ask(world, (struct question){.username = "bob", .dbname = "app", .member = "pg1"});
    assert_string_equal(fake_postgres_parameter(world->fake, "user"), "bob");
    assert_string_equal(fake_postgres_parameter(world->fake, "database"), "app");
    assert_string_equal(fake_postgres_parameter(world->fake, "application_name"), "pgha");
}

static void errors(void **state)
{
    struct world *world = *state;
    struct answer answer;

    fake_postgres_error(&world->replies[0].messages, "ERROR", "42P01", "relation \"t\" does not exist");
    fake_postgres_empty(&world->replies[1].messages);
    fake_postgres_copy(&world->replies[2].messages, false);
    world->replies[3].lost = true;
    start(world, "bob");
    answer = ask(world, (struct question){0});
    assert_null(answer.result);
    assert_string_equal(answer.row, "ERROR, SQLSTATE: 42P01");
    assert_int_equal(answer.problem.kind, ERR_REFUSED);
    assert_string_equal(answer.problem.message, "relation \"t\" does not exist (SQLSTATE 42P01)");
    answer = ask(world, (struct question){0});
    assert_string_equal(answer.row, "ERROR, SQLSTATE: can't execute an empty query");
    answer = ask(world, (struct question){0});
    assert_string_equal(answer.row, "ERROR, SQLSTATE: can't execute COPY TO: use the copy_to() method instead");
    answer = ask(world, (struct question){0});
    assert_string_equal(answer.row,
                        "ERROR, SQLSTATE: server closed the connection unexpectedly \tThis probably means the server "
                        "terminated abnormally \tbefore or while processing the request. ");
    assert_int_equal(answer.problem.kind, ERR_UNKNOWN);
    assert_string_equal(answer.problem.message, "server closed the connection unexpectedly This probably means the "
                                                "server terminated abnormally before or while processing the request.");
}

static void roles(void **state)
{
    static const char *const names[] = {"r"}, *const yes[] = {"t"}, *const no[] = {"f"};
    static const unsigned types[] = {16};
    struct world *world = *state;
    struct answer answer;

    for (size_t i = 0; i < 3; i++) {
        fake_postgres_columns(&world->replies[i].messages, 1, names, types);
        fake_postgres_row(&world->replies[i].messages, 1, i == 0 ? yes : no);
        fake_postgres_tag(&world->replies[i].messages, "SELECT 1");
    }
    start(world, "bob");
    answer = ask(world, (struct question){.role = "replica"}); /* the leader is none */
    assert_string_equal(answer.row, "No connection to role 'replica' is available");
    assert_null(fake_postgres_query(world->fake, 0));
    answer = ask(world, (struct question){.role = "primary"}); /* but it is in recovery */
    assert_string_equal(answer.row, "No connection to role 'primary' is available");
    assert_string_equal(answer.problem.message, "the member in the role primary is in recovery");
    assert_string_equal(fake_postgres_query(world->fake, 0), "SELECT pg_catalog.pg_is_in_recovery()");
    answer = ask(world, (struct question){.role = "primary"});
    assert_string_equal(PQgetvalue(answer.result, 0, 0), "f");
    assert_string_equal(fake_postgres_query(world->fake, 2), "select");
}

static void nobody(void **state)
{
    struct world *world = *state;
    struct question question = {.cluster = &world->cluster, .sql = "select", .dbname = "app"};
    struct answer answer;
    struct err err = ERR_INIT;

    start(world, "bob");
    answer = ask(world, (struct question){.member = "pg9"});
    assert_string_equal(answer.row, "No connection to member pg9 is available");
    assert_int_equal(answer.problem.kind, ERR_FAILED);
    world->cluster.leader.present = false;
    answer = ask(world, (struct question){0});
    assert_string_equal(answer.row, "No connection is available");
    assert_string_equal(answer.problem.message, "cluster batman has no member in the role leader");

    /* patronictl connects to wherever libpq leads it. */
    world->cluster.leader.present = true;
    world->member.data = value_map();
    world->ctx.differences.as_patronictl = false;
    assert_false(ask_postgres(&world->ctx, world->ctx.arena, &question, &answer, &err));
    assert_string_equal(err.message, "member \"pg1\": no address of its PostgreSQL is in the store");
    world->ctx.differences.as_patronictl = true;
    question.dbname = "";
    assert_false(ask_postgres(&world->ctx, world->ctx.arena, &question, &answer, &err));
    assert_int_equal(err.kind, ERR_FAILED);
}

/* The store has said more than where the server is. */
static void what_the_store_may_say(void **state)
{
    struct world *world = *state;
    struct value *kwargs;

    fake_postgres_tag(&world->replies[0].messages, "SET");
    fake_postgres_tag(&world->replies[1].messages, "SET");
    start(world, "mallory");
    kwargs = value_get(&world->member.data, "conn_kwargs");
    value_map_set(world->ctx.arena, kwargs, "options", value_string("-c search_path=mallory"));
    value_map_set(world->ctx.arena, kwargs, "dbname", value_string("mallory"));
    value_map_set(world->ctx.arena, kwargs, "application_name", value_string("mallory"));
    ask(world, (struct question){0});
    assert_string_equal(fake_postgres_parameter(world->fake, "user"), "mallory");
    assert_string_equal(fake_postgres_parameter(world->fake, "options"), "-c search_path=mallory");

    world->ctx.differences.as_patronictl = false;
    value_map_set(world->ctx.arena, kwargs, "service", value_string("mallory"));
    value_map_set(world->ctx.arena, kwargs, "passfile", value_string("/dev/zero"));
    value_map_set(world->ctx.arena, kwargs, "no such parameter", value_string("mallory"));
    ask(world, (struct question){.username = "bob"});
    assert_string_equal(fake_postgres_parameter(world->fake, "user"), "bob");
    assert_null(fake_postgres_parameter(world->fake, "options"));
    assert_string_equal(fake_postgres_parameter(world->fake, "application_name"), "pgha");
    const char *database = fake_postgres_parameter(world->fake, "database");
    assert_true(!database || strcmp(database, "mallory") != 0);
}

static void no_result_in_time(void **state)
{
    struct world *world = *state;
    struct str cancelled;
    struct answer answer;

    str_init(&cancelled, world->ctx.arena);
    fake_postgres_error(&cancelled, "ERROR", "57014", "canceling statement due to user request");
    world->replies[0].hang = world->replies[1].hang = true;
    world->replies[0].cancelled = &cancelled;
    start(world, NULL);
    world->ctx.differences.as_patronictl = false;
    world->ctx.operation_timeout = 1;
    answer = ask(world, (struct question){.username = "bob"});
    assert_null(answer.result);
    assert_int_equal(answer.problem.kind, ERR_REFUSED);
    assert_string_equal(answer.problem.message, "no result within --operation-timeout (1 s), the query was cancelled: "
                                                "canceling statement due to user request (SQLSTATE 57014)");
    assert_int_equal(fake_postgres_cancelled(world->fake), 1);

    answer = ask(world, (struct question){.username = "bob"});
    assert_int_equal(answer.problem.kind, ERR_UNKNOWN);
    assert_string_equal(answer.problem.message, "no result within --operation-timeout (1 s), and no answer when the "
                                                "query was cancelled: it may still run, or have done its work");
    assert_int_equal(fake_postgres_cancelled(world->fake), 2);
}

static void what_cannot_be_sent(void **state)
{
    struct world *world = *state;
    struct question question = {.cluster = &world->cluster, .sql = "select '\xff'"};
    struct answer answer = {0};
    struct err err = ERR_INIT;

    start(world, "bob");
    assert_false(ask_postgres(&world->ctx, world->ctx.arena, &question, &answer, &err));
    assert_int_equal(err.kind, ERR_FAILED);
    assert_null(fake_postgres_query(world->fake, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(connects, set_up, tear_down),
        cmocka_unit_test_setup_teardown(errors, set_up, tear_down),
        cmocka_unit_test_setup_teardown(roles, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nobody, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_the_store_may_say, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_result_in_time, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_cannot_be_sent, set_up, tear_down),
    };

    if (!signals_install())
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
