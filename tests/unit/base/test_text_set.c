#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pgha/arena.h"
#include "pgha/text_set.h"

static void sorted_and_each_once(void **state)
{
    static const char *const texts[] = {"pg2", "pg10", "", "pg2", "\xc3\xa4", "pg1"};
    static const char *const wanted[] = {"", "pg1", "pg10", "pg2", "\xc3\xa4"};
    struct arena *arena = arena_new(NULL);
    struct text_set set = text_set_make(arena, texts, sizeof texts / sizeof *texts);

    (void)state;
    assert_int_equal(set.count, sizeof wanted / sizeof *wanted);
    for (size_t i = 0; i < set.count; i++) {
        assert_string_equal(set.items[i], wanted[i]);
        assert_true(text_set_has(&set, wanted[i]));
    }
    assert_false(text_set_has(&set, "pg"));
    assert_false(text_set_has(&set, "pg3"));
    arena_free(arena);
}

static void empty(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct text_set set = text_set_make(arena, NULL, 0);

    (void)state;
    assert_int_equal(set.count, 0);
    assert_false(text_set_has(&set, ""));
    arena_free(arena);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(sorted_and_each_once),
        cmocka_unit_test(empty),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
