/* Tables made by hand, and what a writer makes of them. */
#ifndef PGHA_TEST_TABLE_H
#define PGHA_TEST_TABLE_H

#include "pgha/arena.h"
#include "pgha/table.h"

static inline const char *written(struct arena *arena, const struct table *table, enum table_format format)
{
    struct str text;

    str_init(&text, arena);
    table_write(table, &(struct table_style){.format = format}, &text);
    return text.text;
}

/* A map with one entry. */
static inline struct value map_of(struct arena *arena, const char *key, struct value value)
{
    struct value map = value_map();

    value_map_set(arena, &map, key, value);
    return map;
}

#endif
