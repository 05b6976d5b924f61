#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pgha/arena.h"
#include "pgha/str.h"

static void grows(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct str str;

    (void)state;
    str_init(&str, arena);
    assert_string_equal(str.text, "");
    for (int i = 0; i < 1000; i++)
        str_printf(&str, "%d,", i);
    assert_int_equal(str.length, 3890);
    str_cut(&str, 4);
    str_add_repeat(&str, '-', 3);
    assert_string_equal(str.text, "0,1,---");
    arena_free(arena);
}

static void numbers(void **state)
{
    int64_t number = 42;

    (void)state;
    assert_true(str_to_int64("-7", -10, 10, &number));
    assert_int_equal(number, -7);
    static const char *const bad[] = {"", " 7", "7 ", "0x7", "11", "-", "99999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(str_to_int64(bad[i], -10, 10, &number));
    assert_int_equal(number, -7);
}

/* Holds DIFF_LONG_ERRORS. */
static void shortens(void **state)
{
    struct arena *arena = arena_new(NULL);
    const char *text = "gr\xc3\xbc\xc3\x9f";

    (void)state;
    assert_ptr_equal(str_shorten(arena, text, 6), text);
    assert_string_equal(str_shorten(arena, text, 5), "gr\xc3\xbc...");
    assert_string_equal(str_shorten(arena, text, 4), "gr\xc3\xbc...");
    assert_string_equal(str_shorten(arena, text, 3), "gr...");
    arena_free(arena);
}

static void compares(void **state)
{
    struct arena *arena = arena_new(NULL);

    (void)state;
    assert_true(str_equal(NULL, NULL));
    assert_false(str_equal(NULL, ""));
    assert_true(str_starts_with("abc", "ab"));
    assert_false(str_ends_with("c", "bc"));
    assert_string_equal(str_trim(arena, " \ta b\n"), "a b");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(grows), cmocka_unit_test(numbers), cmocka_unit_test(shortens),
                                       cmocka_unit_test(compares)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
