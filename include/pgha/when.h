/*
 * Points in time as users write them and as messages show them. Scheduled restarts and switchovers take what Python's
 * dateutil.parser.parse() takes (version 2.8.2), because that is what runbooks for patronictl hold: ISO 8601 with T or
 * a blank, compact forms, fractions, offsets, month and weekday names, a 12-hour clock; what is missing comes from
 * today at midnight. Own code: strptime() and getdate() read fixed forms, and no C library reads these.
 * Source of the rules: dateutil's behaviour, of which tests/unit/when/test_parse.c has examples.
 */
#ifndef PGHA_WHEN_H
#define PGHA_WHEN_H

#include <stdbool.h>
#include <stdint.h>

#include "pgha/err.h"

struct arena;

/* A valid date of the years 1 to 9999 and a time of day. */
struct when {
    int year;
    int month; /* 1 to 12 */
    int day;
    int hour;
    int minute;
    int second;
    int microsecond;
    bool zoned; /* false: no zone was named */
    int offset; /* seconds east of UTC if zoned, less than a day */
};

/*
 * Reads `text`; what it leaves out comes from today, local time. A zone name that is one of the local zone's two (TZ)
 * means local time; `*unknown_zone` becomes any other name but UTC, GMT or Z, and `when` is not zoned then; NULL
 * otherwise. Fails with ERR_FAILED and what is wrong for anything that dateutil refuses too.
 */
bool when_parse(struct arena *arena, const char *text, struct when *when, const char **unknown_zone,
                struct err *err) PGHA_CHECKED;

/*
 * Takes a time without a zone for local time, as dateutil.tz.tzlocal() does: of an hour that comes twice the first, and
 * the offset is one of the two in force this year.
 */
void when_assume_local(struct when *when);

/* How often the local clock shows a time without a zone: when_assume_local() has to choose, or to make one up. */
enum when_shown { WHEN_ONCE, WHEN_NEVER, WHEN_TWICE };
enum when_shown when_shown(const struct when *when);

/*
 * The part of `text` that names a zone with an offset, such as "GMT+2", if it was read the other way round than most
 * people mean it: as in POSIX, "GMT+2" is two hours west of Greenwich. NULL otherwise.
 */
const char *when_reversed_zone(struct arena *arena, const char *text, const struct when *when);

/* The same moment in UTC, "2030-02-03T04:05:06+00:00"; of one without zone the same text. */
char *when_utc(struct arena *arena, const struct when *when);

/* Seconds since 1970 in UTC, without the fraction; a time without a zone is local. */
int64_t when_seconds(const struct when *when);

/* "2030-02-03T04:05:06.000007+01:00": Python's isoformat(); fraction and offset only if there are any. */
char *when_iso(struct arena *arena, const struct when *when);
/* The same with a blank for the T: Python's str(). */
char *when_text(struct arena *arena, const struct when *when);

/* The local time, "2026-11-23 05:19:00" with `digits` (0 to 6) of the fraction, cut rather than rounded. */
char *when_stamp(struct arena *arena, int digits);

/* The example that prompts for a time show: an hour from now, "2026-11-23T06:19". */
char *when_next_hour(struct arena *arena);

#endif
