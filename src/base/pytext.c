#include "pgha/pytext.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <utf8proc.h>

#include "pgha/arena.h"
#include "pgha/utf8.h"

static void add_escape(struct str *str, uint32_t code)
{
    static const struct {
        char code, letter;
    } known[] = {{'\n', 'n'}, {'\r', 'r'}, {'\t', 't'}};

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (code == (unsigned char)known[i].code) {
            str_printf(str, "\\%c", known[i].letter);
            return;
        }
    str_printf(str, code < 0x100 ? "\\x%02x" : code < 0x10000 ? "\\u%04x" : "\\U%08x", (unsigned)code);
}

void pytext_repr(struct str *str, const char *text)
{
    char quote = strchr(text, '\'') && !strchr(text, '"') ? '"' : '\'';
    size_t length = strlen(text);
    uint32_t code;

    str_add_char(str, quote);
    for (size_t size; (size = utf8_next(text, length, &code)); text += size, length -= size) {
        if (code == (unsigned char)quote || code == '\\') {
            str_add_char(str, '\\');
            str_add_bytes(str, text, size);
        } else if (utf8_is_printable(code)) {
            str_add_bytes(str, text, size);
        } else {
            add_escape(str, code);
        }
    }
    str_add_char(str, quote);
}

char *pytext_strip(struct arena *arena, const char *text)
{
    size_t length = strlen(text), end = 0;
    uint32_t code;

    for (size_t size; (size = utf8_next(text, length, &code)) && utf8_is_space(code); text += size)
        length -= size;
    for (size_t at = 0, size; (size = utf8_next(text + at, length - at, &code)); at += size)
        if (!utf8_is_space(code))
            end = at + size;
    return arena_strndup(arena, text, end);
}

/* The Greek capital sigma has two small letters: this is the one for the end of a word. */
static bool ends_word(const char *before, const char *text, const char *after)
{
    uint32_t code;
    bool inside = false;

    for (size_t size; before < text; before += size) {
        size = utf8_next(before, (size_t)(text - before), &code);
        inside = utf8_is_alnum(code);
    }
    return inside && !(utf8_next(after, strlen(after), &code) && utf8_is_alnum(code));
}

char *pytext_lower(struct arena *arena, const char *text)
{
    size_t length = strlen(text);
    const char *start = text;
    struct str str;
    uint32_t code;

    str_init(&str, arena);
    for (size_t size; (size = utf8_next(text, length, &code)); text += size, length -= size) {
        if (code == 0x130) /* the only letter whose small form is two characters */
            str_add(&str, "i\u0307");
        else if (code == 0x3A3)
            utf8_add(&str, ends_word(start, text, text + size) ? 0x3C2 : 0x3C3);
        else if (code < 0xD800 || code > 0xDFFF)
            utf8_add(&str, (uint32_t)utf8proc_tolower((utf8proc_int32_t)code));
        else
            str_add_bytes(&str, text, size);
    }
    return str.text;
}

/* The text in ASCII: digits and blanks of other scripts as their ASCII counterparts, all other characters as '?'. */
static const char *to_ascii(struct arena *arena, const char *text)
{
    size_t length = strlen(text);
    bool ascii = true;
    struct str str;
    uint32_t code;

    for (size_t i = 0; i < length; i++)
        ascii = ascii && !((unsigned char)text[i] & 0x80);
    if (ascii)
        return text;
    str_init(&str, arena);
    for (size_t size; (size = utf8_next(text, length, &code)); text += size, length -= size) {
        int digit = utf8_digit(code);

        str_add_char(&str, utf8_is_space(code) ? ' '
                           : digit >= 0        ? (char)('0' + digit)
                           : code < 0x80       ? (char)code
                                               : '?');
    }
    return str.text;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The number's text without blanks at its ends and without underscores; NULL when an underscore is not between digits.
 */
static const char *bare_number(struct arena *arena, const char *text)
{
    char *trimmed = str_trim(arena, to_ascii(arena, text)), *out = trimmed;

    for (const char *in = trimmed; *in; in++) {
        if (*in != '_')
            *out++ = *in;
        else if (in == trimmed || !is_digit(in[-1]) || !is_digit(in[1]))
            return NULL;
    }
    *out = '\0';
    return trimmed;
}

/* It names the first run of characters that do not fit. */
char *pytext_latin1_error(struct arena *arena, const char *text)
{
    static const char tail[] = "ordinal not in range(256)";
    size_t position = 0, first = 0, count = 0;
    uint32_t code, odd = 0;

    for (size_t left = strlen(text), size; left > 0 && (size = utf8_next(text, left, &code)); position++) {
        if (code > 0xff && !count++) {
            first = position;
            odd = code;
        } else if (code <= 0xff && count) {
            break;
        }
        text += size;
        left -= size;
    }
    if (count == 0)
        return NULL;
    if (count == 1)
        return arena_printf(arena, "'latin-1' codec can't encode character '\\%c%0*x' in position %zu: %s",
                            odd > 0xffff ? 'U' : 'u', odd > 0xffff ? 8 : 4, (unsigned)odd, first, tail);
    return arena_printf(arena, "'latin-1' codec can't encode characters in position %zu-%zu: %s", first,
                        first + count - 1, tail);
}

bool pytext_to_int(struct arena *arena, const char *text, long long *number)
{
    const char *bare = bare_number(arena, text);
    int64_t found;

    if (!bare || !str_to_int64(bare, INT64_MIN, INT64_MAX, &found))
        return false;
    *number = found;
    return true;
}

static bool is_float(const char *text)
{
    size_t digits = strspn(text, "0123456789");

    text += digits;
    if (*text == '.') {
        size_t more = strspn(text + 1, "0123456789");

        digits += more;
        text += 1 + more;
    }
    if (!digits)
        return false;
    if (*text == 'e' || *text == 'E') {
        text++;
        text += *text == '+' || *text == '-';
        digits = strspn(text, "0123456789");
        text += digits;
    }
    return digits && !*text;
}

bool pytext_to_float(struct arena *arena, const char *text, double *number)
{
    const char *bare = bare_number(arena, text);

    if (!bare)
        return false;
    const char *unsigned_part = bare + (*bare == '+' || *bare == '-');
    if (strcasecmp(unsigned_part, "inf") && strcasecmp(unsigned_part, "infinity") && strcasecmp(unsigned_part, "nan") &&
        !is_float(unsigned_part))
        return false;
    *number = strtod(bare, NULL);
    return true;
}
