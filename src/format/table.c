#include "pgha/table.h"

#include <string.h>

#include "cell.h"
#include "pgha/arena.h"
#include "pgha/pytext.h"
#include "pgha/utf8.h"
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

void table_fit(struct table *table, const struct table_style *style)
{
    if (style->format == FORMAT_PRETTY && style->columns)
        pretty_fit(table, style);
}

void table_write(const struct table *table, const struct table_style *style, struct str *out)
{
    struct str text;

    if (style->format == FORMAT_PRETTY) {
        pretty_write(table, style, out);
        return;
    }
    if (style->clean)
        str_init(&text, out->arena);
    struct str *raw = style->clean ? &text : out;
    if (style->format == FORMAT_TSV)
        tsv_write(table, style->delimiter ? style->delimiter : "\t", raw);
    else
        rows_write(table, style->format == FORMAT_YAML, raw);
    if (style->clean) {
        utf8_clean(&text);
        str_add_bytes(out, text.text, text.length);
    }
}
