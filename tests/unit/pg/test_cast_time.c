#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../../src/pg/cast.h"
#include "pgha/arena.h"

static void infinity(void **state)
{
    (void)state;
    assert_true(cast_is_infinite("infinity"));
    assert_true(cast_is_infinite("-infinity"));
    assert_false(cast_is_infinite("infinite"));
    assert_false(cast_is_infinite(""));
}

static void dates(void **state)
{
    static const struct {
        const char *source;
        enum err_kind kind;
        int year, month, day;
    } rows[] = {
        {"2020-02-29", ERR_NONE, 2020, 2, 29},
        {"0001-01-01", ERR_NONE, 1, 1, 1},
        {"9999-12-31", ERR_NONE, 9999, 12, 31},
        {"infinity", ERR_NONE, 9999, 12, 31},
        {"-infinity", ERR_NONE, 1, 1, 1},
        {"2000-02-29", ERR_NONE, 2000, 2, 29},
        {"1900-02-29", ERR_FAILED, 0, 0, 0},
        {"2021-02-29", ERR_FAILED, 0, 0, 0},
        {"10000-01-01", ERR_FAILED, 0, 0, 0},
        {"5874897-12-31", ERR_FAILED, 0, 0, 0},
        {"99999999999999-12-31", ERR_FAILED, 0, 0, 0},
        {"0044-03-15 BC", ERR_FAILED, 0, 0, 0},
        {"x-1-1 BC", ERR_FAILED, 0, 0, 0},
        {"-1-1 BC", ERR_FAILED, 0, 0, 0},
        {"02-29-2020", ERR_FAILED, 0, 0, 0},
        {"29.02.2020", ERR_REFUSED, 0, 0, 0},
        {"02/29/2020", ERR_REFUSED, 0, 0, 0},
        {"", ERR_REFUSED, 0, 0, 0},
    };
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pymoment moment = {.year = -7};
        struct err err = ERR_INIT;

        assert_int_equal(cast_date(arena, rows[i].source, &moment, &err), rows[i].kind == ERR_NONE);
        assert_int_equal(err.kind, rows[i].kind);
        assert_int_equal(moment.year, rows[i].kind == ERR_NONE ? rows[i].year : -7);
        if (rows[i].kind == ERR_NONE) {
            assert_int_equal(moment.month, rows[i].month);
            assert_int_equal(moment.day, rows[i].day);
        }
    }
    arena_free(arena);
}

static void times(void **state)
{
    static const struct {
        const char *source;
        enum err_kind kind;
        struct pymoment moment;
    } rows[] = {
        {"12:34:56", ERR_NONE, {.hour = 12, .minute = 34, .second = 56}},
        {"24:00:00", ERR_NONE, {.hour = 0}},
        {"23:59:59.999999", ERR_NONE, {.hour = 23, .minute = 59, .second = 59, .microsecond = 999999}},
        {"00:00:00.5", ERR_NONE, {.microsecond = 500000}},
        {"10:00:00+00", ERR_NONE, {.hour = 10, .has_offset = true}},
        {"10:00:01-05:30", ERR_NONE, {.hour = 10, .second = 1, .has_offset = true, .offset = -19800}},
        {"01:02:03.25+15:59:59",
         ERR_NONE,
         {.hour = 1, .minute = 2, .second = 3, .microsecond = 250000, .has_offset = true, .offset = 57599}},
        {"12:34", ERR_REFUSED, {0}},
        {"12", ERR_REFUSED, {0}},
        {"", ERR_REFUSED, {0}},
        {"12:34:56 UTC", ERR_FAILED, {0}},
        {"C", ERR_REFUSED, {0}},
        {"12:34:5x", ERR_FAILED, {0}},
        {"12:34:56+", ERR_FAILED, {0}},
        {"12:34:56+24:00", ERR_FAILED, {0}},
        {"10:00:00+9999999", ERR_FAILED, {0}},
        {"10:00:00-100000009", ERR_FAILED, {0}},
        {"10:00:00+0:99999999:99999999", ERR_FAILED, {0}},
        {"25:00:00", ERR_FAILED, {0}},
        {"10:60:00", ERR_FAILED, {0}},
    };
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pymoment moment = {0};
        struct err err = ERR_INIT;

        assert_int_equal(cast_time(arena, rows[i].source, &moment, &err), rows[i].kind == ERR_NONE);
        assert_int_equal(err.kind, rows[i].kind);
        assert_int_equal(moment.hour, rows[i].moment.hour);
        assert_int_equal(moment.minute, rows[i].moment.minute);
        assert_int_equal(moment.second, rows[i].moment.second);
        assert_int_equal(moment.microsecond, rows[i].moment.microsecond);
        assert_int_equal(moment.has_offset, rows[i].moment.has_offset);
        assert_int_equal(moment.offset, rows[i].moment.offset);
    }
    arena_free(arena);
}

