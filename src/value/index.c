#include "pgha/value_index.h"

#include <stdint.h>

#include "pgha/arena.h"
#include "pgha/hash.h"

/* Up to so many pairs each is looked at. */
#define FEW 16

/* Equal values have equal hashes: 1, 1.0 and true are one key. */
static uint64_t hash_key(uint64_t seed, const struct value *key)
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
        return hash_bytes(seed, key->text, key->length) + key->kind;
    case VALUE_NULL:
    case VALUE_LIST:
    case VALUE_MAP:
        return key->kind;
    }
    return hash_bytes(seed, &real, sizeof real);
}

/* Where the key is, or would be. Addresses are different in each run, so nobody can choose keys that meet. */
static size_t find_slot(const struct value_index *index, const struct value *key)
{
    const struct value_pair *pairs = index->map->pairs;
    size_t slot = hash_key((uintptr_t)index->table, key) & (index->slots - 1);

    while (index->table[slot] && !value_equal(&pairs[index->table[slot] - 1].key, key))
        slot = (slot + 1) & (index->slots - 1);
    return slot;
}

static void enter(struct value_index *index, uint32_t pair)
{
    index->table[find_slot(index, &index->map->pairs[pair].key)] = pair + 1;
}

static void grow(struct value_index *index, size_t pairs)
{
    size_t slots = index->slots ? index->slots : 2 * FEW;

    while (slots < 2 * pairs)
        slots *= 2;
    index->slots = slots;
    index->table = arena_calloc(index->arena, slots, sizeof *index->table);
    for (uint32_t i = 0; i < index->noted; i++)
        enter(index, i);
}

struct value_index value_index_make(struct arena *arena, const struct value *map)
{
    struct value_index index = {.arena = arena, .map = map, .noted = map->length};

    if (map->length > FEW)
        grow(&index, map->length);
    return index;
}

void value_index_note(struct value_index *index)
{
    index->noted++;
    if (index->noted > FEW && 2 * (size_t)index->noted > index->slots)
        grow(index, 2 * (size_t)index->noted);
    else if (index->table)
        enter(index, index->noted - 1);
}

struct value_pair *value_index_find(const struct value_index *index, const struct value *key)
{
    struct value_pair *pairs = index->map->pairs;

    if (index->table) {
        uint32_t found = index->table[find_slot(index, key)];

        return found ? &pairs[found - 1] : NULL;
    }
    for (uint32_t i = 0; i < index->noted; i++)
        if (value_equal(&pairs[i].key, key))
            return &pairs[i];
    return NULL;
}
