#include <string.h>
#include <strings.h>

#include "pgha/arena.h"
#include "pgha/str.h"

#include "parts.h"

/* Far beyond every field of a date, and far from overflow when it is multiplied by 3600. */
#define HUGE_NUMBER INT64_C(1000000000000)

/* What the tokens said so far; WHEN_ABSENT for nothing. */
struct reading {
    struct arena *arena;
    const char **tokens;
    size_t count;
    size_t at;
    struct when_date date;
    int64_t weekday;
    int64_t hour;
    int64_t minute;
    int64_t second;
    int64_t microsecond;
    const char *zone; /* NULL: no name */
    bool has_offset;
    int64_t offset;
};

/* A token that is a number: its whole part, saturated, and its fraction's digits. */
struct number {
    int64_t whole;
    const char *fraction; /* NULL or digits */
    bool broken;          /* the fraction is not zero */
};

bool when_digits(const char *text, size_t length, int64_t *number)
{
    int64_t sum = 0;

    if (length == 0)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        sum = sum * 10 + (text[i] - '0');
        if (sum > HUGE_NUMBER)
            sum = HUGE_NUMBER;
    }
    *number = sum;
    return true;
}

static bool number_of(const char *text, struct number *number)
{
    const char *point = strchr(text, '.');
    size_t whole = point ? (size_t)(point - text) : strlen(text);
    int64_t unused;

    *number = (struct number){.fraction = point ? point + 1 : NULL};
    if (!when_digits(text, whole, &number->whole))
        return false;
    if (!point)
        return true;
    number->broken = strspn(point + 1, "0") < strlen(point + 1);
    return when_digits(point + 1, strlen(point + 1), &unused);
}

/* The whole part of sixty times the fraction, exactly, however long it is. */
static int64_t sixtieth(const struct number *number)
{
    int carry = 0;

    for (size_t i = strlen(number->fraction); i > 0; i--)
        carry = ((number->fraction[i - 1] - '0') * 60 + carry) / 10;
    return carry;
}

static const char *token(const struct reading *r, size_t at)
{
    return at < r->count ? r->tokens[at] : "";
}

static bool is_token(const struct reading *r, size_t at, const char *text)
{
    return strcmp(token(r, at), text) == 0;
}

static bool is_sign(const char *word)
{
    return strcmp(word, "+") == 0 || strcmp(word, "-") == 0;
}

static bool is_utc(const char *word)
{
    return strcmp(word, "UTC") == 0 || strcmp(word, "GMT") == 0 || strcmp(word, "Z") == 0 || strcmp(word, "z") == 0;
}

/* Once there is an hour, capitals are the name of a zone. */
static bool may_be_zone(const struct reading *r, const char *word)
{
    size_t length = strlen(word);

    if (r->hour < 0 || r->zone || length > 5 || length == 0)
        return false;
    return is_utc(word) || strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == length;
}

static int64_t on_24_hours(int64_t hour, int half)
{
    if (hour < 12 && half == 1)
        return hour + 12;
    return hour == 12 && half == 0 ? 0 : hour;
}

/* "06.7": seconds, and microseconds cut from the fraction. */
static bool set_seconds(struct reading *r, const char *text)
{
    const char *point = strchr(text, '.');
    char six[7] = "000000";

    if (!when_digits(text, point ? (size_t)(point - text) : strlen(text), &r->second))
        return false;
    if (!point) {
        r->microsecond = 0;
        return true;
    }
    size_t length = strnlen(point + 1, 6);
    memcpy(six, point + 1, length);
    return when_digits(six, 6, &r->microsecond);
}

/* "10.5" minutes are ten and thirty seconds; without a fraction there are no seconds, whatever was read before. */
static void set_minutes(struct reading *r, const struct number *number)
{
    r->minute = number->whole;
    r->second = number->broken ? sixtieth(number) : WHEN_ABSENT;
}

/* Where the unit of the number at `at` stands: behind it, or before it ("12h04"); false if there is none. */
static bool find_unit_of(const struct reading *r, size_t at, size_t *unit)
{
    if (when_find_unit(token(r, at + 1)) >= 0)
        *unit = at + 1;
    else if (is_token(r, at + 1, " ") && when_find_unit(token(r, at + 2)) >= 0)
        *unit = at + 2;
    else if (at > 0 && when_find_unit(token(r, at - 1)) >= 0)
        *unit = at - 1;
    else if (at > 1 && at == r->count - 1 && is_token(r, at - 1, " ") && when_find_unit(token(r, at - 2)) >= 0)
        *unit = at - 2;
    else
        return false;
    return true;
}

