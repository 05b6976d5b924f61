#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pgha/arena.h"
#include "pgha/result.h"

struct column {
    const char *name;
    Oid oid;
};

/* A result as a server would send it: `cells` by rows, NULL for a null. */
static PGresult *make(const struct column *columns, int count, const char *const *cells, int rows)
{
    PGresult *result = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
    PGresAttDesc attributes[4] = {0};

    for (int i = 0; i < count; i++) {
        char *name = strdup(columns[i].name);

        attributes[i].name = name;
        attributes[i].typid = columns[i].oid;
    }
    assert_true(PQsetResultAttrs(result, count, attributes));
    for (int i = 0; i < count; i++)
        free(attributes[i].name);
    for (int i = 0; i < rows * count; i++) {
        char *text = cells[i] ? strdup(cells[i]) : NULL;

        assert_true(PQsetvalue(result, i / count, i % count, text, text ? (int)strlen(text) : -1));
        free(text);
    }
    return result;
}

static void text_and_documents(void **state)
{
    static const struct column columns[] = {{"n", 23}, {"d", 1082}, {"s", 25}};
    static const char *const cells[] = {"1", "2020-01-02", "ü", NULL, NULL, NULL};
    struct arena *arena = arena_new(NULL);
    PGresult *result = make(columns, 3, cells, 2);
    struct err err = ERR_INIT;
    struct table table;

    (void)state;
    assert_true(result_table(arena, result, FORMAT_TSV, differences_for("patronictl"), &table, &err));
    assert_int_equal(table.column_count, 3);
    assert_int_equal(table.row_count, 2);
    assert_string_equal(table.columns[1].name, "d");
    assert_string_equal(value_as_string(&table.cells[0]), "1");
    assert_string_equal(value_as_string(&table.cells[1]), "2020-01-02");
    assert_string_equal(value_as_string(&table.cells[3]), "None");

    assert_true(result_table(arena, result, FORMAT_YAML, differences_for("patronictl"), &table, &err));
    assert_int_equal(table.cells[0].kind, VALUE_INT);
    assert_int_equal(table.cells[1].kind, VALUE_DATE);
    assert_int_equal(table.cells[3].kind, VALUE_NULL);

    assert_false(result_table(arena, result, FORMAT_JSON, differences_for("patronictl"), &table, &err));
    assert_int_equal(err.kind, ERR_FAILED);
    assert_true(result_table(arena, result, FORMAT_JSON, differences_for("pgha"), &table, &err));
    assert_string_equal(value_as_string(&table.cells[1]), "2020-01-02");
    PQclear(result);
    arena_free(arena);
}

static void no_rows_and_no_columns(void **state)
{
    static const struct column columns[] = {{"n", 23}};
    struct arena *arena = arena_new(NULL);
    PGresult *result = make(columns, 1, NULL, 0), *none = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
    struct err err = ERR_INIT;
    struct table table;

    (void)state;
    assert_true(result_table(arena, result, FORMAT_TSV, differences_for("patronictl"), &table, &err));
    assert_int_equal(table.row_count, 0);
    assert_int_equal(table.column_count, 1);
    assert_true(result_table(arena, none, FORMAT_JSON, differences_for("patronictl"), &table, &err));
    assert_int_equal(table.column_count, 0);
    PQclear(result);
    PQclear(none);
    arena_free(arena);
}

/* Python cannot draw binary data; text that is no UTF-8 fails everywhere. */
static void what_cannot_be_shown(void **state)
{
    static const struct {
        Oid oid;
        const char *source;
        enum table_format format;
        const char *prog;
        bool works;
    } rows[] = {
        {17, "\\x00", FORMAT_TSV, "patronictl", true},
        {17, "\\x00", FORMAT_PRETTY, "patronictl", false},
        {17, "\\x00", FORMAT_PRETTY, "pgha", true},
        {1001, "{\"\\\\x00\"}", FORMAT_PRETTY, "patronictl", false},
        {114, "\"\\ud800\"", FORMAT_TSV, "patronictl", true},
        {114, "\"\\ud800\"", FORMAT_TSV, "pgha", true},
        {114, "\"\\ud800\"", FORMAT_JSON, "patronictl", true},
        {25, "\xff", FORMAT_TSV, "patronictl", false},
        {25, "\xff", FORMAT_TSV, "pgha", false},
    };
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct column column = {"c", rows[i].oid};
        PGresult *result = make(&column, 1, &rows[i].source, 1);
        struct err err = ERR_INIT;
        struct table table;

        assert_int_equal(result_table(arena, result, rows[i].format, differences_for(rows[i].prog), &table, &err),
                         rows[i].works);
        assert_int_equal(err.kind, rows[i].works ? ERR_NONE : ERR_FAILED);
        if (rows[i].works && strcmp(rows[i].prog, "pgha") == 0)
            assert_string_equal(value_as_string(&table.cells[0]), rows[i].source);
        PQclear(result);
    }
    arena_free(arena);
}

static void errors_of_psycopg(void **state)
{
    static const struct column column = {"a", 1182};
    const char *cell = "{infinity}";
    struct arena *arena = arena_new(NULL);
    PGresult *result = make(&column, 1, &cell, 1);
    struct err err = ERR_INIT;
    struct table table;

    (void)state;
    assert_false(result_table(arena, result, FORMAT_TSV, differences_for("patronictl"), &table, &err));
    assert_int_equal(err.kind, ERR_REFUSED);
    assert_string_equal(err.message, "unable to parse date");
    PQclear(result);
    arena_free(arena);
}

static void messages(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct table table = result_message(arena, "2026-01-01 00:00:00", "No connection is available");

    (void)state;
    assert_true(table.no_header);
    assert_int_equal(table.column_count, 2);
    assert_int_equal(table.row_count, 1);
    assert_string_equal(table.columns[0].name, "Field 1");
    assert_string_equal(value_as_string(&table.cells[1]), "No connection is available");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_and_documents),
        cmocka_unit_test(no_rows_and_no_columns),
        cmocka_unit_test(what_cannot_be_shown),
        cmocka_unit_test(errors_of_psycopg),
        cmocka_unit_test(messages),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
