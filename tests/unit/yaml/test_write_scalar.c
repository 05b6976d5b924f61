#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pgha/arena.h"
#include "pgha/yaml.h"

static const char *written(struct arena *arena, struct value value, bool flow)
{
    struct value list = value_list();
    struct str out;

    str_init(&out, arena);
    value_list_add(arena, &list, value);
    yaml_write(&list, flow, &out);
    return out.text;
}

static void forms_of_text(void **state)
{
    static const struct {
        const char *text, *block, *flow;
    } cases[] = {
        {"", "- ''\n", "['']\n"},
        {"a b", "- a b\n", "[a b]\n"},
        {"yes", "- 'yes'\n", "['yes']\n"},
        {"1e3", "- 1e3\n", "[1e3]\n"},
        {"1.0e+3", "- '1.0e+3'\n", "['1.0e+3']\n"},
        {"2020-01-01", "- '2020-01-01'\n", "['2020-01-01']\n"},
        {"a: b", "- 'a: b'\n", "['a: b']\n"},
        {"a:b", "- a:b\n", "['a:b']\n"},
        {"a,b", "- a,b\n", "['a,b']\n"},
        {"a?b", "- a?b\n", "['a?b']\n"},
        {"?a", "- ?a\n", "['?a']\n"},
        {"-a", "- -a\n", "[-a]\n"},
        {"-", "- '-'\n", "['-']\n"},
        {"- a", "- '- a'\n", "['- a']\n"},
        {"a #b", "- 'a #b'\n", "['a #b']\n"},
        {"a#b", "- a#b\n", "[a#b]\n"},
        {"---", "- '---'\n", "['---']\n"},
        {"it's", "- it's\n", "[it's]\n"},
        {"'a'", "- '''a'''\n", "['''a''']\n"},
        {" a", "- ' a'\n", "[' a']\n"},
        {"a\nb", "- 'a\n\n  b'\n", "['a\n\n    b']\n"},
        {"a\n\nb\n", "- 'a\n\n\n  b\n\n  '\n", "['a\n\n\n    b\n\n    ']\n"},
        {"a \nb", "- \"a \\nb\"\n", "[\"a \\nb\"]\n"},
        {"a\n b", "- \"a\\n b\"\n", "[\"a\\n b\"]\n"},
        {"\t", "- \"\\t\"\n", "[\"\\t\"]\n"},
        {"\x01\x1b\"\\", "- \"\\x01\\e\\\"\\\\\"\n", "[\"\\x01\\e\\\"\\\\\"]\n"},
        {"é日😀", "- é日😀\n", "[é日😀]\n"},
        {"é\x01😀", "- \"é\\x01\\U0001F600\"\n", "[\"é\\x01\\U0001F600\"]\n"},
        {"\xed\xa0\x80", "- \"\\uD800\"\n", "[\"\\uD800\"]\n"},
        {"\xc2\x85", "- '\xc2\x85  '\n", "['\xc2\x85    ']\n"},
        {"\xef\xbb\xbf", "- \"\\uFEFF\"\n", "[\"\\uFEFF\"]\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(NULL);

        assert_string_equal(written(arena, value_string(cases[i].text), false), cases[i].block);
        assert_string_equal(written(arena, value_string(cases[i].text), true), cases[i].flow);
        arena_free(arena);
    }
}

static void other_scalars(void **state)
{
    struct arena *arena = arena_new(NULL);
    char text[80];
    struct value bytes = {.kind = VALUE_BYTES, .length = sizeof text, .text = text};
    struct value stamp = {.kind = VALUE_DATETIME, .length = 19, .text = arena_strdup(arena, "2001-12-14 21:59:43")};

    (void)state;
    memset(text, 'a', sizeof text);
    assert_string_equal(written(arena, value_null(), false), "- null\n");
    assert_string_equal(written(arena, value_bool(true), false), "- true\n");
    assert_string_equal(written(arena, value_int(-5), false), "- -5\n");
    assert_string_equal(written(arena, value_float(1e20), false), "- 1.0e+20\n");
    assert_string_equal(written(arena, value_float(1.5e20), false), "- 1.5e+20\n");
    assert_string_equal(written(arena, value_float(-INFINITY), false), "- -.inf\n");
    assert_string_equal(written(arena, value_float(NAN), false), "- .nan\n");
    assert_string_equal(written(arena, stamp, false), "- 2001-12-14 21:59:43\n");
    assert_string_equal(written(arena, stamp, true), "[!!timestamp '2001-12-14 21:59:43']\n");
    assert_string_equal(written(arena, bytes, false),
                        "- !!binary |\n"
                        "  YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh\n"
                        "  YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=\n");
    bytes.length = 0;
    assert_string_equal(written(arena, bytes, false), "- !!binary \"\"\n");
    arena_free(arena);
}

/* The first blank beyond column 200 becomes the line break: the one after the 34th word. */
static void long_text_is_folded(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct str text, folded;

    (void)state;
    str_init(&text, arena);
    str_init(&folded, arena);
    for (int i = 0; i < 50; i++) {
        str_printf(&text, "%swords", i ? " " : "");
        str_printf(&folded, "%swords", i == 34 ? "\n  " : i ? " " : "");
    }
    assert_string_equal(written(arena, value_string(text.text), false), arena_printf(arena, "- %s\n", folded.text));
    str_add(&text, ":");
    assert_string_equal(written(arena, value_string(text.text), false), arena_printf(arena, "- '%s:'\n", folded.text));
    arena_free(arena);
}

static void long_escaped_text_is_split(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct str text, expected;

    (void)state;
    str_init(&text, arena);
    str_init(&expected, arena);
    str_add(&expected, "- \"");
    for (int i = 0; i < 60; i++) {
        str_add(&text, "wor\t");
        str_add(&expected, i == 40 ? "\\\n  wor\\t" : "wor\\t");
    }
    str_add(&expected, "\"\n");
    assert_string_equal(written(arena, value_text(text.text, text.length), false), expected.text);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_of_text),
        cmocka_unit_test(other_scalars),
        cmocka_unit_test(long_text_is_folded),
        cmocka_unit_test(long_escaped_text_is_split),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
