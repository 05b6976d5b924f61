#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pgha/arena.h"
#include "pgha/value_index.h"

static const char *name(struct arena *arena, int number)
{
    return arena_printf(arena, "key %d", number);
}

static void finds(const struct value_index *index, struct arena *arena, int number, bool there)
{
    struct value key = value_string(name(arena, number));
    const struct value_pair *pair = value_index_find(index, &key);

    assert_int_equal(pair != NULL, there);
    if (there)
        assert_int_equal(pair->value.integer, number);
}

/* From a few pairs, which need no table, to many, for which it grows. */
static void noted_one_by_one(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct value map = value_map();
    struct value_index index = value_index_make(arena, &map);

    (void)state;
    for (int i = 0; i < 1000; i++) {
        finds(&index, arena, i, false);
        value_map_append(arena, &map, value_string(name(arena, i)), value_int(i));
        finds(&index, arena, i, false);
        value_index_note(&index);
        finds(&index, arena, i, true);
        finds(&index, arena, i / 2, true);
    }
    arena_free(arena);
}

static void made_of_a_whole(void **state)
{
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (int count = 0; count < 100; count++) {
        struct value map = value_map();

        for (int i = 0; i < count; i++)
            value_map_append(arena, &map, value_string(name(arena, i)), value_int(i));
        struct value_index index = value_index_make(arena, &map);
        for (int i = 0; i < count + 3; i++)
            finds(&index, arena, i, i < count);
    }
    arena_free(arena);
}

/* As in Python one number is one key, whatever its type. */
static void keys_of_other_kinds(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct value map = value_map(), one = value_float(1), yes = value_bool(true), none = value_null();

    (void)state;
    for (int i = 0; i < 50; i++)
        value_map_append(arena, &map, value_int(i), value_int(i));
    value_map_append(arena, &map, value_null(), value_int(50));
    struct value_index index = value_index_make(arena, &map);
    assert_ptr_equal(value_index_find(&index, &one), &map.pairs[1]);
    assert_ptr_equal(value_index_find(&index, &yes), &map.pairs[1]);
    assert_ptr_equal(value_index_find(&index, &none), &map.pairs[50]);
    finds(&index, arena, 1, false);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noted_one_by_one),
        cmocka_unit_test(made_of_a_whole),
        cmocka_unit_test(keys_of_other_kinds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
