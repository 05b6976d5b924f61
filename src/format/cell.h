/* Cells as text, for the writers that draw them. */
#ifndef PGHA_FORMAT_CELL_H
#define PGHA_FORMAT_CELL_H

#include "pgha/table.h"

struct arena;

/* The writers, one per format; each appends to `out`. */
void pretty_write(const struct table *table, const struct table_style *style, struct str *out);
void pretty_fit(struct table *table, const struct table_style *style); /* table_fit() for a drawn table */
void tsv_write(const struct table *table, const char *delimiter, struct str *out);
void rows_write(const struct table *table, bool yaml, struct str *out);

/* Borrows from the cell, or lives in `arena`. */
struct cell_text {
    const char *text; /* may hold NULs */
    size_t length;
};

/* What str() makes of a cell, or YAML for a column of nested values that is not empty. */
struct cell_text cell_text(struct arena *arena, const struct value *cell, enum table_nested nested);

#endif