static bool read_with_unit(struct reading *r, size_t unit_at, const struct number *number)
{
    /* A unit in front belongs to the number before it, so this one is in the next smaller unit. */
    int unit = when_find_unit(token(r, unit_at)) + (unit_at < r->at);
    const char *text = token(r, r->at);

    if (unit_at > r->at)
        r->at = unit_at;
    switch (unit) {
    case WHEN_HOUR:
        r->hour = number->whole;
        if (number->broken)
            r->minute = sixtieth(number);
        return true;
    case WHEN_MINUTE:
        set_minutes(r, number);
        return true;
    case WHEN_SECOND:
        return set_seconds(r, text);
    default:
        return true;
    }
}

/* "HH:MM[:SS[.ffffff]]" */
static bool read_clock(struct reading *r, const struct number *number)
{
    struct number minutes;

    r->hour = number->whole;
    if (!number_of(token(r, r->at + 2), &minutes))
        return false;
    set_minutes(r, &minutes);
    if (r->at + 4 < r->count && is_token(r, r->at + 3, ":")) {
        if (!set_seconds(r, token(r, r->at + 4)))
            return false;
        r->at += 2;
    }
    r->at += 2;
    return true;
}

/* "01-01[-01]", "01-Jan[-01]"; the separator is the token after the number. */
static bool read_separated(struct reading *r)
{
    const char *separator = token(r, r->at + 1);
    const char *second = token(r, r->at + 2);

    if (!when_date_add_text(&r->date, token(r, r->at), LABEL_NONE))
        return false;
    if (r->at + 2 < r->count && !when_is_filler(second)) {
        int month = when_find_month(second);
        if (month ? !when_date_add_month(&r->date, month) : !when_date_add_text(&r->date, second, LABEL_NONE))
            return false;
        if (is_token(r, r->at + 3, separator)) {
            const char *third = token(r, r->at + 4);
            month = when_find_month(third);
            if (month ? !when_date_add_month(&r->date, month) : !when_date_add_text(&r->date, third, LABEL_NONE))
                return false;
            r->at += 2;
        }
        r->at++;
    }
    r->at++;
    return true;
}

static bool add_digits(struct reading *r, const char *text, size_t length, enum when_label label)
{
    return when_date_add_text(&r->date, arena_strndup(r->arena, text, length), label);
}

/* "YYMMDD", or "HHMMSS[.ffffff]" once there is a date. */
static bool read_six(struct reading *r, const char *text)
{
    if (r->date.count == 0 && !strchr(text, '.'))
        return add_digits(r, text, 2, LABEL_NONE) && add_digits(r, text + 2, 2, LABEL_NONE) &&
               add_digits(r, text + 4, 2, LABEL_NONE);
    return when_digits(text, 2, &r->hour) && when_digits(text + 2, 2, &r->minute) && set_seconds(r, text + 4);
}

/* "YYYYMMDD[HHMM[SS]]" */
static bool read_eight(struct reading *r, const char *text, size_t length)
{
    if (!add_digits(r, text, 4, LABEL_YEAR) || !add_digits(r, text + 4, 2, LABEL_NONE) ||
        !add_digits(r, text + 6, 2, LABEL_NONE))
        return false;
    if (length > 8 && !(when_digits(text + 8, 2, &r->hour) && when_digits(text + 10, 2, &r->minute)))
        return false;
    return length <= 12 || when_digits(text + 12, 2, &r->second);
}

/* Behind a whole date: "T23", "T2359". */
static bool is_compact_time(const struct reading *r, size_t length)
{
    return r->date.count == 3 && (length == 2 || length == 4) && r->hour < 0 && !is_token(r, r->at + 1, ":") &&
           when_find_unit(token(r, r->at + 1)) < 0;
}

/* A number that stands alone: part of the date, or an hour with a.m. or p.m. behind it. */
static bool read_lone(struct reading *r, const struct number *number)
{
    size_t at = r->at;
    int half = when_find_half(token(r, at + 1));
    int next_half = when_find_half(token(r, at + 2));

    if (at + 1 >= r->count || when_is_filler(token(r, at + 1))) {
        r->at++;
        if (next_half < 0)
            return when_date_add_number(&r->date, number->whole, number->broken);
        r->hour = on_24_hours(number->whole, next_half);
        r->at++;
        return true;
    }
    if (half >= 0 && number->whole < 24) {
        r->hour = on_24_hours(number->whole, half);
        r->at++;
        return true;
    }
    return when_date_may_be_day(&r->date, number->whole, number->broken) &&
           when_date_add_number(&r->date, number->whole, number->broken);
}

