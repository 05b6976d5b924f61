#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pgha/arena.h"
#include "pgha/json.h"

static struct value json(struct arena *arena, const char *text)
{
    struct value value;

    assert_true(json_read(arena, text, strlen(text), &value, NULL));
    return value;
}

static const char *text_of(struct arena *arena, const struct value *value)
{
    struct str out;

    str_init(&out, arena);
    json_write(value, true, &out);
    return out.text;
}

/* The first of equal keys keeps its place and the last its value, however many there are. */
static void unique_keys(void **state)
{
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (int keys = 3; keys < 3000; keys *= 10) {
        struct value map = value_map();

        for (int i = 0; i < 2 * keys; i++)
            value_map_append(arena, &map, value_copy_string(arena, arena_printf(arena, "k%d", i % keys)), value_int(i));
        value_map_unique(&map);
        assert_int_equal(map.length, keys);
        for (int i = 0; i < keys; i++) {
            assert_string_equal(map.pairs[i].key.text, arena_printf(arena, "k%d", i));
            assert_int_equal(map.pairs[i].value.integer, keys + i);
        }
        value_map_set(arena, &map, "more", value_int(1));
        assert_int_equal(map.length, keys + 1);
    }
    arena_free(arena);
}

static void keys_that_are_equal_in_python(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct value map = value_map();

    (void)state;
    for (int i = 0; i < 20; i++)
        value_map_append(arena, &map, value_int(i), value_int(i));
    value_map_append(arena, &map, value_bool(true), value_string("one"));
    value_map_append(arena, &map, value_float(2.0), value_string("two"));
    value_map_append(arena, &map, value_float(-0.0), value_string("zero"));
    value_map_append(arena, &map, value_string("3"), value_string("three"));
    value_map_unique(&map);
    assert_int_equal(map.length, 21);
    assert_string_equal(map.pairs[1].value.text, "one");
    assert_string_equal(map.pairs[2].value.text, "two");
    assert_string_equal(map.pairs[0].value.text, "zero");
    arena_free(arena);
}

static void patches(void **state)
{
    static const struct {
        const char *map, *patch, *result;
    } cases[] = {
        {"{\"a\":1,\"b\":2}", "{\"a\":null,\"c\":3}", "{\"b\":2,\"c\":3}"},
        {"{}", "{\"a\":null}", "{}"},
        {"{}", "{\"a\":{\"b\":null}}", "{\"a\":{\"b\":null}}"},
        {"{\"a\":{\"b\":1,\"c\":2}}", "{\"a\":{\"b\":null,\"d\":3}}", "{\"a\":{\"c\":2,\"d\":3}}"},
        {"{\"a\":1}", "{\"a\":\"1\"}", "{\"a\":1}"},
        {"{\"a\":true}", "{\"a\":\"True\"}", "{\"a\":true}"},
        {"{\"a\":1}", "{\"a\":1.0}", "{\"a\":1.0}"},
        {"{\"a\":\"{}\"}", "{\"a\":{}}", "{\"a\":{}}"},
        {"{\"a\":{\"b\":1}}", "{\"a\":5}", "{\"a\":5}"},
        {"{\"a\":[1]}", "{\"a\":[1,2]}", "{\"a\":[1,2]}"},
        {"{\"a\":{\"b\":1}}", "{\"a\":{\"b\":null}}", "{\"a\":{}}"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(NULL);
        struct value map = json(arena, cases[i].map), patch = json(arena, cases[i].patch);
        struct value result = value_patch(arena, &map, &patch);

        assert_string_equal(text_of(arena, &result), cases[i].result);
        assert_string_equal(text_of(arena, &map), cases[i].map);
        assert_string_equal(text_of(arena, &patch), cases[i].patch);
        arena_free(arena);
    }
}

static void what_has_a_patch(void **state)
{
    static const struct {
        const char *map, *patch;
        bool has;
    } cases[] = {
        {"{}", "{}", true},
        {"{}", "{\"a\":null}", true},
        {"{\"a\":null}", "{\"a\":null}", true},
        {"{\"a\":1}", "{\"a\":null}", false},
        {"{\"a\":1,\"b\":2}", "{\"a\":1}", true},
        {"{\"a\":1}", "{\"a\":\"1\"}", true},
        {"{\"a\":1}", "{\"a\":2}", false},
        {"{\"b\":1}", "{\"a\":1}", false},
        {"{\"a\":null}", "{\"a\":1}", false},
        {"{\"a\":{\"b\":1,\"c\":2}}", "{\"a\":{\"b\":1}}", true},
        {"{\"a\":{\"b\":null}}", "{\"a\":{\"b\":null}}", true},
        {"{\"a\":{\"c\":1}}", "{\"a\":{\"b\":1}}", false},
        {"{\"a\":1}", "{\"a\":{\"b\":1}}", false},
        {"[]", "{}", false},
        {"null", "{}", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(NULL);
        struct value map = json(arena, cases[i].map), patch = json(arena, cases[i].patch);

        if (value_is_patched(arena, &map, &patch) != cases[i].has)
            fail_msg("%s %s", cases[i].map, cases[i].patch);
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unique_keys),
        cmocka_unit_test(keys_that_are_equal_in_python),
        cmocka_unit_test(patches),
        cmocka_unit_test(what_has_a_patch),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
