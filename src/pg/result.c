#include "pgha/result.h"

#include <string.h>

#include "pgha/arena.h"
#include "pgha/utf8.h"
#include "pyvalue.h"

struct rendering {
    struct arena *arena;
    enum table_format format;
    struct differences differences;
};

/* PrettyTable copies its rows, which Python cannot do with binary data. */
static bool has_memory(const struct pyvalue *value)
{
    if (value->kind == PYVALUE_MEMORY)
        return true;
    for (size_t i = 0; value->kind == PYVALUE_LIST && i < value->list.count; i++)
        if (has_memory(&value->list.items[i]))
            return true;
    return false;
}

static bool render_text(const struct rendering *rendering, const struct pyvalue *value, struct value *cell,
                        struct err *err)
{
    struct str text;

    if (rendering->format == FORMAT_PRETTY && has_memory(value))
        return err_set(err, rendering->arena, ERR_FAILED, "binary data cannot be drawn in a table");
    str_init(&text, rendering->arena);
    pyvalue_str(value, &text);
    /* JSON may hold half of a surrogate pair, which cannot be printed. */
    if (differs(rendering, DIFF_QUERY_UNPYTHONIC) && !utf8_valid(text.text, text.length)) {
        str_cut(&text, 0);
        str_add_bytes(&text, value->source, value->length);
    }
    *cell = value_text(text.text, text.length);
    return true;
}

static bool render(const struct rendering *rendering, const PGresult *result, int row, int column, struct value *cell,
                   struct err *err)
{
    const char *source = PQgetisnull(result, row, column) ? NULL : PQgetvalue(result, row, column);
    size_t length = source ? (size_t)PQgetlength(result, row, column) : 0;
    struct pyvalue value;

    if (source && !utf8_valid(source, length))
        return err_set(err, rendering->arena, ERR_FAILED, "the value of column %s in row %d is not UTF-8",
                       PQfname(result, column), row + 1);
    if (!pyvalue_cast(rendering->arena, PQftype(result, column), source, length, rendering->differences, &value, err))
        return false;
    if (rendering->format == FORMAT_PRETTY || rendering->format == FORMAT_TSV)
        return render_text(rendering, &value, cell, err);
    return pyvalue_document(rendering->arena, &value, rendering->format == FORMAT_YAML, rendering->differences, cell,
                            err);
}

bool result_table(struct arena *arena, const PGresult *result, enum table_format format, struct differences differences,
                  struct table *table, struct err *err)
{
    const struct rendering rendering = {.arena = arena, .format = format, .differences = differences};
    int columns = PQnfields(result), rows = PQntuples(result);
    struct table made = {.column_count = (size_t)columns, .row_count = (size_t)rows};

    /* SELECT without columns gives rows of nothing, and no line that would name the columns. */
    made.no_header = columns == 0;
    made.columns = arena_calloc(arena, made.column_count, sizeof(*made.columns));
    made.cells = arena_calloc(arena, made.column_count * made.row_count, sizeof(*made.cells));
    for (int column = 0; column < columns; column++)
        made.columns[column].name = PQfname(result, column);
    for (int row = 0; row < rows; row++)
        for (int column = 0; column < columns; column++)
            if (!render(&rendering, result, row, column, &made.cells[(size_t)row * made.column_count + (size_t)column],
                        err))
                return false;
    *table = made;
    return true;
}

struct table result_message(struct arena *arena, const char *time, const char *message)
{
    struct table table = {.column_count = 2, .row_count = 1, .no_header = true};

    /* The names that PrettyTable gives to columns that have none. */
    table.columns = arena_calloc(arena, 2, sizeof(*table.columns));
    table.columns[0].name = "Field 1";
    table.columns[1].name = "Field 2";
    table.cells = arena_calloc(arena, 2, sizeof(*table.cells));
    table.cells[0] = value_string(time);
    table.cells[1] = value_string(message);
    return table;
}