static bool read_number(struct reading *r, const struct number *number)
{
    const char *text = token(r, r->at);
    size_t length = strlen(text);
    const char *point = strchr(text, '.');
    size_t unit;

    if (is_compact_time(r, length))
        return when_digits(text, 2, &r->hour) && (length == 2 || when_digits(text + 2, 2, &r->minute));
    if (length == 6 || (length > 6 && point == text + 6))
        return read_six(r, text);
    if (length == 8 || length == 12 || length == 14)
        return read_eight(r, text, length);
    if (find_unit_of(r, r->at, &unit))
        return read_with_unit(r, unit, number);
    if (r->at + 2 < r->count && is_token(r, r->at + 1, ":"))
        return read_clock(r, number);
    if (is_token(r, r->at + 1, "-") || is_token(r, r->at + 1, "/") || is_token(r, r->at + 1, "."))
        return read_separated(r);
    return read_lone(r, number);
}

/* "Jan", "Jan-01[-99]", "Jan of 01" */
static bool read_month(struct reading *r, int month)
{
    if (!when_date_add_month(&r->date, month))
        return false;
    const char *separator = token(r, r->at + 1);
    if (strcmp(separator, "-") == 0 || strcmp(separator, "/") == 0) {
        if (!when_date_add_text(&r->date, token(r, r->at + 2), LABEL_NONE))
            return false;
        if (is_token(r, r->at + 3, separator)) {
            if (!when_date_add_text(&r->date, token(r, r->at + 4), LABEL_NONE))
                return false;
            r->at += 2;
        }
        r->at += 2;
    } else if (r->at + 4 < r->count && is_token(r, r->at + 1, " ") && is_token(r, r->at + 3, " ") &&
               strcasecmp(token(r, r->at + 2), "of") == 0) {
        const char *text = token(r, r->at + 4);
        int64_t year;
        /* What is no number there is passed over, as dateutil does. */
        if (when_digits(text, strlen(text), &year)) {
            year = year < 100 ? when_full_year(year) : year;
            if (!when_date_add_text(&r->date, arena_printf(r->arena, "%lld", (long long)year), LABEL_YEAR))
                return false;
        }
        r->at += 4;
    }
    return true;
}

static void read_zone_name(struct reading *r)
{
    r->zone = token(r, r->at);
    r->has_offset = strcmp(r->zone, "z") == 0;
    r->offset = 0;
    /* "GMT+3" reads "my time plus three is GMT", so the sign turns round. */
    if (r->at + 1 < r->count && is_sign(token(r, r->at + 1))) {
        r->tokens[r->at + 1] = is_token(r, r->at + 1, "+") ? "-" : "+";
        r->has_offset = false;
        if (is_utc(r->zone))
            r->zone = NULL;
    }
}

/* "+03", "+0300", "+03:00", each with a name in parentheses behind it. */
static bool read_offset(struct reading *r)
{
    int sign = is_token(r, r->at, "+") ? 1 : -1;
    const char *text = token(r, r->at + 1);
    size_t length = strlen(text);
    int64_t hours;
    int64_t minutes = 0;

    if (length == 4) {
        if (!when_digits(text, 2, &hours) || !when_digits(text + 2, 2, &minutes))
            return false;
    } else if (is_token(r, r->at + 2, ":")) {
        const char *behind = token(r, r->at + 3);
        if (!when_digits(text, length, &hours) || !when_digits(behind, strlen(behind), &minutes))
            return false;
        r->at += 2;
    } else if (length > 2 || !when_digits(text, length, &hours)) {
        return false;
    }
    r->has_offset = true;
    r->offset = sign * (hours * 3600 + minutes * 60);

    if (r->at + 5 < r->count && when_is_filler(token(r, r->at + 2)) && is_token(r, r->at + 3, "(") &&
        is_token(r, r->at + 5, ")") && strlen(token(r, r->at + 4)) >= 3 && may_be_zone(r, token(r, r->at + 4))) {
        r->zone = token(r, r->at + 4);
        r->at += 4;
    }
    r->at++;
    return true;
}

/* Reads the token at r->at and leaves r->at on the last one that went with it. */
static bool read_token(struct reading *r)
{
    const char *text = token(r, r->at);
    struct number number;

    if (number_of(text, &number))
        return read_number(r, &number);
    /* Python takes these for numbers, and then for none of a date. */
    if (strcasecmp(text, "inf") == 0 || strcasecmp(text, "nan") == 0)
        return false;
    int weekday = when_find_weekday(text);
    if (weekday >= 0) {
        r->weekday = weekday;
        return true;
    }
    int month = when_find_month(text);
    if (month)
        return read_month(r, month);
    int half = when_find_half(text);
    if (half >= 0) {
        if (r->hour < 0 || r->hour > 12)
            return false;
        r->hour = on_24_hours(r->hour, half);
        return true;
    }
    if (!r->has_offset && may_be_zone(r, text)) {
        read_zone_name(r);
        return true;
    }
    if (r->hour >= 0 && is_sign(text))
        return read_offset(r);
    return when_is_filler(text);
}

