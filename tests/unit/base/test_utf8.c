#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "pgha/arena.h"
#include "pgha/utf8.h"

static void decodes(void **state)
{
    static const struct {
        const char *text;
        size_t size;
        uint32_t code;
    } cases[] = {
        {"", 0, 0},
        {"a", 1, 'a'},
        {"\xc3\xa9", 2, 0xE9},
        {"\xe2\x82\xac", 3, 0x20AC},
        {"\xf0\x9f\x90\x98", 4, 0x1F418},
        {"\xed\xa0\x80", 3, 0xD800},               /* a surrogate keeps its value */
        {"\x80", 1, UTF8_BYTE + 0x80},             /* continuation without a start */
        {"\xc3", 1, UTF8_BYTE + 0xC3},             /* cut */
        {"\xc3(", 1, UTF8_BYTE + 0xC3},            /* broken off */
        {"\xc0\xaf", 1, UTF8_BYTE + 0xC0},         /* longer than needed */
        {"\xf4\x90\x80\x80", 1, UTF8_BYTE + 0xF4}, /* beyond U+10FFFF */
        {"\xff", 1, UTF8_BYTE + 0xFF},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t code = 0;

        assert_int_equal(utf8_next(cases[i].text, strlen(cases[i].text), &code), cases[i].size);
        assert_int_equal(code, cases[i].code);
    }
}

static void encodes(void **state)
{
    static const char text[] = "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\x98\xff\x80\xed\xa0\x80";
    struct arena *arena = arena_new(NULL);
    size_t left = strlen(text);
    const char *at = text;
    struct str str;
    uint32_t code;

    (void)state;
    str_init(&str, arena);
    for (size_t size; (size = utf8_next(at, left, &code)); at += size, left -= size)
        utf8_add(&str, code);
    assert_string_equal(str.text, text);
    assert_int_equal(utf8_count(text), 7);
    str_cut(&str, 0);
    utf8_add_escaped(&str, text);
    assert_string_equal(str.text, "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\x98\\udcff\\udc80\\ud800");
    arena_free(arena);
}

static void validates(void **state)
{
    (void)state;
    assert_true(utf8_valid("gr\xc3\xb6\xc3\x9f", 6));
    assert_true(utf8_valid("a\0b", 3));
    assert_false(utf8_valid("a\xff", 2));
    assert_false(utf8_valid("\xed\xa0\x80", 3));
}

