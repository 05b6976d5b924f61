#include "pgha/table.h"

#include <string.h>

#include "cell.h"
#include "pgha/arena.h"
#include "pgha/pytext.h"
#include "pgha/yaml.h"

struct cell_text cell_text(struct arena *arena, const struct value *cell, enum table_nested nested)
{
    struct str text;

    if (value_is(cell, VALUE_STRING) && (nested == NESTED_PLAIN || !cell->length))
        return (struct cell_text){cell->text, cell->length};
    str_init(&text, arena);
    if (nested == NESTED_PLAIN || !value_truth(cell)) {
        value_str(cell, &text);
        return (struct cell_text){text.text, text.length};
    }
    yaml_write(cell, nested == NESTED_FLOW, &text);
    const char *bare = pytext_strip(arena, text.text);
    return (struct cell_text){bare, strlen(bare)};
}

void table_write(const struct table *table, enum table_format format, const char *delimiter, struct str *out)
{
    switch (format) {
    case FORMAT_PRETTY:
        pretty_write(table, out);
        break;
    case FORMAT_TSV:
        tsv_write(table, delimiter ? delimiter : "\t", out);
        break;
    case FORMAT_JSON:
    case FORMAT_YAML:
        rows_write(table, format == FORMAT_YAML, out);
        break;
    }
}
