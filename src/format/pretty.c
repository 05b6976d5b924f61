#include <limits.h>
#include <string.h>

#include "pgha/arena.h"
#include "pgha/utf8.h"

#include "cell.h"

/* Columns from one tab stop of a terminal to the next. */
#define TAB 8

/* A table while it is drawn, in the manner of PrettyTable: only the columns that are drawn. */
struct drawing {
    const struct table *table;
    const struct table_style *style;
    struct arena *arena;
    size_t *shown; /* index of each drawn column in the table */
    size_t count;
    int *widths;
    struct cell_text *titles;
    struct cell_text *cells; /* row_count * count */
    bool rule_each;          /* a rule under every row */
};

/* Columns of a line; -1 with a control character in it, and that is what PrettyTable goes on to count with. */
static int line_width(const char *text, size_t length)
{
    int width = 0;
    uint32_t code;

    while (length) {
        size_t size = style_sequence(text, length);

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

/* Columns are counted from where the cell begins. */
static void expand_tabs(const struct str *text, struct str *out)
{
    size_t line = 0;

    for (size_t at = 0; at < text->length; at++) {
        if (text->text[at] == '\t')
            str_add_repeat(out, ' ', TAB - (size_t)line_width(out->text + line, out->length - line) % TAB);
        else
            str_add_char(out, text->text[at]);
        if (text->text[at] == '\n')
            line = out->length;
    }
}

/* What a terminal gets is cleaned before it is measured: what is taken out later would leave the columns crooked. */
static struct cell_text clean(const struct drawing *drawing, struct cell_text cell)
{
    struct str text, expanded;
    bool plain = true;

    for (size_t i = 0; plain && i < cell.length; i++)
        plain = (unsigned char)cell.text[i] >= ' ' && (unsigned char)cell.text[i] < 0x7F;
    if (plain || !drawing->style->clean)
        return cell;
    str_init(&text, drawing->arena);
    str_init(&expanded, drawing->arena);
    str_add_bytes(&text, cell.text, cell.length);
    utf8_clean(&text);
    if (!drawing->style->blank_tabs)
        return (struct cell_text){text.text, text.length};
    expand_tabs(&text, &expanded);
    return (struct cell_text){expanded.text, expanded.length};
}

static struct cell_text column_title(struct drawing *drawing, size_t c)
{
    const struct table_column *column = &drawing->table->columns[drawing->shown[c]];
    const char *title = column->title ? column->title : column->name;

    if (drawing->table->no_header)
        title = arena_printf(drawing->arena, "Field %zu", c + 1);
    return clean(drawing, (struct cell_text){title, strlen(title)});
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

            *cell = clean(drawing, cell_text(arena, value, table->columns[drawing->shown[c]].nested));
            widen(&drawing->widths[c], cell);
            drawing->rule_each = drawing->rule_each || (cell->length && memchr(cell->text, '\n', cell->length));
        }
}

static size_t table_width(const struct drawing *drawing)
{
    size_t width = 1;

    for (size_t c = 0; c < drawing->count; c++)
        width += (size_t)(drawing->widths[c] > 0 ? drawing->widths[c] : 0) + 3;
    return width;
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

/* For a terminal of known width columns count, and a title that finds no room on the rule stands above it. */
static bool draw_title_above(const struct drawing *drawing, const char *title, struct str *out)
{
    size_t room = drawing->style->columns ? table_width(drawing) - 2 : SIZE_MAX;

    if (line_width(title, strlen(title)) <= (int)(room < INT_MAX ? room : INT_MAX))
        return false;
    str_add(out, str_trim(drawing->arena, title));
    str_add_char(out, '\n');
    return true;
}

/*
 * The title covers the top rule from its second character on. PrettyTable counts characters there, whatever their
 * width.
 */
static void draw_top(const struct drawing *drawing, struct str *out)
{
    const char *given = drawing->table->title ? drawing->table->title : "";
    const char *title = clean(drawing, (struct cell_text){given, strlen(given)}).text;
    size_t length, taken = 0, bytes = 0;
    uint32_t code;

    if (draw_title_above(drawing, title, out))
        title = "";
    length = strlen(title);
    size_t start = out->length;
    draw_rule(drawing, out);
    size_t rule = out->length - start;
    while (taken + 2 < rule && bytes < length) {
        bytes += utf8_next(title + bytes, length - bytes, &code);
        int columns = drawing->style->columns ? utf8_char_width(code) : 1;
        taken += columns > 0 ? (size_t)columns : 0;
    }
    const char *rest = arena_strdup(drawing->arena, out->text + start + 1 + taken);
    str_cut(out, start + 1);
    str_add_bytes(out, title, bytes);
    str_add(out, rest);
    str_add_char(out, '\n');
}

static void draw_field(const struct drawing *drawing, size_t c, enum style style, const char *text, size_t length,
                       struct str *out)
{
    size_t blanks = (size_t)(drawing->widths[c] - line_width(text, length));
    bool right = drawing->table->columns[drawing->shown[c]].align == ALIGN_RIGHT;

    str_add_char(out, ' ');
    str_add_repeat(out, ' ', right ? blanks : 0);
    style_add(out, drawing->style->colour, style, text, length);
    str_add_repeat(out, ' ', right ? 0 : blanks);
    str_add(out, " |");
}

static void draw_row(const struct drawing *drawing, size_t row, struct str *out)
{
    const struct table *table = drawing->table;
    const unsigned char *styles = table->styles ? &table->styles[row * table->column_count] : NULL;
    struct cell_text *cells = &drawing->cells[row * drawing->count];
    bool more = true;

    while (more) {
        more = false;
        str_add(out, drawing->count ? "|" : "");
        for (size_t c = 0; c < drawing->count; c++) {
            size_t length = line_length(cells[c].text, cells[c].length);
            size_t taken = length < cells[c].length ? length + 1 : length;

            enum style style = styles ? (enum style)styles[drawing->shown[c]] : STYLE_PLAIN;

            draw_field(drawing, c, style, cells[c].text, length, out);
            cells[c].text += taken;
            cells[c].length -= taken;
            more = more || cells[c].length || taken > length;
        }
        str_add_char(out, '\n');
    }
}

void pretty_fit(struct table *table, const struct table_style *style)
{
    struct drawing drawing = {.table = table, .style = style, .arena = arena_new(NULL)};

    prepare(&drawing);
    for (size_t width = table_width(&drawing); width > style->columns;) {
        struct table_column *first = NULL;
        size_t saved = 0;

        for (size_t c = 0; c < drawing.count; c++) {
            struct table_column *column = &table->columns[drawing.shown[c]];

            if (column->leaves && !column->not_drawn && (!first || column->leaves < first->leaves)) {
                first = column;
                saved = (size_t)drawing.widths[c] + 3;
            }
        }
        if (!first)
            break;
        first->not_drawn = true;
        width -= saved;
    }
    arena_free(drawing.arena);
}

void pretty_write(const struct table *table, const struct table_style *style, struct str *out)
{
    struct drawing drawing = {.table = table, .style = style, .arena = arena_new(NULL)};

    prepare(&drawing);
    draw_top(&drawing, out);
    str_add(out, drawing.count ? "|" : "||");
    for (size_t c = 0; c < drawing.count; c++)
        draw_field(&drawing, c, STYLE_PLAIN, drawing.titles[c].text, drawing.titles[c].length, out);
    str_add_char(out, '\n');
    draw_rule(&drawing, out);
    str_add_char(out, '\n');
    for (size_t r = 0; r < table->row_count; r++) {
        draw_row(&drawing, r, out);
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