/* What wcwidth 0.2.5 says. */
static void measures(void **state)
{
    static const struct {
        const char *text;
        int width;
    } cases[] = {
        {"", 0},
        {"pg1", 3},
        {"gr\xc3\xb6\xc3\x9f"
         "e",
         5},
        {"\xe6\x97\xa5\xe6\x9c\xac", 4}, /* ideographs */
        {"\xf0\x9f\x90\x98", 2},         /* an elephant */
        {"e\xcc\x81", 1},                /* a combining accent */
        {"a\xe2\x80\x8b"
         "b",
         2},                     /* a blank without width */
        {"\xc2\xad", 1},         /* a soft hyphen */
        {"\xef\xbb\xbf", 1},     /* a byte order mark */
        {"\xf0\xaf\xb8\xa0", 2}, /* reserved for ideographs */
        {"a\tb", -1},
        {"\xc2\x85", -1},
        {"\xff", 1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(utf8_width(cases[i].text, strlen(cases[i].text)), cases[i].width);
    assert_int_equal(utf8_width("a\0b", 3), 2);
}

static void classifies(void **state)
{
    (void)state;
    assert_true(utf8_is_alnum('a') && utf8_is_alnum('7') && utf8_is_alnum(0xE9) && utf8_is_alnum(0xB2));
    assert_false(utf8_is_alnum('_') || utf8_is_alnum('-') || utf8_is_alnum(UTF8_BYTE + 0xFF));
    assert_true(utf8_is_space(' ') && utf8_is_space(0x1C) && utf8_is_space(0xA0) && utf8_is_space(0x3000));
    assert_false(utf8_is_space(0x200B) || utf8_is_space('a') || utf8_is_space(0x08));
    assert_true(utf8_is_printable(' ') && utf8_is_printable('~') && utf8_is_printable(0x1F418));
    assert_false(utf8_is_printable('\n') || utf8_is_printable(0xA0) || utf8_is_printable(0xAD) ||
                 utf8_is_printable(UTF8_BYTE + 0xFF) || utf8_is_printable(0x378));
    assert_int_equal(utf8_digit('7'), 7);
    assert_int_equal(utf8_digit(0x0669), 9);
    assert_int_equal(utf8_digit(0x0966), 0);
    assert_int_equal(utf8_digit(0x1D7CE), 0);
    assert_int_equal(utf8_digit(0x1D7D9), 1);
    assert_int_equal(utf8_digit(0x1D7FF), 9);
    assert_int_equal(utf8_digit(0xB2), -1);
    assert_int_equal(utf8_digit('a'), -1);
}

static const char *cleaned(struct arena *arena, const char *text, size_t length)
{
    struct str str;

    str_init(&str, arena);
    str_add_bytes(&str, text, length);
    utf8_clean(&str);
    return str.text;
}

#define CLEANED(text) cleaned(arena, text, sizeof(text) - 1)

static void escapes_are_taken_out(void **state)
{
    struct arena *arena = arena_new(NULL);

    (void)state;
    assert_string_equal(CLEANED("a\tb\n\xc3\xa9"), "a\tb\n\xc3\xa9");
    assert_string_equal(CLEANED("a\033[1;31mb\033[0mc"), "abc");
    assert_string_equal(CLEANED("a\033]52;c;eA==\ab\033]0;x\033\\c"), "abc");
    assert_string_equal(CLEANED("a\033P1;2q\033\\b\033^x\ac\033_y\ad\033Xz\ae"), "abcde");
    assert_string_equal(CLEANED("a\033cb\033=c\033"), "abc");
    assert_string_equal(CLEANED("a\033(Bb\033#8c\033 Fd"), "abcd");
    assert_string_equal(CLEANED("a\033]0;never ends\nb\033[3"), "a0;never ends\nb");
    assert_string_equal(CLEANED("a\033]x\033\0y\033"), "axy");
    assert_string_equal(CLEANED("a\033\nb\033[\nc"), "a\nb\nc");
    assert_string_equal(CLEANED("a\rb\bc\x7f\0\302\233d"), "abcd");
    arena_free(arena);
}

static void nothing_is_left_that_acts(void **state)
{
    struct arena *arena = arena_new(NULL);

    (void)state;
    /* What is taken out between two bytes must not join them. */
    assert_string_equal(CLEANED("a\302\033[m\23331mb"), "a??31mb");
    assert_string_equal(CLEANED("a\302\b\233b\302\302\233\233c"), "a??b??c");
    assert_string_equal(CLEANED("a\033\033[m[31mb"), "a[31mb");
    assert_string_equal(CLEANED("\23331m\377\300\257\355\240\200\364\220\200\200\303"), "?31m?????????");
    assert_string_equal(CLEANED("pg\u202e1\u200b\u2028\u2066\ufeff\u00ad\u061c\U000e0041"),
                        "pg\\u202e1\\u200b\\u2028\\u2066\\ufeff\\u00ad\\u061c\\U000e0041");
    assert_string_equal(CLEANED("\u00e9\u0301\u4e2d\u2764\ufe0f\u2010\u2027\u202f\u2070"),
                        "\u00e9\u0301\u4e2d\u2764\ufe0f\u2010\u2027\u202f\u2070");
    assert_true(utf8_is_plain("pg1 \u4e2d"));
    assert_false(utf8_is_plain("a\tb") || utf8_is_plain("a\nb") || utf8_is_plain("\233") || utf8_is_plain("\u200b"));
    arena_free(arena);
}

static void a_line_stays_a_line(void **state)
{
    static const struct {
        const char *given, *cleaned;
    } cases[] = {
        {"", ""}, {"a", "a"}, {"a\tb\n", "a\tb\n"}, {"a\nError: b\n", "a\\nError: b\n"}, {"a\r\n\n", "a\\n\n"}};
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str str;

        str_init(&str, arena);
        str_add(&str, cases[i].given);
        utf8_clean_line(&str);
        assert_string_equal(str.text, cases[i].cleaned);
    }
    arena_free(arena);
}

static void latin1(void **state)
{
    struct arena *arena = arena_new(NULL);

    (void)state;
    assert_string_equal(utf8_to_latin1(arena, "a\xc3\xbc\xc3\xbf"), "a\xfc\xff");
    assert_string_equal(utf8_to_latin1(arena, ""), "");
    assert_null(utf8_to_latin1(arena, "a\xe2\x82\xac"));
    assert_null(utf8_to_latin1(arena, "\xff"));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decodes),
        cmocka_unit_test(encodes),
        cmocka_unit_test(validates),
        cmocka_unit_test(measures),
        cmocka_unit_test(classifies),
        cmocka_unit_test(escapes_are_taken_out),
        cmocka_unit_test(nothing_is_left_that_acts),
        cmocka_unit_test(a_line_stays_a_line),
        cmocka_unit_test(latin1),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
