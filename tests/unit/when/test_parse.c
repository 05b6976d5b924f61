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

struct row {
    const char *text;
    const char *iso;
    const char *unknown_zone;
};

static void set_zone(const char *zone)
{
    assert_int_equal(setenv("TZ", zone, 1), 0);
    tzset();
}

static void check(const struct row *row)
{
    struct arena *arena = arena_new(NULL);
    struct when when;
    const char *unknown_zone = "untouched";
    struct err err = ERR_INIT;

    if (!when_parse(arena, row->text, &when, &unknown_zone, &err))
        fail_msg("%s", err.message);
    if (row->unknown_zone)
        assert_string_equal(unknown_zone, row->unknown_zone);
    else
        assert_null(unknown_zone);
    when_assume_local(&when);
    assert_string_equal(when_iso(arena, &when), row->iso);
    arena_free(arena);
}

/* What dateutil 2.8.2 makes of them with TZ=America/New_York. */
static void reads(void **state)
{
    static const struct row rows[] = {
        {"2030-02-03T04:05:06", "2030-02-03T04:05:06-05:00", NULL},
        {"2030-02-03 04:05", "2030-02-03T04:05:00-05:00", NULL},
        {"2030-02-03T04:05Z", "2030-02-03T04:05:00+00:00", NULL},
        {"2030-02-03T04:05:06.7", "2030-02-03T04:05:06.700000-05:00", NULL},
        {"2030-02-03T04:05:06,123456789", "2030-02-03T04:05:06.123456-05:00", NULL},
        {"2030-02-03T04:05:06-3", "2030-02-03T04:05:06-03:00", NULL},
        {"2030-02-03T04:05:06+0530", "2030-02-03T04:05:06+05:30", NULL},
        {"2030-02-03T04:05:06+05:30", "2030-02-03T04:05:06+05:30", NULL},
        {"2030-02-03 04:05 +01:99", "2030-02-03T04:05:00+02:39", NULL},
        {"2030-02-03 04:05 GMT+3", "2030-02-03T04:05:00-03:00", NULL},
        {"2030-02-03 04:05 UTC", "2030-02-03T04:05:00+00:00", NULL},
        {"2030-02-03 04:05 BRST+3", "2030-02-03T04:05:00-03:00", NULL},
        {"2030-02-03 04:05 -0300 (BRST)", "2030-02-03T04:05:00-03:00", NULL},
        {"2030-07-03 04:05 EST", "2030-07-03T04:05:00-04:00", NULL},
        {"2030-11-03 01:30 EST", "2030-11-03T01:30:00-05:00", NULL},
        {"2030-11-03 01:30 EDT", "2030-11-03T01:30:00-04:00", NULL},
        {"2030-07-03 04:05 CET", "2030-07-03T04:05:00-04:00", "CET"},
        {"20300203T0405", "2030-02-03T04:05:00-05:00", NULL},
        {"20300203T040506.5", "2030-02-03T04:05:06.500000-05:00", NULL},
        {"20300203040506", "2030-02-03T04:05:06-05:00", NULL},
        {"203002030405", "2030-02-03T04:05:00-05:00", NULL},
        {"2030-02-03T04", "2030-02-03T04:00:00-05:00", NULL},
        {"2030-02-03", "2030-02-03T00:00:00-05:00", NULL},
        {"2030/2/3", "2030-02-03T00:00:00-05:00", NULL},
        {"3.2.2030", "2030-03-02T00:00:00-05:00", NULL},
        {"13/2/2030", "2030-02-13T00:00:00-05:00", NULL},
        {"2/13/2030", "2030-02-13T00:00:00-05:00", NULL},
        {"2/3/2030", "2030-02-03T00:00:00-05:00", NULL},
        {"2/3/30", "2030-02-03T00:00:00-05:00", NULL},
        {"99-2-3", "1999-02-03T00:00:00-05:00", NULL},
        {"3 Feb 2030", "2030-02-03T00:00:00-05:00", NULL},
        {"Feb 3, 2030 4pm", "2030-02-03T16:00:00-05:00", NULL},
        {"feb 3rd 2030 4:05:06 a.m.", "2030-02-03T04:05:06-05:00", NULL},
        {"3-Feb-30", "2030-02-03T00:00:00-05:00", NULL},
        {"Feb-3-2030", "2030-02-03T00:00:00-05:00", NULL},
        {"3 of Feb 2030", "2030-02-03T00:00:00-05:00", NULL},
        {"Sep.20.2009", "2009-09-20T00:00:00-04:00", NULL},
        {"Feb of 30 5th", "2030-02-05T00:00:00-05:00", NULL},
        {"2030-02-03 4h5m6.5s", "2030-02-03T04:05:06.500000-05:00", NULL},
        {"2030-02-03 4 h 5.5 m", "2030-02-03T04:05:30-05:00", NULL},
        {"2030-02-03 12h04", "2030-02-03T12:04:00-05:00", NULL},
        {"2030-02-03 10:05.25", "2030-02-03T10:05:15-05:00", NULL},
        {"2030-02-03 12 am", "2030-02-03T00:00:00-05:00", NULL},
        {"2030-02-03 12 pm", "2030-02-03T12:00:00-05:00", NULL},
        {"2030-02-03 10:00 -23:59", "2030-02-03T10:00:00-23:59", NULL},
    };

    (void)state;
    set_zone("America/New_York");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check(&rows[i]);
}

