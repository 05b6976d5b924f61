#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pgha/arena.h"
#include "pgha/json.h"

static void shows_values_as_python_does(void **state)
{
    static const struct {
        const char *json, *text;
    } cases[] = {
        {"null", "None"},
        {"true", "True"},
        {"12", "12"},
        {"1.0", "1.0"},
        {"\"it's\"", "it's"},
        {"[\"it's\", \"a\\\"b\", \"a'\\\"b\"]", "[\"it's\", 'a\"b', 'a\\'\"b']"},
        {"[\"\\n\\t\\r\\\\\\u0001\\u007f\\u00a0\\u00fc\\u200b\\ud83d\\ude00\"]",
         "['\\n\\t\\r\\\\\\x01\\x7f\\xa0\xc3\xbc\\u200b\xf0\x9f\x98\x80']"},
        {"{\"a\": [], \"b\": {\"c\": null}}", "{'a': [], 'b': {'c': None}}"},
        {"[NaN, -Infinity]", "[nan, -inf]"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(NULL);
        struct value value;
        struct str out;

        assert_true(json_read(arena, cases[i].json, strlen(cases[i].json), &value, NULL));
        str_init(&out, arena);
        value_str(&value, &out);
        assert_string_equal(out.text, cases[i].text);
        arena_free(arena);
    }
}

static void shows_what_json_lacks(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct value bytes = {.kind = VALUE_BYTES, .length = 3, .text = arena_strdup(arena, "a\xff'")}, set = value_map();
    struct str out;

    (void)state;
    str_init(&out, arena);
    value_str(&bytes, &out);
    set.is_set = true;
    value_str(&set, &out);
    value_map_set(arena, &set, "x", value_null());
    value_str(&set, &out);
    assert_string_equal(out.text, "b\"a\\xff'\"set(){'x'}");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_values_as_python_does),
        cmocka_unit_test(shows_what_json_lacks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
