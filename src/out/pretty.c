#include <string.h>

#include "cell.h"
#include "pgha/arena.h"
#include "pgha/utf8.h"

/* A table while it is drawn, in the manner of PrettyTable: only the columns that are drawn. */
struct drawing {
    const struct table *table;
    struct arena *arena;
    size_t *shown; /* index of each drawn column in the table */
    size_t count;
    int *widths;
    struct cell_text *titles;
    struct cell_text *cells; /* row_count * count */
    bool rule_each;          /* a rule under every row */
};

/* Length of the escape sequence for colours at the start of `text`, 0 for none: these take no columns. */
static size_t colour_length(const char *text, size_t length)
{
    size_t end = 2;

    if (length < 3 || text[0] != '\033')
        return 0;
    if (text[1] == '(')
        return text[2] == 'B' ? 3 : 0;
    if (text[1] != '[')
        return 0;
    while (end < length && ((text[end] >= '0' && text[end] <= '9') || text[end] == ';'))
        end++;
    return end < length && text[end] == 'm' ? end + 1 : 0;
}

/* Columns of a line; -1 with a control character in it, and that is what PrettyTable goes on to count with. */
static int line_width(const char *text, size_t length)
{
    int width = 0;
    uint32_t code;

    while (length) {
        size_t size = colour_length(text, length);

        if (!size) {
            size = utf8_next(text, length, &code);
            int columns = utf8_char_width(code);

            if (columns < 0)
                return -1;
            width += columns;
        }
        text += size;
        length -= size;
    }
    return width;
}

static size_t line_length(const char *text, size_t length)
{
    const char *end = length ? memchr(text, '\n', length) : NULL;

    return end ? (size_t)(end - text) : length;
}

static void widen(int *width, const struct cell_text *cell)
{
    for (size_t at = 0;;) {
        size_t length = line_length(cell->text + at, cell->length - at);
        int columns = line_width(cell->text + at, length);

        *width = columns > *width ? columns : *width;
        at += length + 1;
        if (at > cell->length)
            return;
    }
}

static struct cell_text column_title(struct drawing *drawing, size_t c)
{
    const struct table_column *column = &drawing->table->columns[drawing->shown[c]];
    const char *title = column->title ? column->title : column->name;

    if (drawing->table->no_header)
        title = arena_printf(drawing->arena, "Field %zu", c + 1);
    return (struct cell_text){title, strlen(title)};
}

static void prepare(struct drawing *drawing)
{
    const struct table *table = drawing->table;
    struct arena *arena = drawing->arena;

    drawing->shown = arena_calloc(arena, table->column_count, sizeof *drawing->shown);
    for (size_t c = 0; c < table->column_count; c++)
        if (!table->columns[c].not_drawn)
            drawing->shown[drawing->count++] = c;
    drawing->widths = arena_calloc(arena, drawing->count, sizeof *drawing->widths);
    drawing->titles = arena_calloc(arena, drawing->count, sizeof *drawing->titles);
    drawing->cells = arena_calloc(arena, table->row_count * drawing->count, sizeof *drawing->cells);
    for (size_t c = 0; c < drawing->count; c++) {
        drawing->titles[c] = column_title(drawing, c);
        drawing->widths[c] = -1;
        widen(&drawing->widths[c], &drawing->titles[c]);
    }
    for (size_t r = 0; r < table->row_count; r++)
        for (size_t c = 0; c < drawing->count; c++) {
            const struct value *value = &table->cells[r * table->column_count + drawing->shown[c]];
            struct cell_text *cell = &drawing->cells[r * drawing->count + c];

            *cell = cell_text(arena, value, table->columns[drawing->shown[c]].nested);
            widen(&drawing->widths[c], cell);
            drawing->rule_each = drawing->rule_each || (cell->length && memchr(cell->text, '\n', cell->length));
        }
}

static void draw_rule(const struct drawing *drawing, struct str *out)
{
    str_add_char(out, '+');
    for (size_t c = 0; c < drawing->count; c++) {
        str_add_repeat(out, '-', (size_t)drawing->widths[c] + 2);
        str_add_char(out, '+');
    }
    str_add(out, drawing->count ? "" : "+"); /* a result without columns, as PrettyTable has it */
}

/* The title covers the top rule from its second character on; it counts characters there, whatever their width. */
static void draw_top(const struct drawing *drawing, struct str *out)
{
    const char *title = drawing->table->title ? drawing->table->title : "";
    size_t start = out->length, length = strlen(title), taken = 0, bytes = 0;
    uint32_t code;

    draw_rule(drawing, out);
    size_t rule = out->length - start;
    while (taken + 2 < rule && bytes < length) {
        bytes += utf8_next(title + bytes, length - bytes, &code);
        taken++;
    }
    const char *rest = arena_strdup(drawing->arena, out->text + start + 1 + taken);
    str_cut(out, start + 1);
    str_add_bytes(out, title, bytes);
    str_add(out, rest);
    str_add_char(out, '\n');
}

static void draw_field(const struct drawing *drawing, size_t c, const char *text, size_t length, struct str *out)
{
    size_t blanks = (size_t)(drawing->widths[c] - line_width(text, length));
    bool right = drawing->table->columns[drawing->shown[c]].align == ALIGN_RIGHT;

    str_add_char(out, ' ');
    str_add_repeat(out, ' ', right ? blanks : 0);
    str_add_bytes(out, text, length);
    str_add_repeat(out, ' ', right ? 0 : blanks);
    str_add(out, " |");
}

static void draw_row(const struct drawing *drawing, struct cell_text *cells, struct str *out)
{
    bool more = true;

    while (more) {
        more = false;
        str_add(out, drawing->count ? "|" : "");
        for (size_t c = 0; c < drawing->count; c++) {
            size_t length = line_length(cells[c].text, cells[c].length);
            size_t taken = length < cells[c].length ? length + 1 : length;

            draw_field(drawing, c, cells[c].text, length, out);
            cells[c].text += taken;
            cells[c].length -= taken;
            more = more || cells[c].length || taken > length;
        }
        str_add_char(out, '\n');
    }
}

void pretty_write(const struct table *table, struct str *out)
{
    struct drawing drawing = {.table = table, .arena = arena_new(NULL)};

    prepare(&drawing);
    draw_top(&drawing, out);
    str_add(out, drawing.count ? "|" : "||");
    for (size_t c = 0; c < drawing.count; c++)
        draw_field(&drawing, c, drawing.titles[c].text, drawing.titles[c].length, out);
    str_add_char(out, '\n');
    draw_rule(&drawing, out);
    str_add_char(out, '\n');
    for (size_t r = 0; r < table->row_count; r++) {
        draw_row(&drawing, &drawing.cells[r * drawing.count], out);
        if (drawing.rule_each) {
            draw_rule(&drawing, out);
            str_add_char(out, '\n');
        }
    }
    if (!drawing.rule_each) {
        draw_rule(&drawing, out);
        str_add_char(out, '\n');
    }
    arena_free(drawing.arena);
}
