#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pgha/arena.h"
#include "pgha/json.h"
#include "pgha/yaml.h"

static const char *written(struct arena *arena, const struct value *value, bool flow)
{
    struct str out;

    str_init(&out, arena);
    yaml_write(value, flow, &out);
    return out.text;
}

static void layout(void **state)
{
    static const struct {
        const char *json, *block, *flow;
    } cases[] = {
        {"{}", "{}\n", "{}\n"},
        {"[]", "[]\n", "[]\n"},
        {"1", "1\n...\n", "1\n...\n"},
        {"\"1\"", "'1'\n", "'1'\n"},
        {"{\"b\": 1, \"a\": [1, [2, 3], {\"x\": []}], \"c\": {\"d\": {}}}",
         "a:\n- 1\n- - 2\n  - 3\n- x: []\nb: 1\nc:\n  d: {}\n", "{a: [1, [2, 3], {x: []}], b: 1, c: {d: {}}}\n"},
        {"[{\"a\": 1, \"b\": [2]}, []]", "- a: 1\n  b:\n  - 2\n- []\n", "[{a: 1, b: [2]}, []]\n"},
        {"{\"\": 1, \"a\\nb\": [1]}", "? ''\n: 1\n? 'a\n\n  b'\n: - 1\n", "{? '' : 1, ? 'a\n\n    b' : [1]}\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(NULL);
        struct value value;

        assert_true(json_read(arena, cases[i].json, strlen(cases[i].json), &value, NULL));
        assert_string_equal(written(arena, &value, false), cases[i].block);
        assert_string_equal(written(arena, &value, true), cases[i].flow);
        arena_free(arena);
    }
}

/* A key and its tag may take 127 characters, then it gets a line of its own. */
static void long_keys(void **state)
{
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t length = 122; length <= 123; length++) {
        struct value map = value_map();
        struct str key;

        str_init(&key, arena);
        str_add_repeat(&key, 'k', length);
        value_map_set(arena, &map, key.text, value_int(1));
        assert_string_equal(written(arena, &map, false),
                            arena_printf(arena, length == 122 ? "%s: 1\n" : "? %s\n: 1\n", key.text));
    }
    arena_free(arena);
}

static void flow_collections_are_folded(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct value list = value_list();
    struct str expected;

    (void)state;
    str_init(&expected, arena);
    str_add_char(&expected, '[');
    for (int i = 0; i < 60; i++) {
        value_list_add(arena, &list, value_int(1234));
        if (i)
            str_add(&expected, i == 34 ? ",\n  " : ", "); /* 34 numbers take 203 columns */
        str_add(&expected, "1234");
    }
    str_add(&expected, "]\n");
    assert_string_equal(written(arena, &list, true), expected.text);
    arena_free(arena);
}

static void keys_are_sorted_if_python_could(void **state)
{
    static const struct {
        const char *yaml, *text;
    } cases[] = {
        {"{b: 1, a: 2, B: 3, é: 4, 😀: 5}", "B: 3\na: 2\nb: 1\né: 4\n😀: 5\n"},
        {"{10: a, 9: b, 9.5: c, -1: d, 99999999999999999999: e, -99999999999999999999: f, false: g}",
         "-99999999999999999999: f\n-1: d\nfalse: g\n9: b\n9.5: c\n10: a\n99999999999999999999: e\n"},
        {"{b: 1, 1: 2, a: 3}", "b: 1\n1: 2\na: 3\n"},
        {"{~: 1, a: 2}", "null: 1\na: 2\n"},
        {"{2021-01-01: 1, 2020-01-01: 2}", "2020-01-01: 2\n2021-01-01: 1\n"},
        {"{2021-01-01 00:00:00: 1, 2020-01-01: 2}", "2021-01-01 00:00:00: 1\n2020-01-01: 2\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(NULL);
        struct value value;

        assert_true(yaml_read(arena, cases[i].yaml, strlen(cases[i].yaml), "doc", NULL, &value, NULL));
        assert_string_equal(written(arena, &value, false), cases[i].text);
        arena_free(arena);
    }
}

static void anchors(void **state)
{
    static const struct {
        const char *yaml, *text;
    } cases[] = {
        {"{a: &x [1], b: *x}", "a: &id001\n- 1\nb: *id001\n"},
        {"{a: &x {}, b: *x, c: *x}", "a: &id001 {}\nb: *id001\nc: *id001\n"},
        {"{a: &x text, b: *x}", "a: text\nb: text\n"},
        {"{a: &x 2020-01-01, b: *x}", "a: &id001 2020-01-01\nb: *id001\n"},
        {"{b: &x {q: 1}, a: {<<: {p: &y [1]}, z: *y}, c: *x}",
         "a:\n  p: &id001\n  - 1\n  z: *id001\nb: &id002\n  q: 1\nc: *id002\n"},
        {"{a: &x {k: [1]}, b: {<<: *x}}", "a:\n  k: &id001\n  - 1\nb:\n  k: *id001\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(NULL);
        struct value value;

        assert_true(yaml_read(arena, cases[i].yaml, strlen(cases[i].yaml), "doc", NULL, &value, NULL));
        assert_string_equal(written(arena, &value, false), cases[i].text);
        struct value copy = value_copy(arena, &value);
        assert_null(strchr(written(arena, &copy, false), '&'));
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layout),
        cmocka_unit_test(long_keys),
        cmocka_unit_test(flow_collections_are_folded),
        cmocka_unit_test(keys_are_sorted_if_python_could),
        cmocka_unit_test(anchors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
