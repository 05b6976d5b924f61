#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../../src/pg/pyvalue.h"
#include "pgha/arena.h"

static struct pyvalue make(struct arena *arena, unsigned oid, const char *source)
{
    struct pyvalue value;
    struct err err = ERR_INIT;

    assert_true(pyvalue_cast(arena, oid, source, strlen(source), differences_for("patronictl"), &value, &err));
    return value;
}

static void text_forms(void **state)
{
    static const struct {
        unsigned oid;
        const char *source;
        const char *str;
        const char *repr;
    } rows[] = {
        {25, "it's", "it's", "\"it's\""},
        {23, "7", "7", "7"},
        {1700, "0", "0", "Decimal('0')"},
        {1700, "0.000000", "0.000000", "Decimal('0.000000')"},
        {1700, "0.0000000", "0E-7", "Decimal('0E-7')"},
        {1700, "0.000001", "0.000001", "Decimal('0.000001')"},
        {1700, "-0.0000001", "-1E-7", "Decimal('-1E-7')"},
        {1700, "0.00000012", "1.2E-7", "Decimal('1.2E-7')"},
        {1700, "0.0000000000000000000100000", "1.00000E-20", "Decimal('1.00000E-20')"},
        {1700, "-0.500", "-0.500", "Decimal('-0.500')"},
        {1700, "100000000000000000000", "100000000000000000000", "Decimal('100000000000000000000')"},
        {1700, "10.0000000", "10.0000000", "Decimal('10.0000000')"},
        {1082, "0001-02-03", "0001-02-03", "datetime.date(1, 2, 3)"},
        {1114, "2020-01-01 00:00:00", "2020-01-01 00:00:00", "datetime.datetime(2020, 1, 1, 0, 0)"},
        {1114, "2020-01-01 00:00:01", "2020-01-01 00:00:01", "datetime.datetime(2020, 1, 1, 0, 0, 1)"},
        {1114, "2020-01-01 00:00:00.5", "2020-01-01 00:00:00.500000", "datetime.datetime(2020, 1, 1, 0, 0, 0, 500000)"},
        {1184, "2020-01-01 10:00:00+00", "2020-01-01 10:00:00+00:00",
         "datetime.datetime(2020, 1, 1, 10, 0, tzinfo=datetime.timezone.utc)"},
        {1184, "2020-01-01 10:00:00+05:30", "2020-01-01 10:00:00+05:30",
         "datetime.datetime(2020, 1, 1, 10, 0, tzinfo=datetime.timezone(datetime.timedelta(seconds=19800)))"},
        {1184, "1800-01-01 00:00:00-04:56:02", "1800-01-01 00:00:00-04:56:02",
         "datetime.datetime(1800, 1, 1, 0, 0, tzinfo=datetime.timezone(datetime.timedelta(days=-1, seconds=68638)))"},
        {1083, "10:00:00", "10:00:00", "datetime.time(10, 0)"},
        {1083, "10:00:01.5", "10:00:01.500000", "datetime.time(10, 0, 1, 500000)"},
        {1186, "00:00:00", "0:00:00", "datetime.timedelta(0)"},
        {1186, "1 day", "1 day, 0:00:00", "datetime.timedelta(days=1)"},
        {1186, "-1 days", "-1 day, 0:00:00", "datetime.timedelta(days=-1)"},
        {1186, "2 days 00:00:01.5", "2 days, 0:00:01.500000",
         "datetime.timedelta(days=2, seconds=1, microseconds=500000)"},
        {1186, "00:00:00.25", "0:00:00.250000", "datetime.timedelta(microseconds=250000)"},
        {3904, "[1,5)", "[1, 5)", "NumericRange(1, 5, '[)')"},
        {3906, "(1.5,)", "(1.5, None)", "NumericRange(Decimal('1.5'), None, '()')"},
        {3912, "empty", "empty", "DateRange(empty=True)"},
        {1009, "{a,\"\"}", "['a', '']", "['a', '']"},
    };
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pyvalue value = make(arena, rows[i].oid, rows[i].source);
        struct str str, repr;

        str_init(&str, arena);
        str_init(&repr, arena);
        pyvalue_str(&value, &str);
        pyvalue_repr(&value, &repr);
        assert_string_equal(str.text, rows[i].str);
        assert_string_equal(repr.text, rows[i].repr);
    }
    arena_free(arena);
}

