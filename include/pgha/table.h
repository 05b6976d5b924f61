/*
 * A table of typed cells, and the writers that turn it into text. Commands make tables; only the writers know formats.
 */
#ifndef PGHA_TABLE_H
#define PGHA_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "pgha/str.h"
#include "pgha/style.h"
#include "pgha/value.h"

enum table_align { ALIGN_LEFT, ALIGN_RIGHT };

/* How the drawn table shows maps and lists; the other formats: JSON and YAML as they are, TSV in YAML's flow style. */
enum table_nested {
    NESTED_PLAIN = 0, /* as Python's str() does, also in TSV */
    NESTED_BLOCK,     /* in YAML's block style, over several lines */
    NESTED_FLOW,      /* in YAML's flow style */
};

struct table_column {
    const char *name;  /* key in JSON and YAML, header in TSV */
    const char *title; /* header of the drawn table; NULL: the name */
    enum table_align align;
    enum table_nested nested;
    bool not_drawn;       /* left out of the drawn table: its title has it, or table_fit() found no room */
    unsigned char leaves; /* rank among those that table_fit() may leave out, 1 for the first; 0: it stays */
};

/* Rows of one cell per column; borrows all strings. */
struct table {
    const char *title; /* laid over the top rule, and JSON and YAML omit empty cells; NULL or "": none */
    struct table_column *columns;
    size_t column_count;
    struct value *cells;   /* row_count * column_count */
    unsigned char *styles; /* as many, enum style; NULL: all are plain. Only the drawn table shows them */
    size_t row_count;
    bool no_header; /* the query command's error row has none */
};

enum table_format { FORMAT_PRETTY, FORMAT_TSV, FORMAT_JSON, FORMAT_YAML };

/* Zeroed: a drawn table as patronictl draws it. */
struct table_style {
    enum table_format format;
    const char *delimiter; /* of FORMAT_TSV; NULL: a tab */
    size_t columns;        /* of the terminal that the drawn table is for; 0: it may be of any width */
    bool colour;           /* the drawn table shows the styles of its cells */
    bool clean;            /* cells, titles and names are cleaned for a terminal (utf8_clean()) */
    bool blank_tabs;       /* the drawn table has blanks for tabs, so that columns are straight */
};

/*
 * Leaves columns out of the drawn table until it is no wider than style->columns, or none may be left out any more.
 * Other formats have all columns.
 */
void table_fit(struct table *table, const struct table_style *style);

/* Appends the table. Every line ends in a newline. */
void table_write(const struct table *table, const struct table_style *style, struct str *out);

#endif