static bool in_range(int64_t number, int64_t least, int64_t most)
{
    return number == WHEN_ABSENT || (number >= least && number <= most);
}

static int64_t or_else(int64_t number, int64_t other)
{
    return number == WHEN_ABSENT ? other : number;
}

/* Puts what was read onto today at midnight. */
static bool build(const struct reading *r, struct when *when)
{
    struct when today = when_today();
    int64_t year, month, day;

    when_date_resolve(&r->date, &year, &month, &day);
    if (year != WHEN_ABSENT && year < 100 && !r->date.century_is_told)
        year = when_full_year(year);
    if (!in_range(year, 1, 9999) || !in_range(month, 1, 12) || !in_range(r->hour, 0, 23) ||
        !in_range(r->minute, 0, 59) || !in_range(r->second, 0, 59))
        return false;
    int last = when_days_in_month(or_else(year, today.year), or_else(month, today.month));
    if (!in_range(day, 1, last))
        return false;
    *when = (struct when){
        .year = (int)or_else(year, today.year),
        .month = (int)or_else(month, today.month),
        .day = day == WHEN_ABSENT ? (today.day < last ? today.day : last) : (int)day,
        .hour = (int)or_else(r->hour, 0),
        .minute = (int)or_else(r->minute, 0),
        .second = (int)or_else(r->second, 0),
        .microsecond = (int)or_else(r->microsecond, 0),
    };
    if (r->weekday == WHEN_ABSENT || day != WHEN_ABSENT)
        return true;
    return when_add_days(when, (7 - when_weekday(when) + (int)r->weekday) % 7);
}

static bool set_local_zone(struct when *when, const char *name)
{
    struct when_zone zone;

    when_local_zone(&zone);
    if (strcmp(name, zone.name[0]) != 0 && strcmp(name, zone.name[1]) != 0)
        return false;
    int form = when_local_form(&zone, when, false);
    /* The name tells the two hours apart that the clock shows twice. */
    if (strcmp(name, zone.name[form]) != 0) {
        int later = when_local_form(&zone, when, true);
        form = strcmp(name, zone.name[later]) == 0 ? later : form;
    }
    when->zoned = true;
    /* London's winter is not the summer time that the clock would have there. */
    when->offset = is_utc(name) && strcmp(name, zone.name[form]) != 0 ? 0 : zone.offset[form];
    return true;
}

static bool set_zone(const struct reading *r, struct when *when, const char **unknown_zone)
{
    bool has_offset = r->has_offset;
    const char *zone = r->zone;
    int64_t offset = r->offset;

    if ((has_offset && offset == 0 && !zone) || (zone && strcasecmp(zone, "Z") == 0))
        zone = "UTC";
    if (zone && is_utc(zone)) {
        has_offset = true;
        offset = 0;
    }
    *unknown_zone = NULL;
    if (zone && set_local_zone(when, zone))
        return true;
    if (!has_offset) {
        *unknown_zone = zone;
        return true;
    }
    when->zoned = true;
    when->offset = (int)offset;
    return offset > -86400 && offset < 86400;
}

bool when_parse(struct arena *arena, const char *text, struct when *when, const char **unknown_zone, struct err *err)
{
    struct reading r = {
        .arena = arena,
        .weekday = WHEN_ABSENT,
        .hour = WHEN_ABSENT,
        .minute = WHEN_ABSENT,
        .second = WHEN_ABSENT,
        .microsecond = WHEN_ABSENT,
    };
    struct when built;
    const char *unknown;

    r.tokens = when_split(arena, text, &r.count);
    when_date_init(&r.date);
    for (; r.at < r.count; r.at++)
        if (!read_token(&r))
            return err_set(err, arena, ERR_FAILED, "\"%s\" is not a time", text);
    if (r.date.count == 0 && r.weekday < 0 && r.hour < 0 && r.minute < 0 && r.second < 0)
        return err_set(err, arena, ERR_FAILED, "\"%s\" holds no time", text);
    if (!build(&r, &built) || !set_zone(&r, &built, &unknown))
        return err_set(err, arena, ERR_FAILED, "there is no such time as \"%s\"", text);
    *when = built;
    *unknown_zone = unknown;
    return true;
}
