#include "pgha/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pgha/arena.h"
#include "pgha/str.h"

#define PART 1000000000u
#define PART_DIGITS 9
/* So many digits fit an int64_t in any base up to 16: nearly all numbers need no memory. */
#define SURE_TO_FIT 15
#define MAX_PARTS ((NUMBER_MAX_DIGITS + PART_DIGITS - 1) / PART_DIGITS)

bool number_append(struct number *number, uint32_t factor, uint32_t digit)
{
    uint64_t carry = digit;

    for (size_t i = 0; i < number->count; i++) {
        carry += (uint64_t)number->parts[i] * factor;
        number->parts[i] = (uint32_t)(carry % PART);
        carry /= PART;
    }
    if (!carry)
        return true;
    if (number->count == MAX_PARTS)
        return false;
    if (number->count == number->capacity) {
        size_t capacity = number->capacity ? 2 * number->capacity : 4;
        uint32_t *parts = arena_calloc(number->arena, capacity, sizeof *parts);

        if (number->count)
            memcpy(parts, number->parts, number->count * sizeof *parts);
        number->parts = parts;
        number->capacity = capacity;
    }
    number->parts[number->count++] = (uint32_t)carry;
    return true;
}

struct value number_value(const struct number *number, bool negative)
{
    uint64_t limit = (uint64_t)INT64_MAX + negative, whole = 0;
    bool fits = true;

    for (size_t i = number->count; i-- > 0 && fits;) {
        fits = whole <= (limit - number->parts[i]) / PART;
        whole = whole * PART + number->parts[i];
    }
    if (fits)
        return value_int(negative ? (int64_t)-whole : (int64_t)whole);

    struct str text;
    str_init(&text, number->arena);
    str_printf(&text, "%s%u", negative ? "-" : "", number->parts[number->count - 1]);
    for (size_t i = number->count - 1; i-- > 0;)
        str_printf(&text, "%09u", number->parts[i]);
    return (struct value){.kind = VALUE_BIG, .length = (uint32_t)text.length, .text = text.text};
}

static int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool number_read(struct arena *arena, const char *digits, size_t length, int base, bool negative, struct value *value)
{
    struct number number = {.arena = arena};
    int64_t small = 0;

    if (!length)
        return false;
    for (size_t i = 0; i < length; i++) {
        int digit = digit_of(digits[i]);

        if (digit < 0 || digit >= base)
            return false;
        if (length <= SURE_TO_FIT) {
            small = small * base + digit;
            continue;
        }
        if (!number_append(&number, (uint32_t)base, (uint32_t)digit))
            return false;
    }
    *value = length <= SURE_TO_FIT ? value_int(negative ? -small : small) : number_value(&number, negative);
    if (value->kind == VALUE_BIG && value->length - negative > NUMBER_MAX_DIGITS)
        return false;
    return true;
}

/* Adds one to the last digit of "d.ddde±xx". */
static void step_up(char *text)
{
    char *digit = strchr(text, 'e');

    while (digit-- > text) {
        if (*digit >= '0' && *digit < '9') {
            ++*digit;
            return;
        }
        if (*digit == '9')
            *digit = '0';
    }
}

/*
 * The fewest digits that read back as the same number, as "d.ddde±xx". Above a power of two the next number is twice as
 * far away as below it, so that the nearest text with a given number of digits may miss where the one above it does
 * not.
 */
static void shortest(double real, char *text, size_t size)
{
    int exponent;
    bool power_of_two = fabs(frexp(real, &exponent)) == 0.5;

    for (int digits = 0; digits < 17; digits++) {
        snprintf(text, size, "%.*e", digits, real);
        if (strtod(text, NULL) == real)
            return;
        if (!power_of_two)
            continue;
        step_up(text);
        if (strtod(text, NULL) == real)
            return;
    }
}

void number_write_float(double real, struct str *out)
{
    char text[40], digits[20];
    size_t count = 0;

    if (isnan(real)) {
        str_add(out, "nan");
        return;
    }
    if (isinf(real)) {
        str_add(out, real < 0 ? "-inf" : "inf");
        return;
    }
    shortest(real, text, sizeof text);
    const char *at = text;
    if (*at == '-')
        str_add_char(out, *at++);
    for (; *at != 'e'; at++)
        if (*at != '.')
            digits[count++] = *at;
    long exponent = strtol(at + 1, NULL, 10);
    if (exponent < -4 || exponent >= 16) {
        str_add_bytes(out, digits, 1);
        if (count > 1) {
            str_add_char(out, '.');
            str_add_bytes(out, digits + 1, count - 1);
        }
        str_printf(out, "e%c%02ld", exponent < 0 ? '-' : '+', labs(exponent));
        return;
    }
    if (exponent < 0) {
        str_add(out, "0.");
        str_add_repeat(out, '0', (size_t)(-exponent - 1));
        str_add_bytes(out, digits, count);
        return;
    }
    size_t whole = (size_t)exponent + 1, copied = whole < count ? whole : count;
    str_add_bytes(out, digits, copied);
    str_add_repeat(out, '0', whole - copied);
    str_add_char(out, '.');
    if (count > whole)
        str_add_bytes(out, digits + whole, count - whole);
    else
        str_add_char(out, '0');
}
