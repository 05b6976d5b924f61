/*
 * psycopg2 reads ISO dates and the interval style "postgres", and what other styles look like to it: a row's error
 * where the parts are not even counted right, Python's own error where they make no date.
 */
#include <ctype.h>
#include <limits.h>
#include <string.h>

#include "pgha/arena.h"

#include "cast.h"

#define DAY_SECONDS 86400
#define MAX_DELTA_DAYS 999999999

bool cast_is_infinite(const char *source)
{
    return str_equal(source, "infinity") || str_equal(source, "-infinity");
}

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in(int year, int month)
{
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

static bool check_date(struct arena *arena, const struct pymoment *moment, const char *source, struct err *err)
{
    if (moment->year < 1 || moment->year > 9999 || moment->month < 1 || moment->month > 12 || moment->day < 1 ||
        moment->day > days_in(moment->year, moment->month))
        return err_set(err, arena, ERR_FAILED, "%s is out of the range of Python's dates", source);
    return true;
}

/*
 * The digits at `*source`, up to the next of `ends`, as a number: -1 when there are none, less when there is anything
 * else among them.
 */
static int take_number(const char **source, const char *ends)
{
    int number = -1;

    for (; **source && !strchr(ends, **source); (*source)++) {
        if (number == INT_MIN)
            continue;
        if (!isdigit((unsigned char)**source) || number > 10000000)
            number = INT_MIN;
        else
            number = (number < 0 ? 0 : number * 10) + (**source - '0');
    }
    return number;
}

/* Sets year, month and day from the first three parts, unchecked; `*rest` is what comes after them. */
static bool take_date(struct arena *arena, const char *source, const char **rest, struct pymoment *moment,
                      struct err *err)
{
    int *parts[] = {&moment->year, &moment->month, &moment->day};
    size_t count = 0;
    const char *next = source;

    while (count < 3 && *next) {
        *parts[count] = take_number(&next, "- T");
        count++;
        if (*next)
            next++;
    }
    if (count < 3)
        return err_set(err, arena, ERR_REFUSED, "unable to parse date");
    if (moment->year > 0 && str_ends_with(next, "BC"))
        moment->year = -moment->year;
    *rest = next;
    return true;
}

/* Python's offsets are shorter than a day. */
static bool take_offset(const char **source, struct pymoment *moment)
{
    int sign = **source == '-' ? -1 : 1;
    int64_t parts[3] = {0, 0, 0}; /* a server may send hours that no int has as seconds */

    for (int i = 0; i < 3; i++) {
        (*source)++;
        parts[i] = take_number(source, ": ");
        if (parts[i] < 0)
            return false;
        if (**source != ':')
            break;
    }
    int64_t seconds = parts[0] * 3600 + parts[1] * 60 + parts[2];
    if (seconds >= DAY_SECONDS)
        return false;
    moment->has_offset = true;
    moment->offset = sign * (int)seconds;
    return true;
}

static int take_fraction(const char **source)
{
    int microseconds = 0;

    for (int scale = 100000; isdigit((unsigned char)**source); scale /= 10, (*source)++)
        microseconds += (**source - '0') * scale;
    return microseconds;
}

static bool take_time(struct arena *arena, const char *source, struct pymoment *moment, struct err *err)
{
    const char *next = source;

    moment->hour = take_number(&next, ":");
    moment->minute = *next ? (next++, take_number(&next, ":")) : -1;
    moment->second = *next ? (next++, take_number(&next, ".+- ")) : -1;
    if (*next == '.') {
        next++;
        moment->microsecond = take_fraction(&next);
    }
    if (moment->hour == -1 || moment->minute == -1 || moment->second == -1)
        return err_set(err, arena, ERR_REFUSED, "unable to parse time");
    if ((*next == '+' || *next == '-') && !take_offset(&next, moment))
        next = source;
    /* 24:00:00 has no other hour in Python. */
    if (moment->hour == 24)
        moment->hour = 0;
    if (moment->hour < 0 || moment->hour > 23 || moment->minute < 0 || moment->minute > 59 || moment->second < 0 ||
        moment->second > 59 || (*next && !str_equal(next, " BC")))
        return err_set(err, arena, ERR_FAILED, "%s is out of the range of Python's times", source);
    return true;
}

/* Infinity is the last or the first moment that Python has (recorded case query-dates-infinity). */
static struct pymoment infinite(const char *source)
{
    if (*source == '-')
        return (struct pymoment){.year = 1, .month = 1, .day = 1};
    return (struct pymoment){
        .year = 9999, .month = 12, .day = 31, .hour = 23, .minute = 59, .second = 59, .microsecond = 999999};
}

bool cast_date(struct arena *arena, const char *source, struct pymoment *moment, struct err *err)
{
    struct pymoment made = {0};
    const char *rest;

    if (cast_is_infinite(source))
        made = infinite(source);
    else if (!take_date(arena, source, &rest, &made, err) || !check_date(arena, &made, source, err))
        return false;
    *moment = made;
    return true;
}

bool cast_datetime(struct arena *arena, const char *source, bool zoned, struct pymoment *moment, struct err *err)
{
    struct pymoment made = {0};
    const char *rest;

    if (cast_is_infinite(source)) {
        made = infinite(source);
        made.has_offset = zoned;
    } else {
        if (!take_date(arena, source, &rest, &made, err))
            return false;
        if ((*rest && !take_time(arena, rest, &made, err)) || !check_date(arena, &made, source, err))
            return false;
    }
    *moment = made;
    return true;
}

bool cast_time(struct arena *arena, const char *source, struct pymoment *moment, struct err *err)
{
    struct pymoment made = {0};

    if (!take_time(arena, source, &made, err))
        return false;
    *moment = made;
    return true;
}

/* What an interval is read into: amounts in the order in which PostgreSQL writes them. */
enum { YEARS, MONTHS, DAYS, HOURS, MINUTES, SECONDS, FRACTION, PARTS };

struct interval {
    int64_t parts[PARTS];
    int part;       /* the first that may still come */
    int64_t number; /* the digits since the last unit */
    int digits;     /* of a fraction */
    int sign;       /* of the number; the last one is that of the time */
};

/* "years", "mons", "days": the first letter tells. Returns the last character of the word. */
static const char *take_unit(struct interval *interval, const char *word)
{
    int unit = *word == 'y' ? YEARS : *word == 'm' ? MONTHS : DAYS;

    if (interval->part > unit)
        return word;
    interval->parts[unit] = interval->number * interval->sign;
    interval->number = 0;
    interval->sign = 1;
    interval->part = unit + 1;
    return word + strcspn(word, " ") - 1;
}

static void take_colon(struct interval *interval)
{
    if (interval->part > MINUTES)
        return;
    interval->part = interval->part < HOURS ? HOURS : interval->part;
    interval->parts[interval->part++] = interval->number;
    interval->number = 0;
}

static bool take_digit(struct arena *arena, struct interval *interval, char digit, const char *source, struct err *err)
{
    interval->number = interval->number * 10 + (digit - '0');
    if (interval->number > INT_MAX)
        return err_set(err, arena, ERR_FAILED, "interval component too big: %s", source);
    if (interval->part == FRACTION)
        interval->digits++;
    return true;
}

static bool read_interval(struct arena *arena, const char *source, struct interval *interval, struct err *err)
{
    for (const char *next = source; *next; next++) {
        if (strchr("ymd", *next)) {
            next = take_unit(interval, next);
        } else if (isdigit((unsigned char)*next)) {
            if (!take_digit(arena, interval, *next, source, err))
                return false;
        } else if (*next == '-') {
            interval->sign = -1;
        } else if (*next == ':') {
            take_colon(interval);
        } else if (*next == '.' && interval->part == SECONDS) {
            interval->parts[SECONDS] = interval->number;
            interval->number = 0;
            interval->part = FRACTION;
        } else if (*next == 'P') {
            return err_set(err, arena, ERR_REFUSED, "iso_8601 intervalstyle currently not supported");
        }
    }
    /* What follows the last colon or point; without any part it would have to be a number of microseconds. */
    if (interval->part > HOURS) {
        for (int i = interval->digits; interval->part == FRACTION && i < 6; i++)
            interval->number *= 10;
        interval->parts[interval->part] = interval->number;
    } else if (interval->part == 0) {
        if (!str_to_int64(source, INT64_MIN, INT64_MAX, &interval->parts[FRACTION]))
            return err_set(err, arena, ERR_FAILED, "expected number of microseconds, got %s", source);
        interval->sign = 1;
    }
    return true;
}

bool cast_interval(struct arena *arena, const char *source, struct pydelta *delta, struct err *err)
{
    struct interval interval = {.sign = 1};
    const int64_t *parts = interval.parts;
    int64_t seconds, microseconds, days;

    if (!read_interval(arena, source, &interval, err))
        return false;
    seconds = interval.sign * (parts[HOURS] * 3600 + parts[MINUTES] * 60 + parts[SECONDS]);
    microseconds = interval.sign * parts[FRACTION];
    /* Python has no months and years: they count 30 and 365 days (recorded case query-intervals). */
    days = parts[DAYS] + 30 * parts[MONTHS] + 365 * parts[YEARS];

    seconds += microseconds / 1000000;
    microseconds %= 1000000;
    if (microseconds < 0) {
        microseconds += 1000000;
        seconds--;
    }
    days += seconds / DAY_SECONDS;
    seconds %= DAY_SECONDS;
    if (seconds < 0) {
        seconds += DAY_SECONDS;
        days--;
    }
    if (days < -MAX_DELTA_DAYS || days > MAX_DELTA_DAYS)
        return err_set(err, arena, ERR_FAILED, "%s is out of the range of Python's timedelta", source);
    *delta = (struct pydelta){.days = days, .seconds = (int)seconds, .microseconds = (int)microseconds};
    return true;
}
