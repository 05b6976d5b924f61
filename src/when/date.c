#include <string.h>

#include "parts.h"

void when_date_init(struct when_date *date)
{
    *date = (struct when_date){.place = {-1, -1, -1}};
}

static bool add_part(struct when_date *date, int64_t number, enum when_label label)
{
    if (date->count == 3 || (label != LABEL_NONE && date->place[label] >= 0))
        return false;
    date->parts[date->count] = number;
    if (label != LABEL_NONE)
        date->place[label] = (int)date->count;
    date->count++;
    return true;
}

bool when_date_add_text(struct when_date *date, const char *digits, enum when_label label)
{
    int64_t number;
    size_t length = strlen(digits);

    if (!when_digits(digits, length, &number))
        return false;
    if (length > 2) {
        date->century_is_told = true;
        label = LABEL_YEAR;
    }
    return add_part(date, number, label);
}

bool when_date_add_number(struct when_date *date, int64_t number, bool fraction)
{
    if (number < 100 || (number == 100 && !fraction))
        return add_part(date, number, LABEL_NONE);
    date->century_is_told = true;
    return add_part(date, number, LABEL_YEAR);
}

bool when_date_add_month(struct when_date *date, int month)
{
    return add_part(date, month, LABEL_MONTH);
}

bool when_date_may_be_day(const struct when_date *date, int64_t number, bool fraction)
{
    int last = 31;

    if (date->place[LABEL_DAY] >= 0)
        return false;
    if (date->place[LABEL_MONTH] >= 0) {
        int64_t year = date->place[LABEL_YEAR] >= 0 ? date->parts[date->place[LABEL_YEAR]] : 2000;
        last = when_days_in_month(year, date->parts[date->place[LABEL_MONTH]]);
    }
    return number >= 1 && (number < last || (number == last && !fraction));
}

/* The order of a two-part date. */
static const char *order_of_two(const struct when_date *date)
{
    if (date->parts[0] > 31)
        return "ym";
    return date->parts[1] > 31 ? "my" : "md";
}

/* The order of a date with three parts of which at most the month's name or the year gives itself away. */
static const char *order_of_three(const struct when_date *date)
{
    switch (date->place[LABEL_MONTH]) {
    case 0:
        return date->parts[1] > 31 ? "myd" : "mdy";
    case 1:
        return date->parts[0] > 31 ? "ymd" : "dmy";
    case 2:
        return date->parts[1] > 31 ? "dym" : "ydm";
    default:
        break;
    }
    if (date->parts[0] > 31 || date->place[LABEL_YEAR] == 0)
        return "ymd";
    return date->parts[0] > 12 ? "dmy" : "mdy";
}

/* Where every part is labelled, or all but one of three; false if it takes guessing. */
static bool from_labels(const struct when_date *date, int64_t by_label[3])
{
    int labelled = 0;
    int missing = -1;
    bool taken[3] = {false, false, false};

    for (int label = 0; label < 3; label++) {
        int place = date->place[label];
        if (place < 0) {
            missing = label;
            continue;
        }
        labelled++;
        taken[place] = true;
    }
    if (labelled == 0)
        return false;
    if ((size_t)labelled < date->count && !(date->count == 3 && labelled == 2))
        return false;
    for (int label = 0; label < 3; label++)
        if (date->place[label] >= 0)
            by_label[label] = date->parts[date->place[label]];
    if ((size_t)labelled < date->count)
        for (int place = 0; place < 3; place++)
            if (!taken[place])
                by_label[missing] = date->parts[place];
    return true;
}

void when_date_resolve(const struct when_date *date, int64_t *year, int64_t *month, int64_t *day)
{
    int64_t by_label[3] = {WHEN_ABSENT, WHEN_ABSENT, WHEN_ABSENT};
    const char *order = "";
    int month_at = date->place[LABEL_MONTH];

    if (!from_labels(date, by_label)) {
        if (date->count == 1) {
            order = date->parts[0] > 31 ? "y" : "d";
        } else if (date->count == 2 && month_at >= 0) {
            int64_t other = date->parts[1 - month_at];
            by_label[LABEL_MONTH] = date->parts[month_at];
            by_label[other > 31 ? LABEL_YEAR : LABEL_DAY] = other;
        } else if (date->count == 2) {
            order = order_of_two(date);
        } else if (date->count == 3) {
            order = order_of_three(date);
        }
        for (size_t i = 0; order[i]; i++)
            by_label[order[i] == 'y' ? LABEL_YEAR : order[i] == 'm' ? LABEL_MONTH : LABEL_DAY] = date->parts[i];
    }
    *year = by_label[LABEL_YEAR];
    *month = by_label[LABEL_MONTH];
    *day = by_label[LABEL_DAY];
}
