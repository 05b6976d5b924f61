#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "call.h"

#define KEY "/service/batman/"

static const char *const keys[] = {
    KEY "initialize",
    "7",
    KEY "leader",
    "pg1",
    KEY "members/pg1",
    "{\"conn_url\":\"postgres://user:secret@10.0.1.1:5433/postgres\",\"role\":\"primary\"}",
    KEY "members/pg2",
    "{\"conn_url\":\"postgres://[fd00::7]/postgres\"}",
    KEY "members/pg3",
    "{\"conn_kwargs\":{\"port\":true}}",
    KEY "members/pg4",
    "{}",
    KEY "members/pg5",
    "{\"conn_url\":\"postgres://h:x/y\"}",
    KEY "members/pg6",
    "{\"conn_kwargs\":{\"host\":\"h sslmode=disable\",\"port\":\"1 service=x\"}}",
    NULL,
};

static void addresses(void **state)
{
    static const struct {
        const char *prog;
        const char *words[6];
        int status;
        const char *out;
        const char *err;
    } rows[] = {
        {"patronictl", {"dsn"}, 0, "host=10.0.1.1 port=5433\n", ""},
        {"patronictl", {"dsn", "-r", "primary"}, 0, "host=10.0.1.1 port=5433\n", ""},
        {"patronictl", {"dsn", "-r", "replica"}, 0, "host=fd00::7 port=5432\n", ""},
        {"patronictl", {"dsn", "-m", "pg3"}, 0, "host=None port=True\n", ""},
        {"pgha", {"dsn", "-m", "pg3"}, 1, "", "Error: member \"pg3\": no address of its PostgreSQL is in the store\n"},
        {"pgha", {"dsn"}, 0, "host=10.0.1.1 port=5433\n", ""},
        {"pgha", {"dsn", "-m", "pg2"}, 0, "host=fd00::7 port=5432\n", ""},
        {"patronictl", {"dsn", "-m", "pg6"}, 0, "host=h sslmode=disable port=1 service=x\n", ""},
        {"pgha",
         {"dsn", "-m", "pg6"},
         1,
         "",
         "Error: member \"pg6\": what the store has for the host of its PostgreSQL is no name and no address of a "
         "host\n"},
        {"patronictl", {"dsn", "-m", "pg4"}, 1, "", "Error: member pg4 has no address of its PostgreSQL in the DCS\n"},
        {"patronictl", {"dsn", "-r", "standby-leader"}, 1, "", "Error: Can not find a suitable member\n"},
        {"patronictl", {"dsn", "-m", "pg9"}, 1, "", "Error: Can not find a suitable member\n"},
        {"pgha",
         {"dsn", "-m", "pg9"},
         1,
         "",
         "Error: pg9 is not a member of cluster batman; its members are: pg1, pg2, pg3, pg4, pg5, pg6\n"},
        {"patronictl",
         {"dsn", "-m", "pg1", "-r", "any"},
         1,
         "",
         "Error: --role and --member are mutually exclusive options\n"},
    };
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct call call = call_run(arena, rows[i].prog, keys, rows[i].words);

        assert_string_equal(call.out, rows[i].out);
        assert_string_equal(call.err, rows[i].err);
        assert_int_equal(call.status, rows[i].status);
        call_free(&call);
    }
    arena_free(arena);
}

static void a_port_that_is_none(void **state)
{
    static const char *const words[] = {"dsn", "-m", "pg5", NULL};
    struct arena *arena = arena_new(NULL);
    struct call call = call_run(arena, "patronictl", keys, words);

    (void)state;
    assert_int_equal(call.status, 1);
    assert_string_equal(call.out, "");
    assert_memory_equal(call.err, "Error: ", 7);
    call_free(&call);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(addresses), cmocka_unit_test(a_port_that_is_none)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
