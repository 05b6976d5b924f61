#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "../../../src/when/parts.h"
#include "pgha/arena.h"

static void set_zone(const char *zone)
{
    assert_int_equal(setenv("TZ", zone, 1), 0);
    tzset();
}

static void texts(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct when when = {2030, 2, 3, 4, 5, 6, 0, false, 0};

    (void)state;
    assert_string_equal(when_iso(arena, &when), "2030-02-03T04:05:06");
    when.microsecond = 70;
    when.zoned = true;
    assert_string_equal(when_text(arena, &when), "2030-02-03 04:05:06.000070+00:00");
    when.offset = -(3 * 3600 + 30 * 60);
    assert_string_equal(when_iso(arena, &when), "2030-02-03T04:05:06.000070-03:30");
    when.offset = 3 * 3600 + 15;
    assert_string_equal(when_iso(arena, &when), "2030-02-03T04:05:06.000070+03:00:15");
    arena_free(arena);
}

static void local(void **state)
{
    /* An hour that comes twice is the first of the two; one that the clock skips has the offset from before. */
    static const struct {
        const char *zone;
        struct when when;
        int offset;
    } table[] = {
        {"UTC", {2030, 7, 5, 12, 0, 0, 0, false, 0}, 0},
        {"Europe/Berlin", {2030, 7, 5, 12, 0, 0, 0, false, 0}, 7200},
        {"Europe/Berlin", {2030, 1, 5, 12, 0, 0, 0, false, 0}, 3600},
        {"Europe/Berlin", {2030, 10, 27, 2, 30, 0, 0, false, 0}, 7200},
        {"Europe/Berlin", {2030, 10, 27, 3, 0, 0, 0, false, 0}, 3600},
        {"Europe/Berlin", {2030, 3, 31, 1, 59, 0, 0, false, 0}, 3600},
        {"Europe/Berlin", {2030, 3, 31, 2, 30, 0, 0, false, 0}, 7200},
        {"Australia/Lord_Howe", {2030, 1, 5, 12, 0, 0, 0, false, 0}, 39600},
        {"Australia/Lord_Howe", {2030, 7, 5, 12, 0, 0, 0, false, 0}, 37800},
        {"<+0330>-3:30", {2030, 7, 5, 12, 0, 0, 0, false, 0}, 12600},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct when when = table[i].when;
        set_zone(table[i].zone);
        when_assume_local(&when);
        assert_true(when.zoned);
        assert_int_equal(when.offset, table[i].offset);
    }
    struct when fixed = {2030, 7, 5, 12, 0, 0, 0, true, 60};
    when_assume_local(&fixed);
    assert_int_equal(fixed.offset, 60);
}

static void local_names(void **state)
{
    struct when_zone zone;

    (void)state;
    set_zone("America/New_York");
    when_local_zone(&zone);
    assert_string_equal(zone.name[0], "EST");
    assert_string_equal(zone.name[1], "EDT");
    set_zone("Asia/Kolkata");
    when_local_zone(&zone);
    assert_string_equal(zone.name[0], "IST");
    assert_string_equal(zone.name[1], "IST");
}

static void calendar(void **state)
{
    struct when when = {2028, 2, 27, 10, 0, 0, 0, false, 0};
    struct when last = {9999, 12, 31, 0, 0, 0, 0, false, 0};

    (void)state;
    assert_int_equal(when_weekday(&when), 6);
    assert_true(when_add_days(&when, 3));
    assert_int_equal(when.month, 3);
    assert_int_equal(when.day, 1);
    assert_int_equal(when.hour, 10);
    assert_false(when_add_days(&last, 1));
    assert_int_equal(last.year, 9999);
    assert_int_equal(when_days_in_month(1900, 2), 28);
    assert_int_equal(when_days_in_month(2000, 2), 29);
    assert_int_equal(when_days_in_month(2000, 13), 0);
    int64_t year = when_today().year;
    assert_int_equal(when_full_year(year % 100), year);
    assert_int_equal(when_full_year((year + 49) % 100), year + 49);
    assert_int_equal(when_full_year((year + 50) % 100), year - 50);
}

