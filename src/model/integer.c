#include "integer.h"
#include "pgha/seconds.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pgha/number.h"
#include "pgha/pytext.h"
#include "pgha/str.h"

/* Beyond this, differences of two numbers might not fit any more. */
#define LARGEST ((lsn_t)1 << 120)

static enum integer from_float(double real, lsn_t *number)
{
    if (!(fabs(real) < 0x1p120))
        return INTEGER_OVERFLOW;
    *number = (lsn_t)real;
    return INTEGER_OK;
}

static enum integer from_digits(const char *text, lsn_t *number)
{
    bool negative = *text == '-';
    lsn_t whole = 0;

    for (text += negative; *text; text++) {
        whole = whole * 10 + (*text - '0');
        if (whole > LARGEST)
            return INTEGER_OVERFLOW;
    }
    *number = negative ? -whole : whole;
    return INTEGER_OK;
}

enum integer integer_convert(const struct value *value, struct arena *arena, lsn_t *number)
{
    long long whole;

    switch (value ? (enum value_kind)value->kind : VALUE_NULL) {
    case VALUE_BOOL:
        *number = value->boolean;
        return INTEGER_OK;
    case VALUE_INT:
        *number = value->integer;
        return INTEGER_OK;
    case VALUE_BIG:
        return from_digits(value->text, number);
    case VALUE_FLOAT:
        return isnan(value->real) ? INTEGER_NONE : from_float(value->real, number);
    case VALUE_STRING:
        if (!pytext_to_int(arena, value->text, &whole))
            return INTEGER_NONE;
        *number = whole;
        return INTEGER_OK;
    default:
        return INTEGER_NONE;
    }
}

/* Length of the number that an octal, hexadecimal or decimal literal begins with, 0 for none. */
static size_t literal(const char *text, int *base)
{
    size_t sign = *text == '+' || *text == '-';
    const char *digits = text + sign;

    *base = 10;
    if (*digits != '0')
        return isdigit((unsigned char)*digits) ? sign + strspn(digits, "0123456789") : 0;
    if (digits[1] == 'x' && isxdigit((unsigned char)digits[2])) {
        *base = 16;
        return sign + 2 + strspn(digits + 2, "0123456789abcdefABCDEF");
    }
    *base = 8;
    return sign + strspn(digits, "01234567");
}

/* Length of the decimal fraction that `text` begins with, 0 for none: digits are needed, after a point at the latest.
 */
static size_t fraction(const char *text)
{
    size_t sign = *text == '+' || *text == '-', length = sign + strspn(text + sign, "0123456789");
    size_t more = text[length] == '.' ? strspn(text + length + 1, "0123456789") : 0;

    if (more)
        length += 1 + more;
    else if (length == sign)
        return 0;
    if (text[length] == 'e' || text[length] == 'E') {
        size_t exponent = length + 1 + (text[length + 1] == '+' || text[length + 1] == '-');
        size_t digits = strspn(text + exponent, "0123456789");

        if (digits)
            length = exponent + digits;
    }
    return length;
}

static enum integer parse_text(const char *text, struct arena *arena, lsn_t *number)
{
    int base;
    size_t length = literal(text, &base);
    struct value whole;

    if (text[length] && strchr(".eE", text[length])) {
        size_t end = fraction(text);

        return end && !text[end] ? from_float(rint(strtod(text, NULL)), number) : INTEGER_NONE;
    }
    if (!length || text[length])
        return INTEGER_NONE;
    const char *digits = text + (*text == '+' || *text == '-') + (base == 16 ? 2 : 0);
    if (!number_read(arena, digits, (size_t)(text + length - digits), base, *text == '-', &whole))
        return INTEGER_OVERFLOW;
    return integer_convert(&whole, arena, number);
}

enum integer integer_parse(const struct value *value, struct arena *arena, lsn_t *number)
{
    struct str text;

    switch (value ? (enum value_kind)value->kind : VALUE_NULL) {
    case VALUE_INT:
    case VALUE_BIG:
        return integer_convert(value, arena, number);
    case VALUE_FLOAT:
        if (!isfinite(value->real))
            return INTEGER_NONE; /* their text is "inf" and "nan", without a digit */
        str_init(&text, arena);
        number_write_float(value->real, &text);
        return parse_text(text.text, arena, number);
    case VALUE_STRING:
        return parse_text(pytext_strip(arena, value->text), arena, number);
    default:
        return INTEGER_NONE;
    }
}

/* Units of time, in seconds, and what a value with this unit is rounded to. */
static const struct unit {
    const char *name;
    double seconds;
    double step;
} units[] = {
    {"", 1, 1},     {"d", 86400, 3600}, {"h", 3600, 60},    {"min", 60, 1},
    {"s", 1, 1e-3}, {"ms", 1e-3, 1e-6}, {"us", 1e-6, 1e-6},
};

bool seconds_read(struct arena *arena, const char *text, int64_t *seconds)
{
    const char *number = pytext_strip(arena, text);
    int base;
    size_t length = literal(number, &base);
    bool fractional = number[length] && strchr(".eE", number[length]);

    if (fractional)
        length = fraction(number);
    if (!length)
        return false;
    double value = fractional ? strtod(number, NULL) : (double)strtoll(number, NULL, base);
    const char *unit = pytext_strip(arena, number + length);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (str_equal(units[i].name, unit)) {
            double rounded = rint(rint(value * units[i].seconds / units[i].step) * units[i].step);

            if (!(rounded >= 1 && rounded < INT32_MAX))
                return false;
            *seconds = (int64_t)rounded;
            return true;
        }
    return false;
}
