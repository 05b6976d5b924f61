#include "pgha/value.h"

#include <stdarg.h>
#include <string.h>

#include "pgha/arena.h"

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
        for (uint32_t i = 0; i < value->length; i++)
            value_map_set_key(arena, &copy, value_copy(arena, &value->pairs[i].key),
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
    map->pairs = with_room(arena, map->pairs, map->length, sizeof *pair);
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
    struct value_pair *pair = find(map, &name);

    if (!pair)
        return false;
    size_t after = (size_t)(map->pairs + map->length - (pair + 1));
    memmove(pair, pair + 1, after * sizeof *pair);
    map->length--;
    return true;
}

struct value *value_get(const struct value *map, const char *key)
{
    if (!value_is(map, VALUE_MAP))
        return NULL;
    struct value name = value_string(key);
    struct value_pair *pair = find(map, &name);
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

static bool as_number(const struct value *value, double *number)
{
    switch (value->kind) {
    case VALUE_BOOL:
        *number = value->boolean;
        return true;
    case VALUE_INT:
        *number = (double)value->integer;
        return true;
    case VALUE_FLOAT:
        *number = value->real;
        return true;
    default:
        return false;
    }
}

static bool equal_collections(const struct value *a, const struct value *b)
{
    if (a->length != b->length)
        return false;
    for (uint32_t i = 0; i < a->length; i++) {
        if (a->kind == VALUE_LIST) {
            if (!value_equal(&a->items[i], &b->items[i]))
                return false;
            continue;
        }
        struct value_pair *other = find(b, &a->pairs[i].key);
        if (!other || !value_equal(&a->pairs[i].value, &other->value))
            return false;
    }
    return true;
}

bool value_equal(const struct value *a, const struct value *b)
{
    double x, y;

    if (a->kind == VALUE_INT && b->kind == VALUE_INT)
        return a->integer == b->integer;
    if (as_number(a, &x) && as_number(b, &y))
        return x == y;
    if (a->kind != b->kind)
        return false;
    if (a->kind == VALUE_NULL)
        return true;
    if (a->kind == VALUE_LIST || a->kind == VALUE_MAP)
        return equal_collections(a, b);
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
