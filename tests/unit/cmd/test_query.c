#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "call.h"
#include "fake_postgres.h"

#define KEY "/service/batman/"

static struct fake_reply reply(struct arena *arena)
{
    struct fake_reply made = {0};

    str_init(&made.messages, arena);
    return made;
}

/* A row of an integer, a decimal number, a date and some text. */
static struct fake_reply rows(struct arena *arena, const char *date, const char *text)
{
    static const char *const names[] = {"i", "n", "d", "t"};
    static const unsigned types[] = {23, 1700, 1082, 25};
    const char *cells[] = {"7", "0.0000001", date, text};
    struct fake_reply made = reply(arena);

    fake_postgres_columns(&made.messages, 4, names, types);
    fake_postgres_row(&made.messages, 4, cells);
    fake_postgres_tag(&made.messages, "SELECT 1");
    return made;
}

/* Runs `query -c x WORDS` against a server with this one reply. The time in a row is cut off the output. */
static struct call query(struct arena *arena, const char *prog, struct fake_reply answer, const char *const *more)
{
    const struct fake_session session = {.replies = &answer, .reply_count = 1};
    struct fake_postgres *fake = fake_postgres_start(&session);
    const char *words[10] = {"query", "-c", "x", "-U", "bob"};
    const char *const keys[] = {
        KEY "initialize",
        "7",
        KEY "leader",
        "pg1",
        KEY "members/pg1",
        arena_printf(arena, "{\"conn_url\":\"postgres://127.0.0.1:%d/x\"}", fake_postgres_port(fake)),
        NULL};

    for (size_t i = 0; more[i]; i++)
        words[5 + i] = more[i];
    struct call call = call_run(arena, prog, keys, words);
    char *row = strstr(call.out, "\tERROR, ");
    if (row)
        memmove(call.out, row, strlen(row) + 1);
    fake_postgres_stop(fake);
    return call;
}

static void check(struct call call, int status, const char *out, const char *err)
{
    assert_string_equal(call.out, out);
    assert_string_equal(call.err, err);
    assert_int_equal(call.status, status);
    call_free(&call);
}

static void formats(void **state)
{
    static const char *const tsv[] = {NULL}, *const delimiter[] = {"--delimiter", "; ", NULL};
    static const char *const json[] = {"--format", "json", NULL}, *const yaml[] = {"--format", "yml", NULL};
    static const char *const topology[] = {"--format", "topology", NULL}, *const none[] = {"--format", "xml", NULL};
    struct arena *arena = arena_new(NULL);
    struct fake_reply made = rows(arena, "2020-02-29", "x");

    (void)state;
    check(query(arena, "patronictl", made, tsv), 0, "i\tn\td\tt\n7\t1E-7\t2020-02-29\tx\n", "");
    check(query(arena, "patronictl", made, delimiter), 0, "i; n; d; t\n7; 1E-7; 2020-02-29; x\n", "");
    check(query(arena, "patronictl", made, json), 1, "", "Error: Object of type Decimal cannot be written as JSON\n");
    check(query(arena, "pgha", made, json), 0,
          "[{\"i\": 7, \"n\": \"0.0000001\", \"d\": \"2020-02-29\", \"t\": \"x\"}]\n", "");
    check(query(arena, "pgha", made, yaml), 0, "- d: 2020-02-29\n  i: 7\n  n: '0.0000001'\n  t: x\n\n", "");
    check(query(arena, "patronictl", made, topology), 0,
          "+---+------+------------+---+\n| i | n    | d          | t |\n+---+------+------------+---+\n"
          "| 7 | 1E-7 | 2020-02-29 | x |\n+---+------+------------+---+\n",
          "");
    check(query(arena, "patronictl", made, none), 0, "", "");
    struct call call = query(arena, "pgha", made, none);
    assert_int_equal(call.status, 2);
    assert_string_equal(call.out, "");
    call_free(&call);
    arena_free(arena);
}

