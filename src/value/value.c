#include "pgha/value.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "pgha/arena.h"
#include "pgha/str.h"
#include "pgha/value_index.h"

struct value value_null(void)
{
    return (struct value){.kind = VALUE_NULL};
}

struct value value_bool(bool boolean)
{
    return (struct value){.kind = VALUE_BOOL, .boolean = boolean};
}

struct value value_int(int64_t integer)
{
    return (struct value){.kind = VALUE_INT, .integer = integer};
}

struct value value_float(double real)
{
    return (struct value){.kind = VALUE_FLOAT, .real = real};
}

struct value value_text(const char *text, size_t length)
{
    /* Borrowed text is never written through the value; the union has no room for a second, const pointer. */
    union {
        const char *borrowed;
        char *text;
    } pointer = {.borrowed = text};

    return (struct value){.kind = VALUE_STRING, .length = (uint32_t)length, .text = pointer.text};
}

struct value value_string(const char *text)
{
    return text ? value_text(text, strlen(text)) : value_null();
}

struct value value_copy_string(struct arena *arena, const char *text)
{
    return value_string(arena_strdup(arena, text));
}

struct value value_list(void)
{
    return (struct value){.kind = VALUE_LIST};
}

struct value value_map(void)
{
    return (struct value){.kind = VALUE_MAP};
}

struct value value_copy(struct arena *arena, const struct value *value)
{
    struct value copy = *value;

    copy.aliased = false;
    switch ((enum value_kind)value->kind) {
    case VALUE_BIG:
    case VALUE_STRING:
    case VALUE_BYTES:
    case VALUE_DATE:
    case VALUE_DATETIME:
        copy.text = arena_alloc(arena, (size_t)value->length + 1);
        memcpy(copy.text, value->text, value->length);
        break;
    case VALUE_LIST:
        copy = value_list();
        for (uint32_t i = 0; i < value->length; i++)
            value_list_add(arena, &copy, value_copy(arena, &value->items[i]));
        break;
    case VALUE_MAP:
        copy = value_map();
        copy.is_set = value->is_set;
        for (uint32_t i = 0; i < value->length; i++)
            value_map_append(arena, &copy, value_copy(arena, &value->pairs[i].key),
                             value_copy(arena, &value->pairs[i].value));
        break;
    case VALUE_NULL:
    case VALUE_BOOL:
    case VALUE_INT:
    case VALUE_FLOAT:
        break;
    }
    return copy;
}

/* Room for one more element: arrays grow when their length is a power of two, so no capacity has to be kept. */
static void *with_room(struct arena *arena, void *array, uint32_t length, size_t size)
{
    if (length & (length - 1))
        return array;
    void *grown = arena_calloc(arena, length ? 2 * (size_t)length : 1, size);
    if (length)
        memcpy(grown, array, length * size);
    return grown;
}

void value_list_add(struct arena *arena, struct value *list, struct value item)
{
    list->items = with_room(arena, list->items, list->length, sizeof item);
    list->items[list->length++] = item;
}

static struct value_pair *find(const struct value *map, const struct value *key)
{
    for (uint32_t i = 0; i < map->length; i++)
        if (value_equal(&map->pairs[i].key, key))
            return &map->pairs[i];
    return NULL;
}

void value_map_set_key(struct arena *arena, struct value *map, struct value key, struct value value)
{
    struct value_pair *pair = find(map, &key);

    if (pair) {
        pair->value = value;
        return;
    }
    value_map_append(arena, map, key, value);
}

void value_map_append(struct arena *arena, struct value *map, struct value key, struct value value)
{
    map->pairs = with_room(arena, map->pairs, map->length, sizeof *map->pairs);
    map->pairs[map->length++] = (struct value_pair){key, value};
}

void value_map_set(struct arena *arena, struct value *map, const char *key, struct value value)
{
    struct value name = value_string(key);

    /* An existing key is kept, a new one is copied, so that callers may pass any string. */
    value_map_set_key(arena, map, find(map, &name) ? name : value_copy_string(arena, key), value);
}

bool value_map_remove(struct value *map, const char *key)
{
    struct value name = value_string(key);

    return value_map_remove_key(map, &name);
}

bool value_map_remove_key(struct value *map, const struct value *key)
{
    struct value_pair *pair = find(map, key);

    if (!pair)
        return false;
    size_t after = (size_t)(map->pairs + map->length - (pair + 1));
    memmove(pair, pair + 1, after * sizeof *pair);
    map->length--;
    return true;
}

struct value *value_get(const struct value *map, const char *key)
{
    struct value name = value_string(key);

