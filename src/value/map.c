#include <string.h>

#include "pgha/arena.h"
#include "pgha/str.h"
#include "pgha/value.h"
#include "pgha/value_index.h"

void value_map_unique(struct value *map)
{
    struct arena *scratch = arena_new(NULL);
    struct value unique = {.kind = VALUE_MAP, .pairs = map->pairs}; /* grows over what has been looked at */
    struct value_index index = value_index_make(scratch, &unique);

    for (uint32_t i = 0; i < map->length; i++) {
        struct value_pair *same = value_index_find(&index, &map->pairs[i].key);

        if (same) {
            same->value = map->pairs[i].value;
        } else {
            unique.pairs[unique.length++] = map->pairs[i];
            value_index_note(&index);
        }
    }
    map->length = unique.length;
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

static bool same_text(struct arena *arena, const struct value *a, const struct value *b)
{
    struct str left, right;

    str_init(&left, arena);
    str_init(&right, arena);
    value_str(a, &left);
    value_str(b, &right);
    return left.length == right.length && memcmp(left.text, right.text, left.length) == 0;
}

/* Takes the marked pairs out. */
static void compact(struct value *map, const bool *removed, uint32_t marks)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < map->length; i++)
        if (i >= marks || !removed[i])
            map->pairs[kept++] = map->pairs[i];
    map->length = kept;
}

struct value value_patch(struct arena *arena, const struct value *map, const struct value *patch)
{
    struct value result = shallow_copy(arena, map);
    struct arena *scratch = arena_new(NULL);
    struct value_index index = value_index_make(scratch, &result);
    bool *removed = arena_calloc(scratch, map->length, sizeof *removed);

    for (uint32_t i = 0; i < patch->length; i++) {
        const struct value *key = &patch->pairs[i].key, *value = &patch->pairs[i].value;
        struct value_pair *old = value_index_find(&index, key);

        if (!old) {
            if (value->kind != VALUE_NULL)
                value_map_append(arena, &result, *key, *value);
        } else if (value->kind == VALUE_NULL) {
            removed[old - result.pairs] = true;
        } else if (value->kind == VALUE_MAP && !value->is_set && old->value.kind == VALUE_MAP && !old->value.is_set) {
            old->value = value_patch(arena, &old->value, value);
        } else if (value->kind == VALUE_MAP || !same_text(scratch, &old->value, value)) {
            old->value = *value;
        }
    }
    compact(&result, removed, map->length);
    arena_free(scratch);
    return result;
}

bool value_is_patched(struct arena *arena, const struct value *map, const struct value *patch)
{
    if (map->kind != VALUE_MAP)
        return false;
    for (uint32_t i = 0; i < patch->length; i++) {
        const struct value *wanted = &patch->pairs[i].value, *found = value_get_key(map, &patch->pairs[i].key);

        if (!found || found->kind == VALUE_NULL || wanted->kind == VALUE_NULL) {
            if (wanted->kind != VALUE_NULL || (found && found->kind != VALUE_NULL))
                return false;
        } else if (wanted->kind == VALUE_MAP ? !value_is_patched(arena, found, wanted)
                                             : !same_text(arena, found, wanted)) {
            return false;
        }
    }
    return true;
}
