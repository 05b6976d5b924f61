#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "pgha/arena.h"
#include "pgha/pytext.h"

static void quotes(void **state)
{
    static const char *const cases[][2] = {
        {"", "''"},
        {"x", "'x'"},
        {"it's", "\"it's\""},
        {"\"it's\"", "'\"it\\'s\"'"},
        {"a\\b", "'a\\\\b'"},
        {"\n\r\t\v\x7f", "'\\n\\r\\t\\x0b\\x7f'"},
        {"\xc3\xa9\xc2\xa0", "'\xc3\xa9\\xa0'"},
        {"\xe2\x80\xa8", "'\\u2028'"},
        {"\xf3\xa0\x80\x81", "'\\U000e0001'"},
        {"\xff", "'\\udcff'"},
    };
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str str;

        str_init(&str, arena);
        pytext_repr(&str, cases[i][0]);
        assert_string_equal(str.text, cases[i][1]);
    }
    arena_free(arena);
}

static void strips(void **state)
{
    struct arena *arena = arena_new(NULL);

    (void)state;
    assert_string_equal(pytext_strip(arena, " \t\xc2\xa0"
                                            "a b\xe3\x80\x80\n"),
                        "a b");
    assert_string_equal(pytext_strip(arena, " \n"), "");
    arena_free(arena);
}

static void integers(void **state)
{
    static const struct {
        const char *text;
        long long number;
    } good[] = {
        {"0", 0},
        {"-1", -1},
        {"+5", 5},
        {" 12\n", 12},
        {"007", 7},
        {"1_000", 1000},
        {"\xd9\xa1\xd9\xa2", 12},
        {"\xc2\xa0"
         "3",
         3},
        {"9223372036854775807", INT64_MAX},
    };
    static const char *const bad[] = {"",    " ",    "-",    "+ 5",   "1.0",
                                      "1e3", "0x10", "_1",   "1_",    "1__0",
                                      "1 2", "1-",   "\xff", "\0341", "9223372036854775808"};
    struct arena *arena = arena_new(NULL);
    long long number = 42;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(pytext_to_int(arena, bad[i], &number));
    assert_int_equal(number, 42);
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(pytext_to_int(arena, good[i].text, &number));
        assert_int_equal(number, good[i].number);
    }
    arena_free(arena);
}

static void floats(void **state)
{
    static const struct {
        const char *text;
        double number;
    } good[] = {
        {"1", 1},
        {"-1.5", -1.5},
        {".5", 0.5},
        {"5.", 5},
        {"1_0.2_5", 10.25},
        {"1e3", 1e3},
        {"+1E-2", .01},
        {" \xd9\xa3.5\t", 3.5},
        {"inf", INFINITY},
        {"-Infinity", -INFINITY},
        {"1e999", INFINITY},
    };
    static const char *const bad[] = {"",     ".",    "e5",  "1e",    "1e+",     "0x10",   "1_", "_1",
                                      "1._5", "1__0", "1,5", "often", "infinit", "nan(1)", "1 2"};
    struct arena *arena = arena_new(NULL);
    double number = 42;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(pytext_to_float(arena, bad[i], &number));
    assert_true(number == 42);
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(pytext_to_float(arena, good[i].text, &number));
        assert_true(number == good[i].number);
    }
    assert_true(pytext_to_float(arena, "NaN", &number));
    assert_true(isnan(number));
    arena_free(arena);
}

/* Expected texts come from Python 3.11: str.lower(). */
static void lowers(void **state)
{
    struct arena *arena = arena_new(NULL);

    (void)state;
    assert_string_equal(pytext_lower(arena, "Primary \u00c4"), "primary \u00e4");
    assert_string_equal(pytext_lower(arena, "\u0130I"), "i\u0307i");
    assert_string_equal(pytext_lower(arena, "\u03a3\u0391\u03a3 \u03a3"), "\u03c3\u03b1\u03c2 \u03c3");
    assert_string_equal(pytext_lower(arena, "a\u03a3b a\u03a3."), "a\u03c3b a\u03c2.");
    assert_string_equal(pytext_lower(arena, "A\xed\xa0\x80"), "a\xed\xa0\x80"); /* half of a pair */
    arena_free(arena);
}

/* Expected texts come from Python 3.11: str(UnicodeEncodeError). */
static void latin1(void **state)
{
    struct arena *arena = arena_new(NULL);

    (void)state;
    assert_null(pytext_latin1_error(arena, ""));
    assert_null(pytext_latin1_error(arena, "a\u00ff"));
    assert_string_equal(pytext_latin1_error(arena, "\u00e4\u0431:x"),
                        "'latin-1' codec can't encode character '\\u0431' in position 1: ordinal not in range(256)");
    assert_string_equal(
        pytext_latin1_error(arena, "\U0001f600"),
        "'latin-1' codec can't encode character '\\U0001f600' in position 0: ordinal not in range(256)");
    assert_string_equal(pytext_latin1_error(arena, "a\u0431\u043e\u0431:\u0431"),
                        "'latin-1' codec can't encode characters in position 1-3: ordinal not in range(256)");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lowers),   cmocka_unit_test(quotes), cmocka_unit_test(strips),
        cmocka_unit_test(integers), cmocka_unit_test(floats), cmocka_unit_test(latin1),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
