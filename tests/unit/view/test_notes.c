#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../../src/view/state.h"
#include "../model/tree.h"
#include "pgha/str.h"

static const char *notes_of(struct arena *arena, const char *config, const char *failover)
{
    const char *const keys[] = {"config", config, "failover", failover, NULL};
    struct cluster cluster;
    struct str text;

    assert_true(cluster_of(arena, keys, false, &cluster));
    str_init(&text, arena);
    notes_write(&cluster, &text);
    return text.text;
}

static void notes(void **state)
{
    struct arena *arena = arena_new(NULL);

    (void)state;
    assert_string_equal(notes_of(arena, "{}", "{}"), "");
    assert_string_equal(notes_of(arena, "{\"pause\": true}", "{\"scheduled_at\": \"2030-01-01T00:00Z\"}"),
                        " Maintenance mode: on\n");
    assert_string_equal(notes_of(arena, "{\"pause\": \"on\"}",
                                 "{\"leader\": \"a\", \"member\": [true], \"scheduled_at\": \"2030-01-01T00:00Z\"}"),
                        " Maintenance mode: on\n"
                        " Switchover scheduled at: 2030-01-01T00:00:00+00:00\n"
                        "                    from: a\n"
                        "                      to: [True]\n");
    assert_string_equal(notes_of(arena, "{}", "a:b"), "");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(notes)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
