#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../../src/format/cell.h"
#include "table.h"

static const char *text_of(struct arena *arena, struct value value, enum table_nested nested)
{
    return cell_text(arena, &value, nested).text;
}

static void cells_are_pythons_text(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct value map = map_of(arena, "a", value_bool(true));

    (void)state;
    assert_string_equal(text_of(arena, value_string("x"), NESTED_PLAIN), "x");
    assert_string_equal(text_of(arena, value_null(), NESTED_PLAIN), "None");
    assert_string_equal(text_of(arena, value_float(1), NESTED_PLAIN), "1.0");
    assert_string_equal(text_of(arena, map, NESTED_PLAIN), "{'a': True}");
    assert_string_equal(text_of(arena, map, NESTED_BLOCK), "a: true");
    assert_string_equal(text_of(arena, map, NESTED_FLOW), "{a: true}");
    arena_free(arena);
}

/* What is empty is not made YAML, and a bare scalar keeps the end of its document. */
static void odd_nested_cells(void **state)
{
    struct arena *arena = arena_new(NULL);

    (void)state;
    assert_string_equal(text_of(arena, value_map(), NESTED_BLOCK), "{}");
    assert_string_equal(text_of(arena, value_null(), NESTED_FLOW), "None");
    assert_string_equal(text_of(arena, value_string(""), NESTED_FLOW), "");
    assert_string_equal(text_of(arena, value_string("x"), NESTED_FLOW), "x\n...");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(cells_are_pythons_text), cmocka_unit_test(odd_nested_cells)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
