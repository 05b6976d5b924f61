#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "call.h"

#define KEY "/service/batman/"

/* `edit-config` with these words, over a configuration; `conflict`: somebody else is faster. */
static struct call edit(struct arena *arena, const char *prog, bool conflict, const char *input,
                        const char *const *given)
{
    static const char *const keys[] = {KEY "config", "{\"ttl\":30,\"big\":123456789012345678901234567890}",
                                       KEY "initialize", "7", NULL};
    const struct fake_answer answers[] = {store_range(arena, keys), store_txn(arena, !conflict)};
    const struct call_world world = {.answers = answers, .count = 2, .input = input};
    const char *words[16] = {"edit-config"};

    for (size_t i = 0; given[i]; i++)
        words[1 + i] = given[i];
    return call_run_in(arena, prog, &world, words);
}

/* Whether the last request of the call writes the value under the condition that the revision is the one that was read.
 */
static bool wrote(struct arena *arena, const struct call *call, const char *value)
{
    return call->asked == 2 && strstr(call->last, "\"mod_revision\":\"5\"") &&
           strstr(call->last, base64_encode(arena, value, strlen(value)));
}

static void writes_what_was_asked_for(void **state)
{
    static const char *const words[] = {"-s", "ttl=31", "-p", "a.b=on", "--force", NULL};
    struct arena *arena = arena_new(NULL);
    struct call call = edit(arena, "patronictl", false, NULL, words);

    (void)state;
    assert_int_equal(call.status, 0);
    assert_true(
        wrote(arena, &call,
              "{\"ttl\":31,\"big\":123456789012345678901234567890,\"postgresql\":{\"parameters\":{\"a.b\":true}}}"));
    assert_non_null(strstr(call.out, "\n-ttl: 30\n+postgresql:\n+  parameters:\n+    a.b: true\n+ttl: 31\n"));
    assert_non_null(strstr(call.out, "Configuration changed\n"));
    call_free(&call);
    arena_free(arena);
}

static void asks(void **state)
{
    static const struct {
        const char *input;
        int status;
        size_t asked;
    } rows[] = {{"y\n", 0, 2}, {"n\n", 0, 1}, {"\n", 0, 1}, {"", 1, 1}};
    static const char *const words[] = {"-q", "-s", "ttl=31", NULL};
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct call call = edit(arena, "pgha", false, rows[i].input, words);

        assert_int_equal(call.status, rows[i].status);
        assert_int_equal(call.asked, rows[i].asked);
        assert_memory_equal(call.out, "Apply these changes? [y/N]: ", 28);
        call_free(&call);
    }
    arena_free(arena);
}

static void writes_nothing(void **state)
{
    static const struct {
        const char *words[4];
        const char *input;
        int status;
        const char *out; /* NULL: not looked at */
    } rows[] = {
        {{"-s", "ttl=30.0", NULL}, NULL, 0, "Not changed\n"},
        {{"-q", "-s", "ttl=30", NULL}, NULL, 0, ""},
        {{"-s", "ttl", "--force", NULL}, NULL, 2, ""},
        {{"-s", "d=2020-01-01", "--force", NULL}, NULL, 1, ""},
        {{"--apply", "-", NULL}, "ttl: 31\n", 0, NULL},
        {{"--apply", "-", "--force", NULL}, "- a\n", 1, ""},
        {{"--replace", "/nowhere/p.yml", "--force", NULL}, NULL, 1, ""},
    };
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct call call = edit(arena, "pgha", false, rows[i].input, rows[i].words);

        assert_int_equal(call.status, rows[i].status);
        assert_int_equal(call.asked, 1);
        if (rows[i].out)
            assert_string_equal(call.out, rows[i].out);
        call_free(&call);
    }
    arena_free(arena);
}

static void lost_races(void **state)
{
    static const char *const words[] = {"-q", "-s", "ttl=31", "--force", NULL};
    struct arena *arena = arena_new(NULL);
    struct call call = edit(arena, "pgha", true, NULL, words);

    (void)state;
    assert_int_equal(call.status, 1);
    assert_string_equal(call.out, "");
    assert_string_equal(call.err, "Error: Config modification aborted due to concurrent changes\n");
    call_free(&call);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(writes_what_was_asked_for), cmocka_unit_test(asks),
                                       cmocka_unit_test(writes_nothing), cmocka_unit_test(lost_races)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
