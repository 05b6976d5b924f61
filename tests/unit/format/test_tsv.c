#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "table.h"

static void writes_rows(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct table_column columns[] = {{.name = "A", .title = "drawn", .not_drawn = true},
                                     {.name = "B", .nested = NESTED_BLOCK}};
    struct value cells[] = {value_int(1), map_of(arena, "k", value_string("v")), value_null(), value_string("")};
    struct table table = {.title = "t", .columns = columns, .column_count = 2, .cells = cells, .row_count = 2};
    struct str text;

    (void)state;
    assert_string_equal(written(arena, &table, FORMAT_TSV), "A\tB\n1\t{k: v}\nNone\t\n");
    table.no_header = true;
    table.row_count = 1;
    str_init(&text, arena);
    table_write(&table, &(struct table_style){.format = FORMAT_TSV, .delimiter = "--"}, &text);
    assert_string_equal(text.text, "1--{k: v}\n");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(writes_rows)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
