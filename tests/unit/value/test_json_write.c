#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pgha/arena.h"
#include "pgha/json.h"

static const char *written(struct arena *arena, struct value value, bool compact)
{
    struct str out;

    str_init(&out, arena);
    json_write(&value, compact, &out);
    return out.text;
}

static void separators(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct value map = value_map(), list = value_list();

    (void)state;
    value_list_add(arena, &list, value_int(1));
    value_list_add(arena, &list, value_null());
    value_map_set(arena, &map, "a", list);
    value_map_set(arena, &map, "b", value_float(1e16));
    assert_string_equal(written(arena, map, false), "{\"a\": [1, null], \"b\": 1e+16}");
    assert_string_equal(written(arena, map, true), "{\"a\":[1,null],\"b\":1e+16}");
    arena_free(arena);
}

static void keys_become_text(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct value map = value_map();

    (void)state;
    value_map_set_key(arena, &map, value_int(1), value_int(1));
    value_map_set_key(arena, &map, value_float(1.5), value_int(2));
    value_map_set_key(arena, &map, value_null(), value_int(3));
    value_map_set_key(arena, &map, value_string("s"), value_int(4));
    assert_string_equal(written(arena, map, true), "{\"1\":1,\"1.5\":2,\"null\":3,\"s\":4}");
    arena_free(arena);
}

static void escapes(void **state)
{
    struct arena *arena = arena_new(NULL);

    (void)state;
    assert_string_equal(written(arena, value_string("\"\\\b\t\n\v\f\r\x1f/"), true),
                        "\"\\\"\\\\\\b\\t\\n\\u000b\\f\\r\\u001f/\"");
    assert_string_equal(written(arena, value_string("\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80"), true),
                        "\"\\u00fc\\u20ac\\ud83d\\ude00\"");
    arena_free(arena);
}

static void names_what_json_lacks(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct value date = {.kind = VALUE_DATE, .length = 10, .text = arena_strdup(arena, "2020-01-01")};
    struct value list = value_list(), map = value_map(), set = value_map();

    (void)state;
    assert_null(json_refuses(&list));
    value_map_set_key(arena, &map, date, value_int(1));
    value_list_add(arena, &list, map);
    assert_string_equal(json_refuses(&date), "a date");
    assert_string_equal(json_refuses(&list), "a date");
    set.is_set = true;
    assert_string_equal(json_refuses(&set), "a set");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(separators),
        cmocka_unit_test(keys_become_text),
        cmocka_unit_test(escapes),
        cmocka_unit_test(names_what_json_lacks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
