#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../../src/view/state.h"
#include "pgha/str.h"
#include "tree.h"

static const char *written(struct arena *arena, const char *config, const char *failover, const char *prog)
{
    const char *const keys[] = {"config", config, "failover", failover, NULL};
    struct cluster cluster;
    struct str text;

    assert_true(cluster_of(arena, keys, false, &cluster));
    str_init(&text, arena);
    notes_write(&cluster, differences_for(prog), &text);
    return text.text;
}

static const char *notes_of(struct arena *arena, const char *config, const char *failover)
{
    const char *text = written(arena, config, failover, "patronictl");

    assert_string_equal(written(arena, config, failover, "pgha"), text);
    return text;
}

static void overdue(void **state)
{
    static const char *const key = "{\"leader\": \"a\", \"scheduled_at\": \"2020-01-01T01:00+01:00\"}";
    struct arena *arena = arena_new(NULL);

    (void)state;
    assert_string_equal(written(arena, "{}", key, "pgha"),
                        " Switchover scheduled at: 2020-01-01T01:00:00+01:00 (overdue)\n"
                        "                    from: a\n");
    assert_string_equal(written(arena, "{}", key, "patronictl"), " Switchover scheduled at: 2020-01-01T01:00:00+01:00\n"
                                                                 "                    from: a\n");
    arena_free(arena);
}

static void notes(void **state)
{
    struct arena *arena = arena_new(NULL);

    (void)state;
    assert_string_equal(notes_of(arena, "{}", "{}"), "");
    assert_string_equal(notes_of(arena, "{\"pause\": true}", "{\"scheduled_at\": \"2099-01-01T00:00Z\"}"),
                        " Maintenance mode: on\n");
    assert_string_equal(notes_of(arena, "{\"pause\": \"on\"}",
                                 "{\"leader\": \"a\", \"member\": [true], \"scheduled_at\": \"2099-01-01T00:00Z\"}"),
                        " Maintenance mode: on\n"
                        " Switchover scheduled at: 2099-01-01T00:00:00+00:00\n"
                        "                    from: a\n"
                        "                      to: [True]\n");
    assert_string_equal(notes_of(arena, "{}", "a:b"), "");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(notes), cmocka_unit_test(overdue)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
