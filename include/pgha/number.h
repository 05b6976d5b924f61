/* Integers of any length, put together digit by digit, and floats, as Python writes them. */
#ifndef PGHA_NUMBER_H
#define PGHA_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pgha/value.h"

struct arena;
struct str;

/* Python's default limit for an integer in decimal digits; longer ones are refused. */
#define NUMBER_MAX_DIGITS 4300

/* An integer without sign while it is read. Start with zeroed memory and `arena` set. */
struct number {
    struct arena *arena;
    uint32_t *parts; /* base 1e9, lowest first */
    size_t count;
    size_t capacity;
};

/* number = number * factor + digit. False when it gets longer than NUMBER_MAX_DIGITS. */
bool number_append(struct number *number, uint32_t factor, uint32_t digit) __attribute__((warn_unused_result));

/* The value: a VALUE_INT if it fits, else a VALUE_BIG. */
struct value number_value(const struct number *number, bool negative);

/* Reads digits of a base from 2 to 16. False for no digits, other characters, and numbers that are too long. */
bool number_read(struct arena *arena, const char *digits, size_t length, int base, bool negative, struct value *value)
    __attribute__((warn_unused_result));

/* Appends a float as Python's repr() does: the shortest text that reads back the same; inf, -inf, nan. */
void number_write_float(double real, struct str *out);

#endif
