#include "pgha/yaml_type.h"

#include <stdbool.h>
#include <string.h>

/* A place in the text; the functions below move it over what they find. */
struct cursor {
    const char *at;
    const char *end;
};

static bool one(struct cursor *cursor, const char *set)
{
    if (cursor->at == cursor->end || !*cursor->at || !strchr(set, *cursor->at))
        return false;
    cursor->at++;
    return true;
}

static size_t many(struct cursor *cursor, const char *set)
{
    const char *from = cursor->at;

    while (one(cursor, set))
        ;
    return (size_t)(cursor->at - from);
}

static bool done(const struct cursor *cursor)
{
    return cursor->at == cursor->end;
}

#define DIGITS "0123456789"

/* One or two digits, `least` at least. */
static bool up_to_two(struct cursor *cursor, size_t least)
{
    size_t count = one(cursor, DIGITS);

    count += count && one(cursor, DIGITS);
    return count >= least;
}

/* ":5", ":05", ":59", as often as it comes; false when there is none. */
static bool sixties(struct cursor *cursor)
{
    const char *from = cursor->at;

    for (const char *start = cursor->at; one(cursor, ":"); start = cursor->at) {
        bool small = one(cursor, "012345");

        if (!one(cursor, DIGITS) && !small) {
            cursor->at = start;
            break;
        }
    }
    return cursor->at > from;
}

static bool is_int(struct cursor cursor)
{
    one(&cursor, "-+");
    if (one(&cursor, "0")) {
        if (done(&cursor))
            return true;
        const char *set = one(&cursor, "b") ? "01_" : one(&cursor, "x") ? DIGITS "abcdefABCDEF_" : "01234567_";
        return many(&cursor, set) && done(&cursor);
    }
    if (!one(&cursor, DIGITS))
        return false;
    many(&cursor, DIGITS "_");
    if (done(&cursor))
        return true;
    return sixties(&cursor) && done(&cursor);
}

/* What may follow the point. An exponent without a sign is none: 1.5e3 is text. */
static bool fraction(struct cursor *cursor)
{
    many(cursor, DIGITS "_");
    if (!one(cursor, "eE"))
        return true;
    return one(cursor, "-+") && many(cursor, DIGITS);
}

static bool is_word(struct cursor cursor, const char *const *words)
{
    size_t length = (size_t)(cursor.end - cursor.at);

    for (; *words; words++)
        if (strlen(*words) == length && memcmp(*words, cursor.at, length) == 0)
            return true;
    return false;
}

static bool is_float(struct cursor cursor)
{
    static const char *const infinities[] = {".inf", ".Inf", ".INF", NULL}, *const nans[] = {".nan", ".NaN", ".NAN",
                                                                                             NULL};
    struct cursor all = cursor;
    bool sign = one(&cursor, "-+");

    if (is_word(cursor, infinities) || is_word(all, nans))
        return true;
    if (!sign && one(&cursor, "."))
        return one(&cursor, DIGITS) && fraction(&cursor) && done(&cursor);
    if (!one(&cursor, DIGITS))
        return false;
    many(&cursor, DIGITS "_");
    bool sexagesimal = sixties(&cursor);
    if (!one(&cursor, "."))
        return false;
    if (!sexagesimal)
        return fraction(&cursor) && done(&cursor);
    many(&cursor, DIGITS "_");
    return done(&cursor);
}

static bool is_timestamp(struct cursor cursor)
{
    const char *from = cursor.at;

    for (int i = 0; i < 4; i++)
        if (!one(&cursor, DIGITS))
            return false;
    if (!one(&cursor, "-") || !up_to_two(&cursor, 1) || !one(&cursor, "-") || !up_to_two(&cursor, 1))
        return false;
    if (done(&cursor))
        return cursor.at - from == 10; /* a date without a time has two digits everywhere */
    if (!one(&cursor, "Tt") && !many(&cursor, " \t"))
        return false;
    if (!up_to_two(&cursor, 1) || !one(&cursor, ":") || !up_to_two(&cursor, 2) || !one(&cursor, ":") ||
        !up_to_two(&cursor, 2))
        return false;
    if (one(&cursor, "."))
        many(&cursor, DIGITS);
    if (done(&cursor))
        return true;
    many(&cursor, " \t");
    if (one(&cursor, "Z"))
        return done(&cursor);
    return one(&cursor, "-+") && up_to_two(&cursor, 1) && (!one(&cursor, ":") || up_to_two(&cursor, 2)) &&
           done(&cursor);
}

enum yaml_type yaml_type_of(const char *text, size_t length)
{
    static const char *const bools[] = {"yes",   "Yes",   "YES", "no", "No", "NO",  "true", "True", "TRUE", "false",
                                        "False", "FALSE", "on",  "On", "ON", "off", "Off",  "OFF",  NULL};
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL", NULL};
    struct cursor cursor = {text, text + length};

    if (is_word(cursor, nulls))
        return YAML_TYPE_NULL;
    if (strchr("-+.0123456789", *text)) {
        if (is_float(cursor))
            return YAML_TYPE_FLOAT;
        if (is_int(cursor))
            return YAML_TYPE_INT;
        return is_timestamp(cursor) ? YAML_TYPE_TIMESTAMP : YAML_TYPE_STR;
    }
    if (is_word(cursor, bools))
        return YAML_TYPE_BOOL;
    if (length == 2 && memcmp(text, "<<", 2) == 0)
        return YAML_TYPE_MERGE;
    return length == 1 && *text == '=' ? YAML_TYPE_VALUE : YAML_TYPE_STR;
}
