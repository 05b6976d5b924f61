#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "pgha/arena.h"
#include "pgha/style.h"

static void only_with_colour(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct str text;

    (void)state;
    str_init(&text, arena);
    style_add(&text, true, STYLE_LEADER, "a", 1);
    style_add(&text, true, STYLE_PLAIN, "b", 1);
    style_add(&text, false, STYLE_ALARM, "c", 1);
    style_add(&text, true, STYLE_ALARM, "", 0);
    assert_string_equal(text.text, "\033[32ma\033[0mbc");
    arena_free(arena);
}

static const char *message(struct arena *arena, bool colour, const char *text)
{
    struct str str;

    str_init(&str, arena);
    style_add_message(&str, colour, text);
    return str.text;
}

static void messages(void **state)
{
    struct arena *arena = arena_new(NULL);

    (void)state;
    assert_string_equal(message(arena, true, "Error: x\n"), "\033[1;31mError:\033[0m x\n");
    assert_string_equal(message(arena, true, "Warning: x\n"), "\033[33mWarning:\033[0m x\n");
    assert_string_equal(message(arena, false, "Error: x\n"), "Error: x\n");
    assert_string_equal(message(arena, true, "Success: no Error: x\n"), "Success: no Error: x\n");
    arena_free(arena);
}

static void check_measure(const char *text, size_t columns, size_t lines)
{
    size_t found_columns, found_lines;

    style_measure(text, strlen(text), &found_columns, &found_lines);
    assert_int_equal(found_columns, columns);
    assert_int_equal(found_lines, lines);
}

static void measures_what_is_seen(void **state)
{
    (void)state;
    check_measure("", 0, 0);
    check_measure("\n\n", 0, 2);
    check_measure("ab\nabc", 3, 2);
    check_measure("a\033[1;31mb\033[0m\n", 2, 1);
    check_measure("\u65e5\u672c\n", 4, 1);
    check_measure("e\u0301\n", 1, 1);
}

static const char *cut(struct arena *arena, const char *text, size_t columns)
{
    struct str str;

    str_init(&str, arena);
    str_add(&str, text);
    style_cut(&str, columns);
    return str.text;
}

static void cuts_long_lines(void **state)
{
    struct arena *arena = arena_new(NULL);

    (void)state;
    assert_string_equal(cut(arena, "12345\n123456\n\nx", 5), "12345\n1234>\n\nx");
    assert_string_equal(cut(arena, "\u65e5\u672c\u65e5\n", 5), "\u65e5\u672c>\n");
    assert_string_equal(cut(arena, "\u65e5\u672c\u65e5\n", 4), "\u65e5>\n");
    /* A colour does not run on into what follows, and is not ended twice. */
    assert_string_equal(cut(arena, "\033[32mabcdef\033[0mg\n", 4), "\033[32mabc\033[0m>\n");
    assert_string_equal(cut(arena, "\033[32mab\033[0mcdefg\n", 4), "\033[32mab\033[0mc>\n");
    assert_string_equal(cut(arena, "\033[32mabcd\033[0m\n", 4), "\033[32mabcd\033[0m\n");
    arena_free(arena);
}

static void counts_wrapped_lines(void **state)
{
    static const struct {
        const char *text;
        size_t columns, lines;
    } rows[] = {
        {"", 5, 0}, {"\n\n", 5, 2}, {"12345\n123456\n", 5, 3}, {"12345678901", 5, 3}, {"\u65e5\u672c\u65e5\n", 3, 2}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(style_screen_lines(rows[i].text, strlen(rows[i].text), rows[i].columns), rows[i].lines);
}

static const char *wrap(struct arena *arena, const char *text, size_t columns)
{
    struct str str;

    str_init(&str, arena);
    str_add(&str, text);
    style_wrap(&str, columns);
    return str.text;
}

static void wraps_at_blanks(void **state)
{
    struct arena *arena = arena_new(NULL);

    (void)state;
    assert_string_equal(wrap(arena, "one two three\n", 7), "one two\nthree\n");
    assert_string_equal(wrap(arena, "one two three\n", 8), "one two\nthree\n");
    assert_string_equal(wrap(arena, "one two three\n", 13), "one two three\n");
    assert_string_equal(wrap(arena, "a 1234567 b\n", 3), "a\n123\n456\n7 b\n");
    assert_string_equal(wrap(arena, "ab\ncd ef\n", 4), "ab\ncd\nef\n");
    assert_string_equal(wrap(arena, "\u65e5\u672c\u65e5", 4), "\u65e5\u672c\n\u65e5");
    assert_string_equal(wrap(arena, "\u65e5x", 1), "\u65e5\nx");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(only_with_colour),      cmocka_unit_test(messages),
                                       cmocka_unit_test(measures_what_is_seen), cmocka_unit_test(cuts_long_lines),
                                       cmocka_unit_test(counts_wrapped_lines),  cmocka_unit_test(wraps_at_blanks)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
