#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "call.h"

#define KEY "/service/batman/"

/* What `version batman WORDS` prints about members that answer with these bodies; NULL: nobody listens. */
static struct call ask(struct arena *arena, const char *prog, const char *const *bodies, size_t count,
                       const char *const *names)
{
    struct fake_http *members[4];
    const char *keys[2 * 6] = {KEY "initialize", "7"}, *words[8] = {"version", "batman"};
    struct call call;

    for (size_t i = 0; i < count; i++) {
        members[i] = bodies[i] ? fake_http_serve(bodies[i]) : NULL;
        keys[2 + 2 * i] = arena_printf(arena, KEY "members/pg%zu", i + 1);
        keys[3 + 2 * i] = arena_printf(arena, "{\"api_url\":\"%s/patroni\"}",
                                       members[i] ? fake_http_url(members[i]) : "http://127.0.0.1:1");
    }
    for (size_t i = 0; names && names[i]; i++)
        words[2 + i] = names[i];
    call = call_run(arena, prog, keys, words);
    for (size_t i = 0; i < count; i++) {
        if (!members[i])
            continue;
        if (fake_http_count(members[i]))
            assert_memory_equal(fake_http_request(members[i], 0), "GET /patroni HTTP/1.1\r\n", 23);
        fake_http_stop(members[i]);
    }
    return call;
}

/* Holds DIFF_VERSION_OWN. */
static void its_own(void **state)
{
    static const char *const keys[] = {NULL}, *const words[] = {"version", NULL};
    struct arena *arena = arena_new(NULL);
    struct call call = call_run(arena, "patronictl", keys, words);

    (void)state;
    assert_string_equal(call.out, "patronictl version 4.1.5\n");
    assert_int_equal(call.status, 0);
    call_free(&call);
    call = call_run(arena, "pgha", keys, words);
    assert_string_equal(call.out, "pgha version " PGHA_VERSION "\n");
    call_free(&call);
    arena_free(arena);
}

static void answers(void **state)
{
    static const struct {
        const char *body;
        const char *line; /* NULL: the version could not be had */
    } rows[] = {
        {"{\"patroni\":{\"version\":\"4.1.5\"},\"server_version\":150004}", "Patroni 4.1.5 PostgreSQL 15.4"},
        {"{\"patroni\":{\"version\":\"4.1.5\"},\"server_version\":100000}", "Patroni 4.1.5 PostgreSQL 10.0"},
        {"{\"patroni\":{\"version\":\"4.1.5\"},\"server_version\":99999}", "Patroni 4.1.5 PostgreSQL 9.99.99"},
        {"{\"patroni\":{\"version\":\"2.1.7\"},\"server_version\":90624}", "Patroni 2.1.7 PostgreSQL 9.6.24"},
        {"{\"patroni\":{\"version\":\"4.0\"},\"server_version\":null}", "Patroni 4.0"},
        {"{\"patroni\":{\"version\":\"4.0\"},\"server_version\":0}", "Patroni 4.0"},
        {"{\"patroni\":{\"version\":\"4.0\"},\"server_version\":\"\"}", "Patroni 4.0"},
        {"{\"patroni\":{\"version\":4.5}}", "Patroni 4.5"},
        {"{\"patroni\":{}}", "Patroni None"},
        {"{\"server_version\":160002}", "Patroni None PostgreSQL 16.2"},
        {"{\"patroni\":{\"version\":\"4.0\"},\"server_version\":\"150004\"}", NULL},
        {"{\"patroni\":null}", NULL},
        {"{\"patroni\":\"4.0\"}", NULL},
        {"[]", NULL},
        {"hello", NULL},
        {"", NULL},
    };
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct call call = ask(arena, "patronictl", &rows[i].body, 1, NULL);
        const char *start = "patronictl version 4.1.5\n\npg1: failed to get version: ";

        if (rows[i].line)
            assert_string_equal(call.out, arena_printf(arena, "patronictl version 4.1.5\n\npg1: %s\n", rows[i].line));
        else
            assert_memory_equal(call.out, start, strlen(start));
        assert_int_equal(call.status, 0);
        call_free(&call);
        call = ask(arena, "pgha", &rows[i].body, 1, NULL);
        assert_int_equal(call.status, rows[i].line ? 0 : 3);
        call_free(&call);
    }
    arena_free(arena);
}

static void who_is_asked(void **state)
{
    static const char *const bodies[] = {"{\"patroni\":{\"version\":\"1\"}}", NULL,
                                         "{\"patroni\":{\"version\":\"3\"}}"};
    static const char *const dead[] = {NULL, NULL};
    static const struct {
        const char *prog;
        const char *names[4];
        int status;
        const char *out; /* after the client's own version; "!" stands for an error's text */
    } rows[] = {
        {"patronictl", {NULL}, 0, "pg1: Patroni 1\npg2: !\npg3: Patroni 3\n"},
        {"pgha", {NULL}, 3, "pg1: Patroni 1\npg2: !\npg3: Patroni 3\n"},
        {"pgha", {"pg3", "pg1", "pg3"}, 0, "pg1: Patroni 1\npg3: Patroni 3\n"},
        {"patronictl", {"pg3", "pg9"}, 0, "pg3: Patroni 3\n"},
        {"pgha", {"pg3", "pg9"}, 1, ""},
        {"pgha", {"pg2"}, 5, "pg2: !\n"},
    };
    struct arena *arena = arena_new(NULL);
    struct call call;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        call = ask(arena, rows[i].prog, bodies, 3, rows[i].names);
        char *text = strstr(call.out, "\n\n") + 2, *error = strstr(text, "failed to get version: ");

        if (error) {
            char *end = strchr(error, '\n');

            *error = '!';
            memmove(error + 1, end, strlen(end) + 1);
        }
        assert_string_equal(text, rows[i].out);
        assert_int_equal(call.status, rows[i].status);
        call_free(&call);
    }
    call = ask(arena, "pgha", dead, 2, NULL);
    assert_int_equal(call.status, 5);
    call_free(&call);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(its_own), cmocka_unit_test(answers),
                                       cmocka_unit_test(who_is_asked)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
