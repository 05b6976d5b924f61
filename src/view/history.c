#include "pgha/history.h"

#include "pgha/arena.h"

static const struct table_column columns[] = {
    {.name = "TL", .align = ALIGN_RIGHT},
    {.name = "LSN", .align = ALIGN_RIGHT},
    {.name = "Reason"},
    {.name = "Timestamp"},
    {.name = "New Leader"},
};

#define COLUMNS (sizeof columns / sizeof *columns)

/* A line is whatever Python makes a list of: text gives its characters, a map its keys. */
static bool line_cells(struct arena *arena, const struct value *line, struct value *cells, struct err *err)
{
    struct value list = value_list();

    switch (line->kind) {
    case VALUE_LIST:
        *cells = *line;
        return true;
    case VALUE_MAP:
        for (uint32_t i = 0; i < line->length; i++)
            value_list_add(arena, &list, line->pairs[i].key);
        break;
    case VALUE_STRING:
        for (uint32_t i = 0, size; i < line->length; i += size) {
            for (size = 1; i + size < line->length && (line->text[i + size] & 0xc0) == 0x80;)
                size++;
            value_list_add(arena, &list, value_text(line->text + i, size));
        }
        break;
    default:
        return err_set(err, arena, ERR_FAILED, "a line of the history is %s, not a list", value_kind_name(line));
    }
    *cells = list;
    return true;
}

/* Lines that are too long: TSV shows all of it, JSON and YAML leave out what has no name. */
static bool fit(struct arena *arena, const struct value *cells, enum table_format format, struct value *row,
                struct err *err)
{
    for (uint32_t i = 0; i < COLUMNS; i++)
        row[i] = i < cells->length ? cells->items[i] : value_string("");
    if (cells->length <= COLUMNS)
        return true;
    if (format == FORMAT_PRETTY)
        return err_set(err, arena, ERR_FAILED, "a line of the history has %u columns, not %zu", (unsigned)cells->length,
                       COLUMNS);
    if (format == FORMAT_TSV) {
        struct str rest;

        str_init(&rest, arena);
        for (uint32_t i = COLUMNS - 1; i < cells->length; i++) {
            if (i >= COLUMNS)
                str_add_char(&rest, '\t');
            value_str(&cells->items[i], &rest);
        }
        row[COLUMNS - 1] = value_text(rest.text, rest.length);
    }
    return true;
}

bool history_table(struct arena *arena, const struct cluster *cluster, enum table_format format, struct table *table,
                   struct err *err)
{
    const struct value *lines = &cluster->history.data;
    struct table made = {
        .columns = arena_memdup(arena, columns, sizeof columns),
        .column_count = COLUMNS,
        .row_count = lines->kind == VALUE_LIST ? lines->length : 0,
    };

    made.cells = arena_calloc(arena, made.row_count * COLUMNS, sizeof *made.cells);
    for (size_t i = 0; i < made.row_count; i++) {
        struct value cells = value_list();

        if (!line_cells(arena, &lines->items[i], &cells, err) ||
            !fit(arena, &cells, format, &made.cells[i * COLUMNS], err))
            return false;
    }
    *table = made;
    return true;
}