static void datetimes(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct pymoment moment = {0};
    struct err err = ERR_INIT;

    (void)state;
    assert_true(cast_datetime(arena, "2020-07-01 10:00:00.25-04", true, &moment, &err));
    assert_int_equal(moment.day, 1);
    assert_int_equal(moment.hour, 10);
    assert_int_equal(moment.microsecond, 250000);
    assert_int_equal(moment.offset, -14400);
    assert_true(cast_datetime(arena, "infinity", false, &moment, &err));
    assert_int_equal(moment.microsecond, 999999);
    assert_false(moment.has_offset);
    assert_true(cast_datetime(arena, "-infinity", true, &moment, &err));
    assert_int_equal(moment.year, 1);
    assert_true(moment.has_offset);

    /* Which error it is depends on what is looked at first. */
    assert_false(cast_datetime(arena, "0044-03-15 01:02:03 BC", false, &moment, &err));
    assert_int_equal(err.kind, ERR_FAILED);
    assert_false(cast_datetime(arena, "29.02.2020 10:34:56 UTC", true, &moment, &err));
    assert_int_equal(err.kind, ERR_REFUSED);
    assert_string_equal(err.message, "unable to parse time");
    assert_false(cast_datetime(arena, "29.02.2020 10:34:56", false, &moment, &err));
    assert_string_equal(err.message, "unable to parse date");
    arena_free(arena);
}

static void intervals(void **state)
{
    static const struct {
        const char *source;
        enum err_kind kind;
        struct pydelta delta;
    } rows[] = {
        {"00:00:00", ERR_NONE, {0, 0, 0}},
        {"1 day 02:00:00", ERR_NONE, {1, 7200, 0}},
        {"-01:00:00", ERR_NONE, {-1, 82800, 0}},
        {"-00:00:00.5", ERR_NONE, {-1, 86399, 500000}},
        {"1 day -01:00:00", ERR_NONE, {0, 82800, 0}},
        {"-1 days +01:00:00", ERR_NONE, {-1, 3600, 0}},
        {"1 mon", ERR_NONE, {30, 0, 0}},
        {"1 year -1 mons", ERR_NONE, {335, 0, 0}},
        {"-1 years -2 mons +3 days -04:05:06.789", ERR_NONE, {-423, 71693, 211000}},
        {"1000000:00:00", ERR_NONE, {41666, 57600, 0}},
        {"00:00:00.000001", ERR_NONE, {0, 0, 1}},
        {"2000000 years", ERR_NONE, {730000000, 0, 0}},
        {"178000000 years", ERR_FAILED, {0, 0, 0}},
        {"2562047788:00:00", ERR_FAILED, {0, 0, 0}},
        /* Other styles, taken for this one. */
        {"0", ERR_NONE, {0, 0, 0}},
        {"-1500000", ERR_NONE, {-1, 86398, 500000}},
        {"1 2:00:00", ERR_NONE, {0, 43200, 0}},
        {"1-2", ERR_FAILED, {0, 0, 0}},
        {"P1DT2H", ERR_REFUSED, {0, 0, 0}},
        {"@ 1 hour 2 mins", ERR_NONE, {360, 0, 0}},
        {"@ 1 day ago", ERR_NONE, {1, 0, 0}},
        {"@ 5 secs", ERR_FAILED, {0, 0, 0}},
        {"", ERR_FAILED, {0, 0, 0}},
    };
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pydelta delta = {0};
        struct err err = ERR_INIT;

        assert_int_equal(cast_interval(arena, rows[i].source, &delta, &err), rows[i].kind == ERR_NONE);
        assert_int_equal(err.kind, rows[i].kind);
        assert_int_equal(delta.days, rows[i].delta.days);
        assert_int_equal(delta.seconds, rows[i].delta.seconds);
        assert_int_equal(delta.microseconds, rows[i].delta.microseconds);
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(infinity),  cmocka_unit_test(dates),     cmocka_unit_test(times),
        cmocka_unit_test(datetimes), cmocka_unit_test(intervals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