static void failures(void **state)
{
    static const char *const tsv[] = {NULL}, *const json[] = {"--format", "json", NULL};
    struct arena *arena = arena_new(NULL);
    struct fake_reply error = reply(arena), tag = reply(arena), late = rows(arena, "02/29/2020", "x");

    (void)state;
    fake_postgres_error(&error.messages, "ERROR", "22012", "division by zero");
    fake_postgres_tag(&tag.messages, "UPDATE 3");
    check(query(arena, "patronictl", error, tsv), 0, "\tERROR, SQLSTATE: 22012\n", "");
    check(query(arena, "patronictl", error, json), 0, "[{}]\n", "");
    check(query(arena, "pgha", error, tsv), 3, "\tERROR, SQLSTATE: 22012\n",
          "Error: division by zero (SQLSTATE 22012)\n");
    check(query(arena, "pgha", error, json), 3, "", "Error: division by zero (SQLSTATE 22012)\n");
    check(query(arena, "patronictl", tag, tsv), 0, "\tERROR, SQLSTATE: no results to fetch\n", "");
    check(query(arena, "pgha", tag, tsv), 0, "UPDATE 3\n", "");
    check(query(arena, "pgha", tag, json), 0, "[]\n", "");
    check(query(arena, "patronictl", late, tsv), 0, "\tERROR, SQLSTATE: unable to parse date\n", "");
    check(query(arena, "pgha", late, tsv), 0, "i\tn\td\tt\n7\t1E-7\t02/29/2020\tx\n", "");
    late = rows(arena, "10000-01-01", "x");
    check(query(arena, "patronictl", late, tsv), 1, "", "Error: 10000-01-01 is out of the range of Python's dates\n");
    arena_free(arena);
}

/* The lines before it are out by then; as a table nothing is. */
static void half_a_surrogate_pair(void **state)
{
    static const char *const names[] = {"j"}, *const good[] = {"\"x\""}, *const bad[] = {"\"\\ud800\""};
    static const char *const tsv[] = {NULL}, *const pretty[] = {"--format", "pretty", NULL};
    static const unsigned types[] = {114};
    struct arena *arena = arena_new(NULL);
    struct fake_reply made = reply(arena);

    (void)state;
    fake_postgres_columns(&made.messages, 1, names, types);
    fake_postgres_row(&made.messages, 1, good);
    fake_postgres_row(&made.messages, 1, bad);
    fake_postgres_tag(&made.messages, "SELECT 2");
    check(query(arena, "patronictl", made, tsv), 1, "j\nx\n", "Error: a value in the result has no form in UTF-8\n");
    check(query(arena, "patronictl", made, pretty), 1, "", "Error: a value in the result has no form in UTF-8\n");
    check(query(arena, "pgha", made, tsv), 0, "j\nx\n\"\\ud800\"\n", "");
    arena_free(arena);
}

static void what_to_ask(void **state)
{
    static const char *const keys[] = {NULL};
    static const struct {
        const char *words[8];
        const char *err;
    } cases[] = {
        {{"query"}, "Error: You need to specify either --command or --file\n"},
        {{"query", "-f", "/dev/null", "-c", "x"}, "Error: --file and --command are mutually exclusive options\n"},
        {{"query", "-c", "x", "-m", "a", "-r", "any"}, "Error: --role and --member are mutually exclusive options\n"},
    };
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(call_run(arena, "patronictl", keys, cases[i].words), 1, "", cases[i].err);
    arena_free(arena);
}

static void files(void **state)
{
    char name[] = "/tmp/pgha-test-query-XXXXXX";
    int fd = mkstemp(name);
    const char *const keys[] = {NULL}, *const words[] = {"query", "-f", name, NULL};
    struct arena *arena = arena_new(NULL);

    (void)state;
    assert_int_equal(write(fd, "select '\xff'", 10), 10);
    check(call_run(arena, "patronictl", keys, words), 1, "", "Error: The SQL commands are not UTF-8\n");
    assert_int_equal(pwrite(fd, "select 1\0x", 10, 0), 10);
    check(call_run(arena, "pgha", keys, words), 1, "", "Error: There is a NUL byte in the SQL commands\n");
    close(fd);
    unlink(name);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats),     cmocka_unit_test(failures), cmocka_unit_test(half_a_surrogate_pair),
        cmocka_unit_test(what_to_ask), cmocka_unit_test(files),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
