#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../../src/pg/pyvalue.h"
#include "pgha/arena.h"

struct row {
    unsigned oid;
    const char *source;
    const char *str; /* as Python prints it; NULL when it fails */
    enum err_kind kind;
};

static void check(struct arena *arena, const struct row *row, struct differences differences)
{
    struct pyvalue value = {.kind = PYVALUE_RANGE};
    struct err err = ERR_INIT;
    struct str text;

    assert_int_equal(
        pyvalue_cast(arena, row->oid, row->source, row->source ? strlen(row->source) : 0, differences, &value, &err),
        row->str != NULL);
    assert_int_equal(err.kind, row->kind);
    if (!row->str)
        return;
    str_init(&text, arena);
    str_add(&text, "");
    pyvalue_str(&value, &text);
    assert_string_equal(text.text, row->str);
}

static void scalars(void **state)
{
    static const struct row rows[] = {
        {23, NULL, "None", ERR_NONE},
        {1700, NULL, "None", ERR_NONE},
        {25, "text", "text", ERR_NONE},
        {25, "", "", ERR_NONE},
        {99999, "{1,2}", "{1,2}", ERR_NONE},
        {22, "1 2 3", "1 2 3", ERR_NONE},
        {16, "t", "True", ERR_NONE},
        {16, "f", "False", ERR_NONE},
        {16, "", NULL, ERR_FAILED},
        {16, "x", NULL, ERR_FAILED},
        {20, "-9223372036854775808", "-9223372036854775808", ERR_NONE},
        {26, "4294967295", "4294967295", ERR_NONE},
        {23, "", NULL, ERR_FAILED},
        {701, "1e+100", "1e+100", ERR_NONE},
        {700, "NaN", "nan", ERR_NONE},
        {701, "-Infinity", "-inf", ERR_NONE},
        {701, "100000", "100000.0", ERR_NONE},
        {701, "", NULL, ERR_FAILED},
        {701, "1x", NULL, ERR_FAILED},
        {1700, "1.50", "1.50", ERR_NONE},
        {1700, "NaN", "NaN", ERR_NONE},
        {1700, "-Infinity", "-Infinity", ERR_NONE},
        {1700, "", NULL, ERR_FAILED},
        {1700, "one", NULL, ERR_FAILED},
        {1700, "-", NULL, ERR_FAILED},
        {1700, ".", NULL, ERR_FAILED},
        {1700, "1.2.3", NULL, ERR_FAILED},
        {114, "{\"a\": [1, null]}", "{'a': [1, None]}", ERR_NONE},
        {3802, "\"s\"", "s", ERR_NONE},
        {114, "{", NULL, ERR_FAILED},
        {1082, "2020-01-01", "2020-01-01", ERR_NONE},
        {1184, "infinity", "9999-12-31 23:59:59.999999+00:00", ERR_NONE},
        {1114, "infinity", "9999-12-31 23:59:59.999999", ERR_NONE},
        {1266, "10:00:00+02", "10:00:00+02:00", ERR_NONE},
        {1186, "1 mon", "30 days, 0:00:00", ERR_NONE},
    };
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check(arena, &rows[i], differences_for("patronictl"));
    arena_free(arena);
}

