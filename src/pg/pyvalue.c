#include "pyvalue.h"

#include <inttypes.h>
#include <string.h>

#include "cast.h"
#include "pgha/arena.h"

/* What Decimal's str() switches to an exponent for: more than this many zeros after the point. */
#define DECIMAL_MAX_ZEROS 5

/*
 * PostgreSQL never sends an exponent, so only small numbers need one. "0.0000001" is 1E-7 and "0.0000000" is 0E-7, but
 * "0.000001" stays (recorded case query-numeric).
 */
static void add_decimal(const char *source, struct str *out)
{
    const char *point = strchr(source, '.');
    const char *fraction = point ? point + 1 : "";
    size_t places = strlen(fraction), zeros = strspn(fraction, "0");
    const char *digits = fraction + (zeros == places && places ? places - 1 : zeros);
    size_t exponent = (size_t)(digits - fraction) + 1;

    if (*source == '-') {
        str_add_char(out, '-');
        source++;
    }
    /* Zeros without another digit count as one digit, at the last place. */
    if (!point || strncmp(source, "0.", 2) != 0 || exponent <= DECIMAL_MAX_ZEROS + 1) {
        str_add(out, source);
        return;
    }
    str_add_bytes(out, digits, 1);
    if (digits[1] != '\0') {
        str_add_char(out, '.');
        str_add(out, digits + 1);
    }
    str_printf(out, "E-%zu", exponent);
}

static void add_date(const struct pymoment *moment, struct str *out)
{
    str_printf(out, "%04d-%02d-%02d", moment->year, moment->month, moment->day);
}

static void add_time(const struct pymoment *moment, struct str *out)
{
    str_printf(out, "%02d:%02d:%02d", moment->hour, moment->minute, moment->second);
    if (moment->microsecond)
        str_printf(out, ".%06d", moment->microsecond);
    if (moment->has_offset) {
        unsigned offset = (unsigned)(moment->offset < 0 ? -moment->offset : moment->offset);

        str_printf(out, "%c%02u:%02u", moment->offset < 0 ? '-' : '+', offset / 3600, offset / 60 % 60);
        if (offset % 60)
            str_printf(out, ":%02u", offset % 60);
    }
}

static void add_delta(const struct pydelta *delta, struct str *out)
{
    if (delta->days)
        str_printf(out, "%" PRId64 " day%s, ", delta->days, delta->days == 1 || delta->days == -1 ? "" : "s");
    str_printf(out, "%d:%02d:%02d", delta->seconds / 3600, delta->seconds / 60 % 60, delta->seconds % 60);
    if (delta->microseconds)
        str_printf(out, ".%06d", delta->microseconds);
}

static void add_delta_repr(const struct pydelta *delta, struct str *out)
{
    const char *separator = "";

    str_add(out, "datetime.timedelta(");
    if (delta->days) {
        str_printf(out, "days=%" PRId64, delta->days);
        separator = ", ";
    }
    if (delta->seconds) {
        str_printf(out, "%sseconds=%d", separator, delta->seconds);
        separator = ", ";
    }
    if (delta->microseconds) {
        str_printf(out, "%smicroseconds=%d", separator, delta->microseconds);
        separator = ", ";
    }
    str_add(out, *separator ? ")" : "0)");
}

static void add_time_arguments(const struct pymoment *moment, struct str *out)
{
    str_printf(out, "%d, %d", moment->hour, moment->minute);
    if (moment->second || moment->microsecond)
        str_printf(out, ", %d", moment->second);
    if (moment->microsecond)
        str_printf(out, ", %d", moment->microsecond);
    if (!moment->has_offset) {
        str_add_char(out, ')');
    } else if (moment->offset == 0) {
        str_add(out, ", tzinfo=datetime.timezone.utc)");
    } else {
        int days = moment->offset < 0 ? -1 : 0;
        struct pydelta delta = {.days = days, .seconds = moment->offset - days * 86400};

        str_add(out, ", tzinfo=datetime.timezone(");
        add_delta_repr(&delta, out);
        str_add(out, "))");
    }
}

static void add_moment_repr(const struct pyvalue *value, struct str *out)
{
    const struct pymoment *moment = &value->moment;

    if (value->kind == PYVALUE_TIME) {
        str_add(out, "datetime.time(");
        add_time_arguments(moment, out);
        return;
    }
    str_add(out, value->kind == PYVALUE_DATE ? "datetime.date(" : "datetime.datetime(");
    str_printf(out, "%d, %d, %d", moment->year, moment->month, moment->day);
    if (value->kind == PYVALUE_DATE) {
        str_add_char(out, ')');
    } else {
        str_add(out, ", ");
        add_time_arguments(moment, out);
    }
}

static void add_range(const struct pyrange *range, struct str *out)
{
    if (range->empty) {
        str_add(out, "empty");
        return;
    }
    str_add_char(out, range->brackets[0]);
    pyvalue_str(&range->bounds[0], out);
    str_add(out, ", ");
    pyvalue_str(&range->bounds[1], out);
    str_add_char(out, range->brackets[1]);
}

