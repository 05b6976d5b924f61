#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tree.h"

/* The one member of a cluster, with this value. */
static const struct member *member_of(struct arena *arena, const char *value)
{
    const char *const keys[] = {"members/pg1", value, NULL};
    struct cluster cluster;

    assert_true(cluster_of(arena, keys, false, &cluster));
    return cluster.members;
}

static void form_of_old(void **state)
{
    struct arena *arena = arena_new(NULL);
    const struct member *member =
        member_of(arena, "postgres://u:p@h:5433/db?x=&application_name=http%3A%2F%2Fa+b%zz%ff&application_name=c#f");

    (void)state;
    assert_string_equal(value_as_string(value_get(&member->data, "conn_url")), "postgres://u:p@h:5433/db#f");
    assert_string_equal(member->api_url, "http://a b%zz\xef\xbf\xbd");
    assert_null(member_of(arena, "postgres://h/db?application_name=")->api_url);
    arena_free(arena);
}

static void check_address(const char *value, const char *host, long long port)
{
    struct arena *arena = arena_new(NULL);
    struct err err = ERR_INIT;
    struct value found_host, found_port;

    if (!member_address(member_of(arena, value), arena, &found_host, &found_port, &err))
        fail_msg("%s: %s", value, err.message);
    if (host)
        assert_string_equal(value_as_string(&found_host), host);
    else
        assert_true(value_is(&found_host, VALUE_NULL));
    if (port >= 0)
        assert_int_equal(found_port.integer, port);
    else
        assert_true(value_is(&found_port, VALUE_NULL));
    arena_free(arena);
}

static void addresses(void **state)
{
    (void)state;
    check_address("{\"conn_url\": \"postgres://u@HOST:5433/db\"}", "host", 5433);
    check_address("{\"conn_url\": \"postgres://[::1]/db\"}", "::1", 5432);
    check_address("{\"conn_url\": \"postgres:///db\"}", NULL, -1);
    check_address("{\"conn_url\": \"\"}", NULL, -1);
    check_address("{}", NULL, -1);
    check_address("{\"conn_kwargs\": {\"host\": \"h\", \"port\": \" 5_433 \"}}", "h", 5433);
    check_address("{\"conn_kwargs\": {\"host\": \"h\", \"port\": \"0\"}}", "h", 0);
    check_address("{\"conn_kwargs\": {\"host\": \"h\", \"port\": 0}}", "h", -1);
    check_address("{\"conn_kwargs\": {\"port\": \"abc\"}}", NULL, -1);
    check_address("{\"conn_kwargs\": [[\"host\", \"h\"], {\"port\": 1, \"5\": 2}, \"xy\"]}", "h", 5);
    check_address("{\"conn_kwargs\": {}, \"conn_url\": \"postgres://h/\"}", "h", 5432);
}

static void bad_addresses(void **state)
{
    static const char *const bad[] = {
        "{\"conn_url\": \"postgres://h:99999/\"}",
        "{\"conn_url\": 5}",
        "{\"conn_kwargs\": 5}",
        "{\"conn_kwargs\": \"host=h\"}",
        "{\"conn_kwargs\": [[\"host\"]]}",
        "{\"conn_kwargs\": {\"host\": \"h\", \"port\": \"x\"}}",
        "{\"conn_kwargs\": [[[], 1]]}",
    };
    struct arena *arena = arena_new(NULL);
    struct value host, port;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct err err = ERR_INIT;

        assert_false(member_address(member_of(arena, bad[i]), arena, &host, &port, &err));
        assert_memory_equal(err.message, "member pg1: ", 12);
    }
    arena_free(arena);
}

static void positions(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct err err = ERR_INIT;
    const struct member *member = member_of(arena, "{\"receive_lsn\": \"0x10\", \"replay_lsn\": \"1e400\"}");
    lsn_t lsn = 1;

    (void)state;
    assert_true(member_lsn(member, arena, "receive_lsn", &lsn, &err) && lsn == 16);
    assert_true(member_lsn(member, arena, "xlog_location", &lsn, &err) && lsn == 0);
    assert_false(member_lsn(member, arena, "replay_lsn", &lsn, &err));
    arena_free(arena);
}

static void nofailover(void **state)
{
    static const struct {
        const char *value;
        bool expected;
    } cases[] = {
        {"{}", false},
        {"{\"tags\": {\"nofailover\": true}}", true},
        {"{\"tags\": {\"nofailover\": \"false\"}}", true},
        {"{\"tags\": {\"nofailover\": null, \"failover_priority\": 0}}", true},
        {"{\"tags\": {\"nofailover\": false, \"failover_priority\": 0}}", false},
        {"{\"tags\": {\"failover_priority\": \"-1\"}}", true},
        {"{\"tags\": {\"failover_priority\": \"x\"}}", false},
    };
    struct arena *arena = arena_new(NULL);
    struct err err = ERR_INIT;
    bool found;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(member_is_nofailover(member_of(arena, cases[i].value), arena, &found, &err));
        assert_int_equal(found, cases[i].expected);
    }
    assert_false(member_is_nofailover(member_of(arena, "{\"tags\": null}"), arena, &found, &err));
    arena_free(arena);
}

static void health(void **state)
{
    static const struct {
        const char *state;
        enum health health;
    } cases[] = {
        {"running", HEALTH_WELL},
        {"streaming", HEALTH_WELL},
        {"in archive recovery", HEALTH_WELL},
        {"creating replica", HEALTH_CHANGING},
        {"starting", HEALTH_CHANGING},
        {"", HEALTH_CHANGING},
        {"stopped", HEALTH_BAD},
        {"crashed", HEALTH_BAD},
        {"start failed", HEALTH_BAD},
        {"custom bootstrap failed", HEALTH_BAD},
    };
    const struct value number = value_int(1);

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct value value = value_string(cases[i].state);

        assert_int_equal(member_health(&value), cases[i].health);
    }
    assert_int_equal(member_health(&number), HEALTH_CHANGING);
    assert_int_equal(member_health(NULL), HEALTH_CHANGING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(form_of_old),   cmocka_unit_test(addresses),
                                       cmocka_unit_test(bad_addresses), cmocka_unit_test(positions),
                                       cmocka_unit_test(health),        cmocka_unit_test(nofailover)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
