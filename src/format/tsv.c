#include "pgha/arena.h"

#include "cell.h"

void tsv_write(const struct table *table, const char *delimiter, struct str *out)
{
    struct arena *scratch = arena_new(NULL);

    for (size_t c = 0; c < table->column_count && !table->no_header; c++) {
        str_add(out, c ? delimiter : "");
        str_add(out, table->columns[c].name);
    }
    str_add(out, table->no_header ? "" : "\n");
    for (size_t r = 0; r < table->row_count; r++) {
        for (size_t c = 0; c < table->column_count; c++) {
            enum table_nested nested = table->columns[c].nested ? NESTED_FLOW : NESTED_PLAIN;
            struct cell_text cell = cell_text(scratch, &table->cells[r * table->column_count + c], nested);

            str_add(out, c ? delimiter : "");
            str_add_bytes(out, cell.text, cell.length);
        }
        str_add_char(out, '\n');
    }
    arena_free(scratch);
}
