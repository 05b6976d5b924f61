/* A map that many changes are made to one after the other: each takes constant time, however large the map is. */
#ifndef PGHA_MODEL_SECTION_H
#define PGHA_MODEL_SECTION_H

#include "pgha/value.h"

struct arena;
struct section;

/* Borrows the map, which stays as it is. */
struct section *section_open(struct arena *arena, const struct value *map);

/* Pairs that are there. */
uint32_t section_length(const struct section *section);

/* The pair, or NULL; valid until the next section_set(). A map as its value may be out of date: see section_below(). */
struct value_pair *section_find(const struct section *section, const struct value *key);

/* The map that is the value of a pair, as a section: what is changed in it is changed in `section`. */
struct section *section_below(struct section *section, const struct value_pair *pair);

/* Replaces the value of a key in its place, or appends. A key that was taken out comes back to its old place. */
struct value_pair *section_set(struct section *section, struct value key, struct value value);

void section_remove(struct section *section, const struct value_pair *pair);

/* All of it as a map. */
struct value section_value(const struct section *section);

#endif