static void lists(void **state)
{
    static const struct row rows[] = {
        {1007, "{1,2,NULL}", "[1, 2, None]", ERR_NONE},
        {1007, "{}", "[]", ERR_NONE},
        {1007, "{{1,2},{3,4}}", "[[1, 2], [3, 4]]", ERR_NONE},
        {1007, "[0:1]={1,2}", "[1, 2]", ERR_NONE},
        {1007, "[1:2][0:0]={{1},{2}}", NULL, ERR_REFUSED},
        {1009, "{a,\"b c\",NULL,\"NULL\",\"\",\"x,y\",\"q\\\"r\",\"b\\\\s\",\"{z}\",null}",
         "['a', 'b c', None, 'NULL', '', 'x,y', 'q\"r', 'b\\\\s', '{z}', None]", ERR_NONE},
        {1000, "{t,f}", "[True, False]", ERR_NONE},
        {1231, "{1.5,0.0000001}", "[Decimal('1.5'), Decimal('1E-7')]", ERR_NONE},
        {1115, "{\"2020-01-01 10:00:00\"}", "[datetime.datetime(2020, 1, 1, 10, 0)]", ERR_NONE},
        {1182, "{infinity}", NULL, ERR_REFUSED},
        {1185, "{-infinity}", NULL, ERR_REFUSED},
        {199, "{\"{\\\"a\\\":1}\",NULL}", "[{'a': 1}, None]", ERR_NONE},
        {3905, "{\"[1,10)\",empty}", "[NumericRange(1, 10, '[)'), NumericRange(empty=True)]", ERR_NONE},
        {1006, "{\"1 2\"}", NULL, ERR_FAILED},
        {1007, "1 2", NULL, ERR_REFUSED},
        {1007, "{", NULL, ERR_REFUSED},
        {1007, "{1", NULL, ERR_REFUSED},
        {1007, "{{1}", NULL, ERR_REFUSED},
        {1007, "", NULL, ERR_REFUSED},
        {1009, "{\"a", NULL, ERR_REFUSED},
        {1009, "{\"a\\", NULL, ERR_REFUSED},
        {1007, "{{{{{{{{{{{{{{{{{{1}}}}}}}}}}}}}}}}}}", NULL, ERR_REFUSED},
        {2951, "{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}", "{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}", ERR_NONE},
    };
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check(arena, &rows[i], differences_for("patronictl"));
    arena_free(arena);
}

static void ranges(void **state)
{
    static const struct row rows[] = {
        {3904, "[1,10)", "[1, 10)", ERR_NONE},
        {3926, "(,5)", "(None, 5)", ERR_NONE},
        {3906, "(1.5,2.50]", "(1.5, 2.50]", ERR_NONE},
        {3906, "empty", "empty", ERR_NONE},
        {3912, "[2020-01-01,infinity)", "[2020-01-01, 9999-12-31)", ERR_NONE},
        {3908, "[\"2020-01-01 00:00:00\",\"2020-01-02 03:04:05.5\")",
         "[2020-01-01 00:00:00, 2020-01-02 03:04:05.500000)", ERR_NONE},
        {3904, "(,)", "(None, None)", ERR_NONE},
        {3904, "", NULL, ERR_FAILED},
        {3904, "[", NULL, ERR_FAILED},
        {3904, "[1", NULL, ERR_FAILED},
        {3904, "[1,", NULL, ERR_FAILED},
        {3904, "[1,2", NULL, ERR_FAILED},
        {3904, "1,2)", NULL, ERR_FAILED},
        {3908, "[\"2020", NULL, ERR_FAILED},
        {3904, "[x,2)", NULL, ERR_FAILED},
    };
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check(arena, &rows[i], differences_for("patronictl"));
    arena_free(arena);
}

static void nothing_is_lost(void **state)
{
    static const struct row rows[] = {
        {17, "\\x00ff", "\\x00ff", ERR_NONE},
        {1001, "{\"\\\\x00ff\"}", "['\\\\x00ff']", ERR_NONE},
        {1082, "infinity", "infinity", ERR_NONE},
        {1082, "10000-01-01", "10000-01-01", ERR_NONE},
        {1184, "0044-03-15 00:00:00+00 BC", "0044-03-15 00:00:00+00 BC", ERR_NONE},
        {1182, "{2020-01-01,infinity}", "[datetime.date(2020, 1, 1), 'infinity']", ERR_NONE},
        {1186, "178000000 years", "178000000 years", ERR_NONE},
        {1007, "[1:2][0:0]={{1},{2}}", "[1:2][0:0]={{1},{2}}", ERR_NONE},
        {3912, "[2020-01-01,infinity)", "[2020-01-01, infinity)", ERR_NONE},
        {3904, "[1,2)3", "[1,2)3", ERR_NONE},
        {3904, "", "", ERR_NONE},
        {1007, "{1}2", "{1}2", ERR_NONE},
        {1700, "1.2.3", "1.2.3", ERR_NONE},
        {1184, "x-1-1 BC", "x-1-1 BC", ERR_NONE},
        {1184, "2020-01-01 10:00:00+9999999", "2020-01-01 10:00:00+9999999", ERR_NONE},
        {1082, NULL, "None", ERR_NONE},
        {23, "7", "7", ERR_NONE},
    };
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check(arena, &rows[i], differences_for("pgha"));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scalars),
        cmocka_unit_test(lists),
        cmocka_unit_test(ranges),
        cmocka_unit_test(nothing_is_lost),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
