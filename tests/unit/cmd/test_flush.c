#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "call.h"

#define KEY "/service/batman/"
#define SCHEDULED(at) "{\"leader\":\"pg1\",\"scheduled_at\":\"" at "\"}"

/* The key is read, no member can be reached, and somebody else changes the key before it is written. */
static void changed_meanwhile(void **state)
{
    static const struct {
        const char *now;
        int status;
        const char *out, *err;
    } rows[] = {
        {NULL, 0, "Success: the switchover is not scheduled any more\n", ""},
        {"{}", 0, "Success: the switchover is not scheduled any more\n", ""},
        {SCHEDULED("2031-01-01T00:00:00+00:00"), 3, "",
         "Error: the scheduled switchover was changed meanwhile and is left alone: it is scheduled at "
         "2031-01-01T00:00:00+00:00 now\n"},
    };
    static const char *const words[] = {"flush", "batman", "switchover", NULL};
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *before[] = {
            KEY "failover", SCHEDULED("2030-01-01T00:00:00+00:00"), KEY "leader", "pg1", KEY "members/pg1", "{}", NULL};
        const char *after[] = {KEY "leader", "pg1", KEY "members/pg1", "{}", rows[i].now ? KEY "failover" : NULL,
                               rows[i].now,  NULL};
        const struct fake_answer answers[] = {store_range(arena, before),
                                              store_answer(arena, "{\"header\":{\"revision\":\"9\"}}"),
                                              store_range(arena, after)};
        const struct call_world world = {.answers = answers, .count = 3};
        struct call call = call_run_in(arena, "pgha", &world, words);

        assert_int_equal(call.status, rows[i].status);
        assert_true(str_ends_with(call.out, rows[i].out));
        assert_true(str_ends_with(call.err, rows[i].err));
        call_free(&call);
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(changed_meanwhile)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
