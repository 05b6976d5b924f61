/* What the files behind when.h share. */
#ifndef PGHA_WHEN_PARTS_H
#define PGHA_WHEN_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pgha/when.h"

/*
 * Splits a text in UTF-8 into words, numbers with at most one point, blanks and other single characters; bytes that are
 * no UTF-8 are characters that mean nothing.
 */
const char **when_split(struct arena *arena, const char *text, size_t *count);

/* 0 for Monday; 1 to 12; -1 and 0 for other words. Case never counts. */
int when_find_weekday(const char *word);
int when_find_month(const char *word);

/* "h", "minutes" and the like, or -1. */
enum when_unit { WHEN_HOUR, WHEN_MINUTE, WHEN_SECOND };
int when_find_unit(const char *word);

/* 0 for a.m., 1 for p.m., or -1. */
int when_find_half(const char *word);

/* Words and separators that are passed over. */
bool when_is_filler(const char *word);

/* The numbers of a date in the order they came, with those whose meaning is known. */
enum when_label { LABEL_NONE = -1, LABEL_YEAR, LABEL_MONTH, LABEL_DAY };

struct when_date {
    int64_t parts[3];
    size_t count;
    int place[3];         /* by label: index in parts, or -1 */
    bool century_is_told; /* some part was longer than two digits */
};

#define WHEN_ABSENT (-1)

/* A date without parts. */
void when_date_init(struct when_date *date);

/*
 * Each adds a part; false for a fourth one, and for a second year or month. A number as it was written is the year if
 * it has more than two digits, and one of which only the value counts (`fraction`: it was not whole) if it is above
 * 100.
 */
bool when_date_add_text(struct when_date *date, const char *digits, enum when_label label) PGHA_CHECKED;
bool when_date_add_number(struct when_date *date, int64_t number, bool fraction) PGHA_CHECKED;
bool when_date_add_month(struct when_date *date, int month) PGHA_CHECKED;

/* Whether the number may be the day of what is known so far. */
bool when_date_may_be_day(const struct when_date *date, int64_t number, bool fraction);

/* Tells the parts apart; WHEN_ABSENT for what is missing. */
void when_date_resolve(const struct when_date *date, int64_t *year, int64_t *month, int64_t *day);

/* Digits only, saturating at a number far beyond any date; false for anything else. */
bool when_digits(const char *text, size_t length, int64_t *number) PGHA_CHECKED;

/* The two-digit year that is within fifty years of now. */
int64_t when_full_year(int64_t year);

/* Days in a month of any year; 0 for a month that does not exist. */
int when_days_in_month(int64_t year, int64_t month);

/* Today at midnight, local time. */
struct when when_today(void);

/* Whole days later. False beyond the year 9999. */
bool when_add_days(struct when *when, int days) PGHA_CHECKED;

/* 0 is Monday. */
int when_weekday(const struct when *when);

/*
 * The local zone in the two forms it has this year, 0 standard time and 1 summer time; both are the same in a zone
 * without summer time. Python's time.timezone, time.altzone and time.tzname.
 */
struct when_zone {
    int offset[2];    /* seconds east of UTC */
    char name[2][16]; /* cut to fit */
};

void when_local_zone(struct when_zone *zone);

/* Which of the two forms applies; `later` picks the second of two equal wall clock times. */
int when_local_form(const struct when_zone *zone, const struct when *when, bool later);

#endif