static void binary_is_an_address(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct pyvalue value = make(arena, 17, "\\x00ff");
    struct str text;

    (void)state;
    str_init(&text, arena);
    pyvalue_repr(&value, &text);
    assert_memory_equal(text.text, "<memory at 0x", 13);
    assert_int_equal(text.text[text.length - 1], '>');
    arena_free(arena);
}

/* Which types the documents take: 1 for a value, 0 for a refusal. */
static void documents(void **state)
{
    static const struct {
        unsigned oid;
        const char *source;
        bool json, yaml;
        enum value_kind kind; /* in YAML */
    } rows[] = {
        {23, "1", true, true, VALUE_INT},
        {25, "x", true, true, VALUE_STRING},
        {114, "{\"a\":1}", true, true, VALUE_MAP},
        {1007, "{1,2}", true, true, VALUE_LIST},
        {1082, "2020-01-01", false, true, VALUE_DATE},
        {1182, "{2020-01-01}", false, true, VALUE_LIST},
        {1184, "2020-01-01 10:00:00+00", false, true, VALUE_DATETIME},
        {1700, "1.5", false, false, VALUE_NULL},
        {1231, "{1.5}", false, false, VALUE_NULL},
        {1083, "10:00:00", false, false, VALUE_NULL},
        {1186, "1 day", false, false, VALUE_NULL},
        {17, "\\x00", false, false, VALUE_NULL},
        {3904, "[1,2)", false, false, VALUE_NULL},
    };
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pyvalue value = make(arena, rows[i].oid, rows[i].source);
        struct value document;
        struct err err = ERR_INIT;

        assert_int_equal(pyvalue_document(arena, &value, false, differences_for("patronictl"), &document, &err),
                         rows[i].json);
        assert_int_equal(err.kind, rows[i].json ? ERR_NONE : ERR_FAILED);
        assert_int_equal(pyvalue_document(arena, &value, true, differences_for("patronictl"), &document, NULL),
                         rows[i].yaml);
        if (rows[i].yaml)
            assert_int_equal(document.kind, rows[i].kind);
        assert_true(pyvalue_document(arena, &value, false, differences_for("pgha"), &document, NULL));
        if (!rows[i].json && value.kind != PYVALUE_LIST)
            assert_string_equal(value_as_string(&document), rows[i].source);
    }
    arena_free(arena);
}

static void infinite_dates_are_one(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct pyvalue infinite = make(arena, 1082, "infinity"), last = make(arena, 1082, "9999-12-31");
    struct pyvalue zoned = make(arena, 1184, "infinity");
    struct value first, second, other, copy;

    (void)state;
    assert_true(pyvalue_document(arena, &infinite, true, differences_for("patronictl"), &first, NULL));
    assert_true(pyvalue_document(arena, &infinite, true, differences_for("patronictl"), &second, NULL));
    assert_true(pyvalue_document(arena, &last, true, differences_for("patronictl"), &other, NULL));
    assert_true(pyvalue_document(arena, &zoned, true, differences_for("patronictl"), &copy, NULL));
    assert_true(first.aliased);
    assert_ptr_equal(first.text, second.text);
    assert_string_equal(first.text, other.text);
    assert_false(other.aliased);
    assert_false(copy.aliased);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_forms),
        cmocka_unit_test(binary_is_an_address),
        cmocka_unit_test(documents),
        cmocka_unit_test(infinite_dates_are_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
