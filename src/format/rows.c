#include "pgha/arena.h"
#include "pgha/json.h"
#include "pgha/yaml.h"

#include "cell.h"

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

/* Whether a value stands in several places (see value.h): YAML refers to it across the rows. */
static bool is_shared(const struct table *table)
{
    for (size_t i = 0; i < table->row_count * table->column_count; i++)
        if (table->cells[i].aliased)
            return true;
    return false;
}

static void yaml_rows_write(const struct table *table, struct str *out)
{
    /* Row by row, as a list of all of them would take more memory than the text. */
    size_t step = is_shared(table) ? table->row_count : 1;

    for (size_t r = 0; r < table->row_count; r += step) {
        struct arena *scratch = arena_new(NULL);
        struct value list = value_list();

        for (size_t i = r; i < r + step; i++)
            value_list_add(scratch, &list, row_map(scratch, table, i));
        yaml_write(&list, false, out);
        arena_free(scratch);
    }
    str_add(out, table->row_count ? "\n" : "[]\n\n");
}

static void json_rows_write(const struct table *table, struct str *out)
{
    str_add_char(out, '[');
    for (size_t r = 0; r < table->row_count; r++) {
        struct arena *scratch = arena_new(NULL);
        struct value map = row_map(scratch, table, r);

        str_add(out, r ? ", " : "");
        json_write(&map, false, out);
        arena_free(scratch);
    }
    str_add(out, "]\n");
}

void rows_write(const struct table *table, bool yaml, struct str *out)
{
    if (yaml)
        yaml_rows_write(table, out);
    else
        json_rows_write(table, out);
}
