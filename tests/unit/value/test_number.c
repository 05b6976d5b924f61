#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pgha/arena.h"
#include "pgha/number.h"
#include "pgha/str.h"

static void reads_integers(void **state)
{
    static const struct {
        const char *digits;
        int base;
        bool negative;
        const char *text;
    } cases[] = {
        {"0", 10, true, "0"},
        {"9223372036854775807", 10, false, "9223372036854775807"},
        {"9223372036854775808", 10, false, "9223372036854775808"},
        {"9223372036854775808", 10, true, "-9223372036854775808"},
        {"9223372036854775809", 10, true, "-9223372036854775809"},
        {"1000000000000000000000000000", 10, false, "1000000000000000000000000000"},
        {"ffffffffffffffffFF", 16, false, "4722366482869645213695"},
        {"777", 8, false, "511"},
        {"101", 2, true, "-5"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(NULL);
        struct value value;
        struct str out;

        str_init(&out, arena);
        assert_true(
            number_read(arena, cases[i].digits, strlen(cases[i].digits), cases[i].base, cases[i].negative, &value));
        value_str(&value, &out);
        assert_string_equal(out.text, cases[i].text);
        arena_free(arena);
    }
}

static void fits_or_is_big(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct value value;

    (void)state;
    assert_true(number_read(arena, "9223372036854775808", 19, 10, true, &value));
    assert_int_equal(value.kind, VALUE_INT);
    assert_true(value.integer == INT64_MIN);
    assert_true(number_read(arena, "9223372036854775808", 19, 10, false, &value));
    assert_int_equal(value.kind, VALUE_BIG);
    arena_free(arena);
}

static void refuses_other_characters(void **state)
{
    static const char *const bad[] = {"", "8", "-1", "?", "1 ", "G", "a"};
    struct arena *arena = arena_new(NULL);
    struct value value;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(number_read(arena, bad[i], strlen(bad[i]), 8, false, &value));
    assert_false(number_read(arena, "g", 1, 16, false, &value));
    arena_free(arena);
}

static void writes_the_shortest_float(void **state)
{
    static const struct {
        double real;
        const char *text;
    } cases[] = {
        {0.1, "0.1"},
        {1, "1.0"},
        {-0.0, "-0.0"},
        {1e15, "1000000000000000.0"},
        {1e16, "1e+16"},
        {123456789.125, "123456789.125"},
        {0.0001, "0.0001"},
        {0.00001, "1e-05"},
        {1.5e300, "1.5e+300"},
        {5e-324, "5e-324"},
        {1.7976931348623157e308, "1.7976931348623157e+308"},
        {0x1p-24,
         "5.960464477539063e-08"}, /* the nearest text with so many digits ends in 2 and reads back as another */
        {0x1p172, "5.986310706507379e+51"},
        {INFINITY, "inf"},
        {-INFINITY, "-inf"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(NULL);
        struct str out;

        str_init(&out, arena);
        number_write_float(cases[i].real, &out);
        assert_string_equal(out.text, cases[i].text);
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_integers),
        cmocka_unit_test(fits_or_is_big),
        cmocka_unit_test(refuses_other_characters),
        cmocka_unit_test(writes_the_shortest_float),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
