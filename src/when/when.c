#include "pgha/when.h"

#include <string.h>
#include <sys/time.h>
#include <time.h>

#include "parts.h"
#include "pgha/arena.h"
#include "pgha/str.h"

static bool is_leap(int64_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int when_days_in_month(int64_t year, int64_t month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    if (month < 1 || month > 12)
        return 0;
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* Seconds since 1970 if the clock on the wall were UTC's. */
static int64_t wall_seconds(const struct when *when)
{
    struct tm tm = {
        .tm_year = when->year - 1900,
        .tm_mon = when->month - 1,
        .tm_mday = when->day,
        .tm_hour = when->hour,
        .tm_min = when->minute,
        .tm_sec = when->second,
    };

    return timegm(&tm);
}

int64_t when_seconds(const struct when *when)
{
    struct when zoned = *when;

    if (!zoned.zoned)
        when_assume_local(&zoned);
    return wall_seconds(&zoned) - zoned.offset;
}

static struct when from_tm(const struct tm *tm)
{
    return (struct when){
        .year = tm->tm_year + 1900,
        .month = tm->tm_mon + 1,
        .day = tm->tm_mday,
        .hour = tm->tm_hour,
        .minute = tm->tm_min,
        /* A leap second is one that Python's datetime does not have. */
        .second = tm->tm_sec > 59 ? 59 : tm->tm_sec,
    };
}

static struct when from_wall_seconds(int64_t seconds)
{
    time_t moment = seconds;
    struct tm tm;

    gmtime_r(&moment, &tm);
    return from_tm(&tm);
}

static struct when local_now(void)
{
    struct timeval now;
    struct tm tm;

    tzset();
    gettimeofday(&now, NULL);
    localtime_r(&now.tv_sec, &tm);
    struct when when = from_tm(&tm);
    when.microsecond = (int)now.tv_usec;
    return when;
}

struct when when_today(void)
{
    struct when today = local_now();

    return (struct when){.year = today.year, .month = today.month, .day = today.day};
}

int64_t when_full_year(int64_t year)
{
    int now = when_today().year;

    year += now / 100 * 100;
    if (year >= now + 50)
        return year - 100;
    return year < now - 50 ? year + 100 : year;
}

bool when_add_days(struct when *when, int days)
{
    struct when later = from_wall_seconds(wall_seconds(when) + (int64_t)days * 86400);

    if (later.year > 9999)
        return false;
    when->year = later.year;
    when->month = later.month;
    when->day = later.day;
    return true;
}

int when_weekday(const struct when *when)
{
    struct tm tm;
    time_t moment = wall_seconds(when);

    gmtime_r(&moment, &tm);
    return (tm.tm_wday + 6) % 7;
}

void when_local_zone(struct when_zone *zone)
{
    const int64_t year = (365 * 24 + 6) * 3600;
    time_t moments[2];
    struct tm tm[2];

    /* Python looks at two moments half a year apart, near the turn of the year, and calls the later clock summer. */
    tzset();
    moments[0] = time(NULL) / year * year;
    moments[1] = moments[0] + year / 2;
    for (int i = 0; i < 2; i++)
        localtime_r(&moments[i], &tm[i]);
    bool south = tm[0].tm_gmtoff > tm[1].tm_gmtoff;
    *zone = (struct when_zone){{0, 0}, {"", ""}};
    for (int i = 0; i < 2; i++) {
        const struct tm *form = &tm[south ? 1 - i : i];
        zone->offset[i] = (int)form->tm_gmtoff;
        size_t length = strnlen(form->tm_zone, sizeof zone->name[i] - 1);
        memcpy(zone->name[i], form->tm_zone, length);
    }
}

static bool is_summer(const struct when_zone *zone, int64_t seconds)
{
    time_t moment = seconds - zone->offset[0];
    struct tm tm;

    return localtime_r(&moment, &tm) && tm.tm_isdst > 0;
}

int when_local_form(const struct when_zone *zone, const struct when *when, bool later)
{
    int saved = zone->offset[1] - zone->offset[0];
    int64_t seconds = wall_seconds(when);

    if (saved == 0)
        return 0;
    if (is_summer(zone, seconds))
        return 1;
    return is_summer(zone, seconds - saved) && !later;
}

void when_assume_local(struct when *when)
{
    struct when_zone zone;

    if (when->zoned)
        return;
    when_local_zone(&zone);
    when->zoned = true;
    when->offset = zone.offset[when_local_form(&zone, when, false)];
}

enum when_shown when_shown(const struct when *when)
{
    int64_t wall = wall_seconds(when), seen[2];
    size_t count = 0;

    tzset();
    /* The offsets in force a day before and a day after are the two that can apply. */
    for (int i = 0; i < 2; i++) {
        time_t near = wall + (i ? 86400 : -86400), moment;
        struct tm tm;

        if (!localtime_r(&near, &tm))
            return WHEN_ONCE;
        moment = wall - tm.tm_gmtoff;
        if (!localtime_r(&moment, &tm) || moment + tm.tm_gmtoff != wall)
            continue;
        if (!count || seen[0] != moment)
            seen[count++] = moment;
    }
    return count == 0 ? WHEN_NEVER : count == 1 ? WHEN_ONCE : WHEN_TWICE;
}

const char *when_reversed_zone(struct arena *arena, const char *text, const struct when *when)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    while (when->zoned && when->offset && *(text += strcspn(text, letters))) {
        size_t length = strspn(text, letters),
               end = length + 1 + strspn(text + length + (text[length] != '\0'), "0123456789:");
        const char *word = arena_strndup(arena, text, length);
        bool plus = text[length] == '+', minus = text[length] == '-';

        if ((plus || minus) && end > length + 1 && length > 1 && !when_find_month(word) &&
            when_find_weekday(word) < 0 && plus == (when->offset < 0))
            return arena_strndup(arena, text, end);
        text += length;
    }
    return NULL;
}

static char *write_iso(struct arena *arena, const struct when *when, char separator)
{
    struct str out;

    str_init(&out, arena);
    str_printf(&out, "%04d-%02d-%02d%c%02d:%02d:%02d", when->year, when->month, when->day, separator, when->hour,
               when->minute, when->second);
    if (when->microsecond)
        str_printf(&out, ".%06d", when->microsecond);
    if (when->zoned) {
        int offset = when->offset < 0 ? -when->offset : when->offset;
        str_printf(&out, "%c%02d:%02d", when->offset < 0 ? '-' : '+', offset / 3600, offset / 60 % 60);
        if (offset % 60)
            str_printf(&out, ":%02d", offset % 60);
    }
    return out.text;
}

char *when_iso(struct arena *arena, const struct when *when)
{
    return write_iso(arena, when, 'T');
}

char *when_utc(struct arena *arena, const struct when *when)
{
    if (!when->zoned)
        return when_iso(arena, when);
    struct when utc = from_wall_seconds(wall_seconds(when) - when->offset);
    utc.microsecond = when->microsecond;
    utc.zoned = true;
    return when_iso(arena, &utc);
}

char *when_text(struct arena *arena, const struct when *when)
{
    return write_iso(arena, when, ' ');
}

char *when_stamp(struct arena *arena, int digits)
{
    struct when now = local_now();
    char *text = arena_printf(arena, "%04d-%02d-%02d %02d:%02d:%02d.%06d", now.year, now.month, now.day, now.hour,
                              now.minute, now.second, now.microsecond);

    text[strlen(text) - (digits ? 6 - (size_t)digits : 7)] = '\0';
    return text;
}

char *when_next_hour(struct arena *arena)
{
    /* On the wall, as patronictl adds it: when the clock changes in between, the example is an hour off. */
    struct when now = local_now();
    struct when next = from_wall_seconds(wall_seconds(&now) + 3600);

    return arena_printf(arena, "%04d-%02d-%02dT%02d:%02d", next.year, next.month, next.day, next.hour, next.minute);
}