/* GMT is UTC also where the clock shows summer time, and tells an hour that comes twice apart. */
static void reads_in_london(void **state)
{
    static const struct row rows[] = {
        {"2030-07-03 04:05 GMT", "2030-07-03T04:05:00+00:00", NULL},
        {"2030-07-03 04:05 BST", "2030-07-03T04:05:00+01:00", NULL},
        {"2030-01-03 04:05 BST", "2030-01-03T04:05:00+00:00", NULL},
        {"2030-10-27 01:30 GMT", "2030-10-27T01:30:00+00:00", NULL},
        {"2030-10-27 01:30 BST", "2030-10-27T01:30:00+01:00", NULL},
        {"2030-07-03 04:05 UTC", "2030-07-03T04:05:00+00:00", NULL},
    };

    (void)state;
    set_zone("Europe/London");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check(&rows[i]);
}

static void refuses(void **state)
{
    static const char *const texts[] = {"300203 040506",
                                        "2030-02-30",
                                        "2030-13-01",
                                        "2030-02-03 24:00",
                                        "2030-02-03 10:60",
                                        "2030-02-03 10:00:60",
                                        "2030-02-03 13 pm am",
                                        "2030-02-03 10:00 +25:00",
                                        "2030-02-03 10:00 +24:00",
                                        "2030-02-03 10:00 +030",
                                        "10000-01-01",
                                        "0-1-1",
                                        "2030 2030",
                                        "1 2 3 4",
                                        "tomorrowish",
                                        "",
                                        " ",
                                        ",",
                                        "2030-02-03T04:05:06+",
                                        "2030-02-03 10:00 INF",
                                        "2030-02-03T04:05 x",
                                        "2030-034",
                                        "99999999999999999999999999",
                                        "2030-02-03 04:05\xc3\xa9"};
    struct arena *arena = arena_new(NULL);
    struct when when = {.year = 7};
    const char *unknown_zone = "untouched";

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct err err = ERR_INIT;
        assert_false(when_parse(arena, texts[i], &when, &unknown_zone, &err));
        assert_int_equal(err.kind, ERR_FAILED);
        assert_non_null(err.message);
    }
    assert_int_equal(when.year, 7);
    assert_string_equal(unknown_zone, "untouched");
    arena_free(arena);
}

/* What is missing comes from today. */
static void defaults(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct when today, when;
    const char *unknown_zone;
    struct err err = ERR_INIT;

    (void)state;
    set_zone("UTC");
    /* Again if midnight passed in between. */
    do {
        today = when_today();
        assert_true(when_parse(arena, "10:05", &when, &unknown_zone, &err));
    } while (today.day != when_today().day);
    assert_int_equal(when.year, today.year);
    assert_int_equal(when.month, today.month);
    assert_int_equal(when.day, today.day);
    assert_int_equal(when.hour, 10);
    assert_int_equal(when.minute, 5);
    assert_int_equal(when.second, 0);
    assert_false(when.zoned);

    assert_true(when_parse(arena, "Friday", &when, &unknown_zone, &err));
    assert_int_equal(when_weekday(&when), 4);
    assert_int_equal(when.hour, 0);

    assert_true(when_parse(arena, "feb 2030", &when, &unknown_zone, &err));
    assert_int_equal(when.day, today.day < 28 ? today.day : 28);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads),
        cmocka_unit_test(reads_in_london),
        cmocka_unit_test(refuses),
        cmocka_unit_test(defaults),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
