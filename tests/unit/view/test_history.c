#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "pgha/arena.h"
#include "pgha/history.h"
#include "pgha/json.h"

static bool make(struct arena *arena, const char *json, enum table_format format, struct table *table, struct err *err)
{
    struct cluster cluster = {.history = {.present = true}};

    assert_true(json_read(arena, json, strlen(json), &cluster.history.data, err));
    return history_table(arena, &cluster, format, table, err);
}

static void short_lines_are_filled(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct err err = ERR_INIT;
    struct table table;

    (void)state;
    assert_true(make(arena, "[[1, 5, \"why\"], [2, 6, \"x\", \"t\", \"pg1\"]]", FORMAT_PRETTY, &table, &err));
    assert_int_equal(table.row_count, 2);
    assert_int_equal(table.column_count, 5);
    assert_string_equal(table.columns[4].name, "New Leader");
    assert_int_equal(table.cells[1].integer, 5);
    assert_string_equal(table.cells[3].text, "");
    assert_string_equal(table.cells[4].text, "");
    assert_string_equal(table.cells[9].text, "pg1");
    arena_free(arena);
}

static void long_lines(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct err err = ERR_INIT;
    struct table table;
    static const char json[] = "[[1, 5, \"x\", \"t\", \"l\", null, 7]]";

    (void)state;
    assert_false(make(arena, json, FORMAT_PRETTY, &table, &err));
    assert_int_equal(err.kind, ERR_FAILED);
    assert_true(make(arena, json, FORMAT_TSV, &table, &err));
    assert_string_equal(table.cells[4].text, "l\tNone\t7");
    assert_true(make(arena, json, FORMAT_JSON, &table, &err));
    assert_string_equal(table.cells[4].text, "l");
    arena_free(arena);
}

/* Python makes lists of whatever can be walked through. */
static void odd_lines(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct err err = ERR_INIT;
    struct table table;

    (void)state;
    assert_true(make(arena, "[\"a\\u00e9\", {\"k\": 1}, \"\"]", FORMAT_PRETTY, &table, &err));
    assert_int_equal(table.cells[0].length, 1);
    assert_int_equal(table.cells[1].length, 2);
    assert_string_equal(table.cells[5].text, "k");
    assert_int_equal(table.cells[10].length, 0);
    assert_false(make(arena, "[1]", FORMAT_PRETTY, &table, &err));
    assert_string_equal(err.message, "a line of the history is a number, not a list");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(short_lines_are_filled), cmocka_unit_test(long_lines),
                                       cmocka_unit_test(odd_lines)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
