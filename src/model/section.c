#include "section.h"

#include <string.h>

#include "pgha/arena.h"
#include "pgha/value_index.h"

/* What is known of the pair with the same number. */
struct place {
    struct section *below; /* its value, once it was opened; else NULL */
    bool gone;             /* only marked: moving the others would take time for each */
};

struct section {
    struct arena *arena;
    struct value map;
    struct value_index index;
    struct place *places;
    size_t room; /* places that the array has */
    uint32_t gone;
};

struct section *section_open(struct arena *arena, const struct value *map)
{
    struct section *section = arena_alloc(arena, sizeof *section);

    *section = (struct section){.arena = arena, .map = value_map(), .room = 2 * (size_t)map->length + 1};
    section->map.is_set = map->is_set;
    for (uint32_t i = 0; i < map->length; i++)
        value_map_append(arena, &section->map, map->pairs[i].key, map->pairs[i].value);
    section->index = value_index_make(arena, &section->map);
    section->places = arena_calloc(arena, section->room, sizeof *section->places);
    return section;
}

uint32_t section_length(const struct section *section)
{
    return section->map.length - section->gone;
}

static struct place *place_of(const struct section *section, const struct value_pair *pair)
{
    return &section->places[pair - section->map.pairs];
}

struct value_pair *section_find(const struct section *section, const struct value *key)
{
    struct value_pair *pair = value_index_find(&section->index, key);

    return pair && !place_of(section, pair)->gone ? pair : NULL;
}

struct section *section_below(struct section *section, const struct value_pair *pair)
{
    struct place *place = place_of(section, pair);

    if (!place->below)
        place->below = section_open(section->arena, &pair->value);
    return place->below;
}

static struct value_pair *append(struct section *section, struct value key, struct value value)
{
    value_map_append(section->arena, &section->map, key, value);
    value_index_note(&section->index);
    if (section->map.length > section->room) {
        struct place *grown = arena_calloc(section->arena, 2 * section->room, sizeof *grown);

        memcpy(grown, section->places, section->room * sizeof *grown);
        section->places = grown;
        section->room *= 2;
    }
    return &section->map.pairs[section->map.length - 1];
}

struct value_pair *section_set(struct section *section, struct value key, struct value value)
{
    struct value_pair *pair = value_index_find(&section->index, &key);

    if (!pair)
        return append(section, key, value);
    struct place *place = place_of(section, pair);
    section->gone -= place->gone;
    *place = (struct place){.below = NULL};
    pair->value = value;
    return pair;
}

void section_remove(struct section *section, const struct value_pair *pair)
{
    *place_of(section, pair) = (struct place){.gone = true};
    section->gone++;
}

struct value section_value(const struct section *section)
{
    struct value map = value_map();

    map.is_set = section->map.is_set;
    for (uint32_t i = 0; i < section->map.length; i++) {
        const struct place *place = &section->places[i];
        const struct value_pair *pair = &section->map.pairs[i];

        if (!place->gone)
            value_map_append(section->arena, &map, pair->key, place->below ? section_value(place->below) : pair->value);
    }
    return map;
}
