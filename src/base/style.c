#include "pgha/style.h"

#include <string.h>

#include "pgha/arena.h"
#include "pgha/utf8.h"

const char *style_begin(enum style style)
{
    static const char *const sequences[] = {
        [STYLE_PLAIN] = "",           [STYLE_LEADER] = "\033[32m",
        [STYLE_SYNC] = "\033[36m",    [STYLE_ATTENTION] = "\033[33m",
        [STYLE_ALARM] = "\033[1;31m",
    };

    return sequences[style];
}

void style_add(struct str *out, bool colour, enum style style, const char *text, size_t length)
{
    bool styled = colour && style != STYLE_PLAIN && length;

    str_add(out, styled ? style_begin(style) : "");
    str_add_bytes(out, text, length);
    str_add(out, styled ? STYLE_END : "");
}

void style_add_message(struct str *out, bool colour, const char *text)
{
    static const struct {
        const char *word;
        enum style style;
    } words[] = {{"Error:", STYLE_ALARM}, {"Failed:", STYLE_ALARM}, {"Warning:", STYLE_ATTENTION}};
    size_t length = 0;

    for (size_t i = 0; i < sizeof words / sizeof *words && !length; i++)
        if (str_starts_with(text, words[i].word)) {
            length = strlen(words[i].word);
            style_add(out, colour, words[i].style, text, length);
        }
    str_add(out, text + length);
}

size_t style_sequence(const char *text, size_t length)
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

/* Length of what stands at the start of a text, a character or a sequence, and the columns that it takes. */
static size_t next(const char *text, size_t length, size_t *columns)
{
    size_t size = style_sequence(text, length);
    uint32_t code = 0; /* at the end there is none */

    *columns = 0;
    if (size)
        return size;
    size = utf8_next(text, length, &code);
    int width = utf8_char_width(code);
    *columns = width > 0 ? (size_t)width : 0;
    return size;
}

void style_measure(const char *text, size_t length, size_t *columns, size_t *lines)
{
    size_t line = 0, width;

    *columns = *lines = 0;
    for (size_t at = 0, size; (size = next(text + at, length - at, &width)); at += size) {
        bool ends = text[at] == '\n';

        line = ends ? 0 : line + width;
        *columns = line > *columns ? line : *columns;
        *lines += ends || at + size == length;
    }
}

size_t style_screen_lines(const char *text, size_t length, size_t columns)
{
    size_t total = 0;

    for (size_t at = 0; at < length;) {
        const char *end = memchr(text + at, '\n', length - at);
        size_t line = end ? (size_t)(end - text) - at : length - at, width, lines;

        style_measure(text + at, line, &width, &lines);
        total += width ? (width + columns - 1) / columns : 1;
        at += line + 1;
    }
    return total;
}

void style_wrap(struct str *text, size_t columns)
{
    struct str wrapped;
    size_t used = 0, blank = 0; /* columns of the line so far; behind its last blank in `wrapped`, 0: it has none */

    str_init(&wrapped, text->arena);
    for (size_t at = 0, size, width; (size = next(text->text + at, text->length - at, &width)); at += size) {
        char c = text->text[at];

        bool full = used + width > columns && used;

        if (full && c == ' ') {
            str_add_char(&wrapped, '\n');
            used = blank = 0;
            continue;
        }
        if (full) {
            size_t start = blank ? blank : wrapped.length, rest = wrapped.length - start, lines;
            const char *word = arena_strndup(text->arena, wrapped.text + start, rest);

            str_cut(&wrapped, blank ? blank - 1 : start);
            str_add_char(&wrapped, '\n');
            str_add(&wrapped, word);
            style_measure(word, rest, &used, &lines);
            blank = 0;
        }
        str_add_bytes(&wrapped, text->text + at, size);
        used = c == '\n' ? 0 : used + width;
        blank = c == ' ' ? wrapped.length : c == '\n' ? 0 : blank;
    }
    *text = wrapped;
}

/* Appends as much of a line as there is room for. */
static void cut_line(const char *line, size_t length, size_t columns, struct str *out)
{
    size_t at = 0, used = 0, width, size;
    bool styled = false;

    while ((size = next(line + at, length - at, &width)) && used + width < columns) {
        if (size > 2 && line[at] == '\033')
            styled = strncmp(line + at, STYLE_END, size) != 0;
        used += width;
        at += size;
    }
    str_add_bytes(out, line, at);
    str_add(out, styled ? STYLE_END ">" : ">");
}

void style_cut(struct str *text, size_t columns)
{
    struct str cut;

    str_init(&cut, text->arena);
    for (size_t at = 0; at < text->length;) {
        const char *line = text->text + at, *end = memchr(line, '\n', text->length - at);
        size_t length = end ? (size_t)(end - line) : text->length - at, width, lines;

        style_measure(line, length, &width, &lines);
        if (width > columns)
            cut_line(line, length, columns, &cut);
        else
            str_add_bytes(&cut, line, length);
        str_add(&cut, end ? "\n" : "");
        at += length + (end != NULL);
    }
    *text = cut;
}
