#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "table.h"

static void json_and_yaml(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct table_column columns[] = {{.name = "B"}, {.name = "A"}};
    struct value cells[] = {value_string("\xc3\xa9"), value_string(""), value_int(1), value_null()};
    struct table table = {.columns = columns, .column_count = 2, .cells = cells, .row_count = 2};

    (void)state;
    assert_string_equal(written(arena, &table, FORMAT_JSON),
                        "[{\"B\": \"\\u00e9\", \"A\": \"\"}, {\"B\": 1, \"A\": null}]\n");
    assert_string_equal(written(arena, &table, FORMAT_YAML), "- A: ''\n  B: \xc3\xa9\n- A: null\n  B: 1\n\n");
    table.title = "t"; /* then empty text is left out, and nothing else */
    assert_string_equal(written(arena, &table, FORMAT_JSON), "[{\"B\": \"\\u00e9\"}, {\"B\": 1, \"A\": null}]\n");
    table.row_count = 0;
    assert_string_equal(written(arena, &table, FORMAT_JSON), "[]\n");
    assert_string_equal(written(arena, &table, FORMAT_YAML), "[]\n\n");
    arena_free(arena);
}

static void names(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct table_column columns[] = {{.name = "x"}, {.name = "y"}, {.name = "x"}};
    struct value cells[] = {value_int(1), value_int(2), value_int(3)};
    struct table table = {.columns = columns, .column_count = 3, .cells = cells, .row_count = 1};

    (void)state;
    assert_string_equal(written(arena, &table, FORMAT_JSON), "[{\"x\": 3, \"y\": 2}]\n");
    table.no_header = true;
    assert_string_equal(written(arena, &table, FORMAT_JSON), "[{}]\n");
    assert_string_equal(written(arena, &table, FORMAT_YAML), "- {}\n\n");
    arena_free(arena);
}

static void values_in_several_rows(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct table_column column = {.name = "d"};
    struct value day = value_copy_string(arena, "9999-12-31"), other = value_copy_string(arena, "9999-12-31");

    (void)state;
    day.kind = other.kind = VALUE_DATE;
    day.aliased = true;
    struct value cells[] = {day, other, day};
    struct table table = {.columns = &column, .column_count = 1, .cells = cells, .row_count = 3};

    assert_string_equal(written(arena, &table, FORMAT_YAML),
                        "- d: &id001 9999-12-31\n- d: 9999-12-31\n- d: *id001\n\n");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(json_and_yaml), cmocka_unit_test(names),
                                       cmocka_unit_test(values_in_several_rows)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
