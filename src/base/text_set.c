#include "pgha/text_set.h"

#include <stdlib.h>
#include <string.h>

#include "pgha/arena.h"

static int compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

struct text_set text_set_make(struct arena *arena, const char *const *texts, size_t count)
{
    struct text_set set = {.items = arena_calloc(arena, count, sizeof *set.items)};

    if (!count)
        return set;
    memcpy(set.items, texts, count * sizeof *texts);
    qsort(set.items, count, sizeof *set.items, compare);
    for (size_t i = 0; i < count; i++)
        if (!set.count || strcmp(set.items[set.count - 1], set.items[i]) != 0)
            set.items[set.count++] = set.items[i];
    return set;
}

bool text_set_has(const struct text_set *set, const char *text)
{
    return set->count && bsearch(&text, set->items, set->count, sizeof *set->items, compare);
}
