/*
 * Finds the pairs of a large map by their keys in constant time, where each of many keys is looked for. For few pairs,
 * and for a single look, value_get() is as good.
 */
#ifndef PGHA_VALUE_INDEX_H
#define PGHA_VALUE_INDEX_H

#include "pgha/value.h"

/* Belongs to `arena`; borrows `map`, whose pairs may be appended to (value_index_note() each), but not taken out. */
struct value_index {
    struct arena *arena;
    const struct value *map;
    uint32_t *table; /* number of a pair + 1, hashed; NULL while there are few */
    size_t slots;    /* a power of two, or 0 */
    uint32_t noted;  /* pairs that can be found */
};

/* Of a map with unique keys, all of which can be found. */
struct value_index value_index_make(struct arena *arena, const struct value *map);

/* The first `noted` pairs of the map and one more can be found. */
void value_index_note(struct value_index *index);

/* The pair, or NULL. */
struct value_pair *value_index_find(const struct value_index *index, const struct value *key);

#endif
