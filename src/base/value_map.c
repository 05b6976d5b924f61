#include <stdint.h>
#include <string.h>

#include "pgha/arena.h"
#include "pgha/str.h"
#include "pgha/value.h"

/* Up to so many pairs each is compared with all before it; beyond, a table of hashes finds its equal. */
#define FEW 16

static uint64_t hash_bytes(const void *data, size_t length)
{
    const unsigned char *bytes = data;
    uint64_t hash = 0xcbf29ce484222325u;

    for (size_t i = 0; i < length; i++)
        hash = (hash ^ bytes[i]) * 0x100000001b3u;
    return hash ^ hash >> 29;
}

/* Equal values have equal hashes: 1, 1.0 and true are one key. */
static uint64_t hash_key(const struct value *key)
{
    double real = 0;

    switch ((enum value_kind)key->kind) {
    case VALUE_BOOL:
        real = key->boolean;
        break;
    case VALUE_INT:
        real = (double)key->integer;
        break;
    case VALUE_FLOAT:
        real = key->real == 0 ? 0 : key->real; /* -0.0 equals 0.0 */
        break;
    case VALUE_BIG:
    case VALUE_STRING:
    case VALUE_BYTES:
    case VALUE_DATE:
    case VALUE_DATETIME:
        return hash_bytes(key->text, key->length) + key->kind;
    case VALUE_NULL:
    case VALUE_LIST:
    case VALUE_MAP:
        return key->kind;
    }
    return hash_bytes(&real, sizeof real);
}

/* Puts the pair at `from` at the end of the unique ones, or its value into the one that has the same key. */
static void settle(struct value *map, uint32_t same, uint32_t *unique, uint32_t from)
{
    if (same < *unique)
        map->pairs[same].value = map->pairs[from].value;
    else
        map->pairs[(*unique)++] = map->pairs[from];
}

static void unique_few(struct value *map)
{
    uint32_t unique = 0;

    for (uint32_t i = 0; i < map->length; i++) {
        uint32_t same = 0;

        while (same < unique && !value_equal(&map->pairs[same].key, &map->pairs[i].key))
            same++;
        settle(map, same, &unique, i);
    }
    map->length = unique;
}

void value_map_unique(struct value *map)
{
    if (map->length <= FEW) {
        unique_few(map);
        return;
    }
    size_t slots = 2 * FEW;
    while (slots < 2 * (size_t)map->length)
        slots *= 2;
    struct arena *scratch = arena_new(NULL);
    uint32_t *table = arena_calloc(scratch, slots, sizeof *table); /* index + 1 */
    uint32_t unique = 0;

    for (uint32_t i = 0; i < map->length; i++) {
        size_t slot = hash_key(&map->pairs[i].key) & (slots - 1);

        while (table[slot] && !value_equal(&map->pairs[table[slot] - 1].key, &map->pairs[i].key))
            slot = (slot + 1) & (slots - 1);
        uint32_t same = table[slot] ? table[slot] - 1 : unique;
        if (!table[slot])
            table[slot] = unique + 1;
        settle(map, same, &unique, i);
    }
    map->length = unique;
    arena_free(scratch);
}

/* A map of its own with the same pairs, so that the original keeps its array. */
static struct value shallow_copy(struct arena *arena, const struct value *map)
{
    struct value copy = value_map();

    copy.is_set = map->is_set;
    for (uint32_t i = 0; i < map->length; i++)
        value_map_append(arena, &copy, map->pairs[i].key, map->pairs[i].value);
    return copy;
}

static struct value_pair *find(const struct value *map, const struct value *key)
{
    for (uint32_t i = 0; i < map->length; i++)
        if (value_equal(&map->pairs[i].key, key))
            return &map->pairs[i];
    return NULL;
}

static bool same_text(struct arena *arena, const struct value *a, const struct value *b)
{
    struct str left, right;

    str_init(&left, arena);
    str_init(&right, arena);
    value_str(a, &left);
    value_str(b, &right);
    return left.length == right.length && memcmp(left.text, right.text, left.length) == 0;
}

struct value value_patch(struct arena *arena, const struct value *map, const struct value *patch)
{
    struct value result = shallow_copy(arena, map);

    for (uint32_t i = 0; i < patch->length; i++) {
        const struct value *key = &patch->pairs[i].key, *value = &patch->pairs[i].value;
        struct value_pair *old = find(&result, key);

        if (!old) {
            if (value->kind != VALUE_NULL)
                value_map_append(arena, &result, *key, *value);
        } else if (value->kind == VALUE_NULL) {
            size_t after = (size_t)(result.pairs + result.length - (old + 1));
            memmove(old, old + 1, after * sizeof *old);
            result.length--;
        } else if (value->kind == VALUE_MAP && !value->is_set && old->value.kind == VALUE_MAP && !old->value.is_set) {
            old->value = value_patch(arena, &old->value, value);
        } else if (value->kind == VALUE_MAP || !same_text(arena, &old->value, value)) {
            old->value = *value;
        }
    }
    return result;
}