    return value_get_key(map, &name);
}

struct value *value_get_key(const struct value *map, const struct value *key)
{
    struct value_pair *pair = value_is(map, VALUE_MAP) ? find(map, key) : NULL;

    return pair ? &pair->value : NULL;
}

struct value *value_path(const struct value *map, ...)
{
    va_list list;
    struct value *found = NULL;

    va_start(list, map);
    for (const char *key; (key = va_arg(list, const char *)); map = found)
        if (!(found = value_get(map, key)))
            break;
    va_end(list);
    return found;
}

const char *value_as_string(const struct value *value)
{
    return value_is(value, VALUE_STRING) ? value->text : NULL;
}

bool value_is(const struct value *value, enum value_kind kind)
{
    return value && value->kind == kind;
}

static bool is_number(const struct value *value)
{
    return value->kind == VALUE_BOOL || value->kind == VALUE_INT || value->kind == VALUE_BIG ||
           value->kind == VALUE_FLOAT;
}

/* An integer against a float is exact, as in Python: rounding to a double would take neighbours for equal. */
static bool equal_float(double real, const struct value *other)
{
    char digits[400]; /* the largest double has 309 */

    if (other->kind == VALUE_FLOAT)
        return real == other->real;
    if (other->kind == VALUE_BOOL)
        return real == other->boolean;
    if (other->kind == VALUE_INT)
        return real >= -0x1p63 && real < 0x1p63 && (double)(int64_t)real == real && (int64_t)real == other->integer;
    snprintf(digits, sizeof digits, "%.0f", real);
    return str_equal(digits, other->text);
}

static bool equal_numbers(const struct value *a, const struct value *b)
{
    if (a->kind == VALUE_FLOAT)
        return equal_float(a->real, b);
    if (b->kind == VALUE_FLOAT)
        return equal_float(b->real, a);
    if (a->kind == VALUE_BIG || b->kind == VALUE_BIG)
        return a->kind == b->kind && str_equal(a->text, b->text);
    return (a->kind == VALUE_BOOL ? a->boolean : a->integer) == (b->kind == VALUE_BOOL ? b->boolean : b->integer);
}

static bool equal_lists(const struct value *a, const struct value *b)
{
    uint32_t i = 0;

    while (i < a->length && value_equal(&a->items[i], &b->items[i]))
        i++;
    return i == a->length;
}

static bool equal_maps(const struct value *a, const struct value *b)
{
    struct arena *scratch = arena_new(NULL);
    struct value_index index = value_index_make(scratch, b);
    bool equal = true;

    for (uint32_t i = 0; equal && i < a->length; i++) {
        struct value_pair *other = value_index_find(&index, &a->pairs[i].key);

        equal = other && value_equal(&a->pairs[i].value, &other->value);
    }
    arena_free(scratch);
    return equal;
}

bool value_equal(const struct value *a, const struct value *b)
{
    if (is_number(a) && is_number(b))
        return equal_numbers(a, b);
    if (a->kind != b->kind)
        return false;
    if (a->kind == VALUE_NULL)
        return true;
    if (a->kind == VALUE_LIST || a->kind == VALUE_MAP)
        return a->length == b->length && (a->kind == VALUE_LIST ? equal_lists(a, b) : equal_maps(a, b));
    return a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
}

bool value_truth(const struct value *value)
{
    if (!value)
        return false;
    switch ((enum value_kind)value->kind) {
    case VALUE_NULL:
        return false;
    case VALUE_BOOL:
        return value->boolean;
    case VALUE_INT:
        return value->integer != 0;
    case VALUE_FLOAT:
        return value->real != 0;
    case VALUE_STRING:
    case VALUE_BYTES:
    case VALUE_LIST:
    case VALUE_MAP:
        return value->length != 0;
    case VALUE_BIG:
    case VALUE_DATE:
    case VALUE_DATETIME:
        break;
    }
    return true;
}

const char *value_kind_name(const struct value *value)
{
    switch (value ? (enum value_kind)value->kind : VALUE_NULL) {
    case VALUE_NULL:
        return "nothing";
    case VALUE_BOOL:
        return "a truth value";
    case VALUE_INT:
    case VALUE_BIG:
    case VALUE_FLOAT:
        return "a number";
    case VALUE_STRING:
        return "text";
    case VALUE_BYTES:
        return "binary data";
    case VALUE_DATE:
    case VALUE_DATETIME:
        return "a date";
    case VALUE_LIST:
        return "a list";
    case VALUE_MAP:
        break;
    }
    return "a mapping";
}
