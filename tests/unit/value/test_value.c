#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pgha/arena.h"
#include "pgha/value.h"

static void maps(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct value map = value_map(), inner = value_map();

    (void)state;
    for (int i = 0; i < 100; i++) {
        char *key = arena_printf(arena, "k%d", i);
        value_map_set(arena, &map, key, value_int(i));
        *key = 'x'; /* keys are copied */
    }
    value_map_set(arena, &map, "k7", value_string("seven"));
    assert_int_equal(map.length, 100);
    assert_string_equal(value_as_string(value_get(&map, "k7")), "seven");
    assert_true(value_map_remove(&map, "k7"));
    assert_false(value_map_remove(&map, "k7"));
    assert_null(value_get(&map, "k7"));
    assert_int_equal(value_get(&map, "k99")->integer, 99);
    value_map_set(arena, &inner, "b", value_bool(true));
    value_map_set(arena, &map, "a", inner);
    assert_true(value_path(&map, "a", "b", NULL)->boolean);
    assert_null(value_path(&map, "a", "b", "c", NULL));
    arena_free(arena);
}

static void equality_is_pythons(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct value one = value_int(1), real = value_float(1.0), yes = value_bool(true), text = value_string("1");
    struct value a = value_map(), b = value_map();

    (void)state;
    assert_true(value_equal(&one, &real));
    assert_true(value_equal(&one, &yes));
    assert_false(value_equal(&one, &text));
    value_map_set(arena, &a, "x", one);
    value_map_set(arena, &a, "y", text);
    value_map_set(arena, &b, "y", text);
    value_map_set(arena, &b, "x", real);
    assert_true(value_equal(&a, &b));
    struct value copy = value_copy(arena, &a);
    value_map_set(arena, &copy, "x", value_null());
    assert_false(value_equal(&a, &copy));
    arena_free(arena);
}

static struct value big(const char *digits)
{
    struct value value = value_string(digits);

    value.kind = VALUE_BIG;
    return value;
}

static void numbers_compare_exactly(void **state)
{
    struct value odd = value_int((1LL << 53) + 1), even = value_float(0x1p53);
    struct value huge = big("10000000000000000000000"), same = value_float(1e22), other = value_float(1e23);
    struct value most = value_int(INT64_MAX), beyond = value_float(0x1p63);

    (void)state;
    assert_false(value_equal(&odd, &even));
    assert_true(value_equal(&huge, &same));
    assert_false(value_equal(&other, &huge));
    assert_false(value_equal(&most, &beyond));
    assert_true(value_equal(&huge, &huge));
    assert_false(value_equal(&huge, &most));
}

static void keys_of_any_kind(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct value map = value_map(), one = value_int(1), text = value_string("1");

    (void)state;
    value_map_set_key(arena, &map, one, value_string("number"));
    value_map_set_key(arena, &map, text, value_string("text"));
    assert_string_equal(value_get_key(&map, &one)->text, "number");
    assert_true(value_map_remove_key(&map, &one));
    assert_null(value_get_key(&map, &one));
    assert_string_equal(value_get(&map, "1")->text, "text");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(maps), cmocka_unit_test(equality_is_pythons),
                                       cmocka_unit_test(numbers_compare_exactly), cmocka_unit_test(keys_of_any_kind)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