static void seconds(void **state)
{
    const struct when zoned = {1970, 1, 2, 1, 0, 3, 999999, true, 3600}, local = {2030, 7, 5, 12, 0, 0, 0, false, 0};
    const struct when before = {1969, 12, 31, 23, 59, 59, 0, true, 0};

    (void)state;
    set_zone("America/New_York");
    assert_int_equal(when_seconds(&zoned), 86403);
    assert_int_equal(when_seconds(&before), -1);
    assert_int_equal(when_seconds(&local), 1909497600);
    assert_false(local.zoned);
}

static void stamps(void **state)
{
    struct arena *arena = arena_new(NULL);

    (void)state;
    assert_int_equal(strlen(when_stamp(arena, 0)), strlen("2026-11-23 05:19:00"));
    assert_int_equal(strlen(when_stamp(arena, 5)), strlen("2026-11-23 05:19:00.12345"));
    assert_int_equal(strlen(when_stamp(arena, 6)), strlen("2026-11-23 05:19:00.123456"));
    set_zone("UTC");
    time_t before = time(NULL) + 3600;
    const char *text = when_next_hour(arena);
    struct tm tm;
    char expected[sizeof "2026-11-23T05:19"];
    gmtime_r(&before, &tm);
    strftime(expected, sizeof expected, "%Y-%m-%dT%H", &tm);
    /* The minute may have turned in between, and with it the hour. */
    if (tm.tm_min < 59)
        assert_memory_equal(text, expected, strlen(expected));
    assert_int_equal(strlen(text), strlen("2026-11-23T05:19"));
    arena_free(arena);
}

static void doubts(void **state)
{
    static const struct {
        const char *text;
        enum when_shown shown;
        const char *reversed; /* NULL: no zone of that kind */
        const char *utc;
    } rows[] = {
        {"2030-03-31T02:30", WHEN_NEVER, NULL, NULL},
        {"2030-03-31T01:59:59", WHEN_ONCE, NULL, NULL},
        {"2030-03-31T03:00", WHEN_ONCE, NULL, NULL},
        {"2030-10-27T02:30", WHEN_TWICE, NULL, NULL},
        {"2030-10-27T01:59", WHEN_ONCE, NULL, NULL},
        {"2030-10-27T03:00", WHEN_ONCE, NULL, NULL},
        {"2030-07-01T03:00", WHEN_ONCE, NULL, NULL},
        {"2030-07-01 10:00 GMT+2", WHEN_ONCE, "GMT+2", "2030-07-01T12:00:00+00:00"},
        {"2030-07-01 10:00 UTC-2", WHEN_ONCE, "UTC-2", "2030-07-01T08:00:00+00:00"},
        {"2030-07-01 10:00+02:00", WHEN_ONCE, NULL, "2030-07-01T08:00:00+00:00"},
        {"01-Jul-2030 10:00+02:00", WHEN_ONCE, NULL, "2030-07-01T08:00:00+00:00"},
        {"2030-07-01T10:00Z", WHEN_ONCE, NULL, "2030-07-01T10:00:00+00:00"},
        {"2030-07-01 10:00 GMT", WHEN_ONCE, NULL, "2030-07-01T10:00:00+00:00"},
    };
    struct arena *arena = arena_new(NULL);

    (void)state;
    set_zone("Europe/Berlin");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *unknown, *reversed;
        struct when when;

        assert_true(when_parse(arena, rows[i].text, &when, &unknown, NULL));
        reversed = when_reversed_zone(arena, rows[i].text, &when);
        if ((reversed == NULL) != (rows[i].reversed == NULL))
            fail_msg("%s: %s", rows[i].text, reversed);
        if (reversed)
            assert_string_equal(reversed, rows[i].reversed);
        if (rows[i].utc)
            assert_string_equal(when_utc(arena, &when), rows[i].utc);
        else
            assert_int_equal(when_shown(&when), rows[i].shown);
    }
    set_zone("UTC");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts),   cmocka_unit_test(local),  cmocka_unit_test(local_names), cmocka_unit_test(calendar),
        cmocka_unit_test(seconds), cmocka_unit_test(stamps), cmocka_unit_test(doubts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
