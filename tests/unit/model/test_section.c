#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../../src/model/section.h"
#include "pgha/arena.h"

static struct value key(struct arena *arena, int number)
{
    return value_string(arena_printf(arena, "k%d", number));
}

/* Enough for an index, and for more places than there were at first. */
static void many(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct value map = value_map(), name;
    struct section *section = section_open(arena, &map);

    (void)state;
    for (int i = 0; i < 100; i++)
        section_set(section, key(arena, i), value_int(i));
    for (int i = 0; i < 100; i += 2) {
        name = key(arena, i);
        section_remove(section, section_find(section, &name));
        assert_null(section_find(section, &name));
    }
    assert_int_equal(section_length(section), 50);
    section_set(section, key(arena, 0), value_int(-1));
    struct value now = section_value(section);
    assert_int_equal(now.length, 51);
    assert_int_equal(now.pairs[0].value.integer, -1);
    for (uint32_t i = 1; i < now.length; i++)
        assert_int_equal(now.pairs[i].value.integer, 2 * i - 1);
    assert_int_equal(map.length, 0);
    arena_free(arena);
}

static void below(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct value inner = value_map(), map = value_map(), name = value_string("a"), b = value_string("b");

    (void)state;
    value_map_set(arena, &inner, "b", value_int(1));
    value_map_set(arena, &map, "a", inner);
    struct section *section = section_open(arena, &map);
    struct section *opened = section_below(section, section_find(section, &name));
    assert_ptr_equal(section_below(section, section_find(section, &name)), opened);
    section_set(opened, value_string("c"), value_int(2));
    section_remove(opened, section_find(opened, &b));
    struct value now = section_value(section);
    assert_null(value_path(&now, "a", "b", NULL));
    assert_int_equal(value_path(&now, "a", "c", NULL)->integer, 2);
    /* Another value: what was changed below the old one is gone. */
    section_set(section, name, value_int(3));
    now = section_value(section);
    assert_int_equal(value_get(&now, "a")->integer, 3);
    assert_int_equal(value_path(&map, "a", "b", NULL)->integer, 1);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(many), cmocka_unit_test(below)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
