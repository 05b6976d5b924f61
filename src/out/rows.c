#include "cell.h"
#include "pgha/arena.h"
#include "pgha/json.h"
#include "pgha/yaml.h"

/*
 * A row as a map. Of columns with the same name the last one counts (recorded case query-columns-same-json); a table
 * without a header has no names for its cells (query-error-json).
 */
static struct value row_map(struct arena *arena, const struct table *table, size_t row)
{
    bool omit_empty = table->title && *table->title;
    struct value map = value_map();

    for (size_t c = 0; c < table->column_count && !table->no_header; c++) {
        struct value cell = table->cells[row * table->column_count + c];

        if (!omit_empty || !value_is(&cell, VALUE_STRING) || cell.length)
            value_map_append(arena, &map, value_string(table->columns[c].name), cell);
    }
    value_map_unique(&map);
    return map;
}

/* Row by row: a list of all of them would take more memory than the text. */
void rows_write(const struct table *table, bool yaml, struct str *out)
{
    if (!yaml || !table->row_count)
        str_add_char(out, '[');
    for (size_t r = 0; r < table->row_count; r++) {
        struct arena *scratch = arena_new(NULL);
        struct value map = row_map(scratch, table, r);

        if (yaml) {
            struct value list = value_list();

            value_list_add(scratch, &list, map);
            yaml_write(&list, false, out);
        } else {
            str_add(out, r ? ", " : "");
            json_write(&map, false, out);
        }
        arena_free(scratch);
    }
    str_add(out, !yaml ? "]\n" : table->row_count ? "\n" : "]\n\n");
}