static void add_range_repr(const struct pyrange *range, struct str *out)
{
    str_printf(out, "%s(", range->class_name);
    if (range->empty) {
        str_add(out, "empty=True)");
        return;
    }
    pyvalue_repr(&range->bounds[0], out);
    str_add(out, ", ");
    pyvalue_repr(&range->bounds[1], out);
    str_printf(out, ", '%s')", range->brackets);
}

static void add_list(const struct pylist *list, struct str *out)
{
    str_add_char(out, '[');
    for (size_t i = 0; i < list->count; i++) {
        if (i)
            str_add(out, ", ");
        pyvalue_repr(&list->items[i], out);
    }
    str_add_char(out, ']');
}

void pyvalue_str(const struct pyvalue *value, struct str *out)
{
    switch (value->kind) {
    case PYVALUE_PLAIN:
        value_str(&value->plain, out);
        break;
    case PYVALUE_DECIMAL:
        add_decimal(value->source, out);
        break;
    case PYVALUE_DATE:
        add_date(&value->moment, out);
        break;
    case PYVALUE_DATETIME:
        add_date(&value->moment, out);
        str_add_char(out, ' ');
        add_time(&value->moment, out);
        break;
    case PYVALUE_TIME:
        add_time(&value->moment, out);
        break;
    case PYVALUE_TIMEDELTA:
        add_delta(&value->delta, out);
        break;
    case PYVALUE_MEMORY:
        str_printf(out, "<memory at %p>", (const void *)value->source);
        break;
    case PYVALUE_RANGE:
        add_range(&value->range, out);
        break;
    case PYVALUE_LIST:
        add_list(&value->list, out);
        break;
    }
}

void pyvalue_repr(const struct pyvalue *value, struct str *out)
{
    switch (value->kind) {
    case PYVALUE_PLAIN:
        value_repr(&value->plain, out);
        break;
    case PYVALUE_DECIMAL:
        str_add(out, "Decimal('");
        add_decimal(value->source, out);
        str_add(out, "')");
        break;
    case PYVALUE_DATE:
    case PYVALUE_DATETIME:
    case PYVALUE_TIME:
        add_moment_repr(value, out);
        break;
    case PYVALUE_TIMEDELTA:
        add_delta_repr(&value->delta, out);
        break;
    case PYVALUE_RANGE:
        add_range_repr(&value->range, out);
        break;
    case PYVALUE_MEMORY:
    case PYVALUE_LIST:
        pyvalue_str(value, out);
        break;
    }
}

/* Names as Python's own messages have them. */
static const char *const type_names[] = {
    [PYVALUE_PLAIN] = "str",         [PYVALUE_DECIMAL] = "Decimal", [PYVALUE_DATE] = "date",
    [PYVALUE_DATETIME] = "datetime", [PYVALUE_TIME] = "time",       [PYVALUE_TIMEDELTA] = "timedelta",
    [PYVALUE_MEMORY] = "memoryview", [PYVALUE_RANGE] = "Range",     [PYVALUE_LIST] = "list",
};

/*
 * Infinity is one and the same object each time in Python, and YAML refers to what it has written before. With a time
 * zone it is a copy.
 */
static const char *shared_text(const struct pyvalue *value)
{
    static const char *const texts[2][2] = {{"9999-12-31", "0001-01-01"},
                                            {"9999-12-31 23:59:59.999999", "0001-01-01 00:00:00"}};

    if (!cast_is_infinite(value->source) || (value->kind == PYVALUE_DATETIME && value->moment.has_offset))
        return NULL;
    return texts[value->kind == PYVALUE_DATETIME][*value->source == '-'];
}

static struct value dated(struct arena *arena, const struct pyvalue *value)
{
    const char *shared = shared_text(value);
    struct value document;
    struct str text;

    str_init(&text, arena);
    pyvalue_str(value, &text);
    document = shared ? value_string(shared) : value_text(text.text, text.length);
    document.kind = value->kind == PYVALUE_DATE ? VALUE_DATE : VALUE_DATETIME;
    document.aliased = shared != NULL;
    return document;
}

bool pyvalue_document(struct arena *arena, const struct pyvalue *value, bool yaml, struct differences differences,
                      struct value *document, struct err *err)
{
    struct value made = value_list();

    if (value->kind == PYVALUE_PLAIN) {
        made = value->plain;
    } else if (value->kind == PYVALUE_LIST) {
        for (size_t i = 0; i < value->list.count; i++) {
            struct value item;

            if (!pyvalue_document(arena, &value->list.items[i], yaml, differences, &item, err))
                return false;
            value_list_add(arena, &made, item);
        }
    } else if (yaml && (value->kind == PYVALUE_DATE || value->kind == PYVALUE_DATETIME)) {
        made = dated(arena, value);
    } else if (differences_has(differences, DIFF_QUERY_JSON_TEXT)) {
        made = value_text(value->source, value->length);
    } else {
        return err_set(err, arena, ERR_FAILED, "Object of type %s cannot be written as %s", type_names[value->kind],
                       yaml ? "YAML" : "JSON");
    }
    *document = made;
    return true;
}
