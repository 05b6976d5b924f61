#include "pgha/utf8.h"

#include <string.h>
#include <utf8proc.h>

#include "pgha/arena.h"

static bool continues(unsigned char byte)
{
    return (byte & 0xC0) == 0x80;
}

size_t utf8_next(const char *text, size_t length, uint32_t *code)
{
    const unsigned char *byte = (const unsigned char *)text;
    static const struct {
        unsigned char mask, lead;
        uint32_t least;
    } forms[] = {{0xE0, 0xC0, 0x80}, {0xF0, 0xE0, 0x800}, {0xF8, 0xF0, 0x10000}};

    if (!length)
        return 0;
    if (byte[0] < 0x80) { /* nearly always, and the time of a long list goes here */
        *code = byte[0];
        return 1;
    }
    for (size_t size = 2; size <= 4 && size <= length; size++) {
        if ((byte[0] & forms[size - 2].mask) != forms[size - 2].lead)
            continue;
        uint32_t found = byte[0] & (unsigned char)~forms[size - 2].mask;
        size_t i = 1;

        while (i < size && continues(byte[i]))
            found = found << 6 | (byte[i++] & 0x3F);
        if (i < size || found < forms[size - 2].least || found > 0x10FFFF)
            break;
        *code = found;
        return size;
    }
    *code = UTF8_BYTE + byte[0];
    return 1;
}

void utf8_add(struct str *str, uint32_t code)
{
    if (code > UTF8_BYTE + 0x7F && code <= UTF8_BYTE + 0xFF) {
        str_add_char(str, (char)(code - UTF8_BYTE));
    } else if (code < 0x80) {
        str_add_char(str, (char)code);
    } else {
        char bytes[4];
        size_t size = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

        for (size_t i = size; i-- > 1; code >>= 6)
            bytes[i] = (char)(0x80 | (code & 0x3F));
        bytes[0] = (char)((0xF00 >> size & 0xFF) | code);
        str_add_bytes(str, bytes, size);
    }
}

static bool is_surrogate(uint32_t code)
{
    return code >= 0xD800 && code <= 0xDFFF;
}

bool utf8_valid(const char *text, size_t length)
{
    uint32_t code;

    for (size_t size; (size = utf8_next(text, length, &code)); text += size, length -= size)
        if (is_surrogate(code))
            return false;
    return true;
}

char *utf8_to_latin1(struct arena *arena, const char *text)
{
    size_t length = strlen(text);
    char *latin = arena_alloc(arena, length + 1), *to = latin;
    uint32_t code;

    for (size_t size; (size = utf8_next(text, length, &code)); text += size, length -= size) {
        if (code > 0xFF)
            return NULL;
        *to++ = (char)code;
    }
    return latin;
}

size_t utf8_count(const char *text)
{
    size_t length = strlen(text), count = 0;
    uint32_t code;

    for (size_t size; (size = utf8_next(text, length, &code)); text += size, length -= size)
        count++;
    return count;
}

/* Formats and separators without width; the other formats take a column in wcwidth, unlike in libutf8proc. */
static bool has_no_width(uint32_t code)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {{0, 0}, {0x34F, 0x34F}, {0x200B, 0x200F}, {0x2028, 0x202E}, {0x2060, 0x2063}};

    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (code >= ranges[i].first && code <= ranges[i].last)
            return true;
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)code);
    return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME;
}

/* Code points that are not assigned but reserved for ideographs, which all are wide. */
static bool is_reserved_wide(uint32_t code)
{
    return (code >= 0xFA6E && code <= 0xFAFF) || (code >= 0x20000 && code <= 0x3FFFD && (code & 0xFFFF) <= 0xFFFD);
}

int utf8_char_width(uint32_t code)
{
    if (code >= 0x20 && code < 0x7F)
        return 1;
    if (has_no_width(code))
        return 0;
    if (code < 0x20 || (code >= 0x7F && code < 0xA0))
        return -1;
    return utf8proc_charwidth((utf8proc_int32_t)code) == 2 || is_reserved_wide(code) ? 2 : 1;
}

int utf8_width(const char *text, size_t length)
{
    int width = 0;
    uint32_t code;

    for (size_t size; (size = utf8_next(text, length, &code)); text += size, length -= size) {
        int columns = utf8_char_width(code);

        if (columns < 0)
            return -1;
        width += columns;
    }
    return width;
}

bool utf8_is_alnum(uint32_t code)
{
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)code);

    return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
           (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO);
}

bool utf8_is_space(uint32_t code)
{
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)code);

    return (code >= 0x09 && code <= 0x0D) || (code >= 0x1C && code <= 0x1F) || code == 0x85 ||
           (category >= UTF8PROC_CATEGORY_ZS && category <= UTF8PROC_CATEGORY_ZP);
}

bool utf8_is_printable(uint32_t code)
{
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)code);

    if (code == ' ')
        return true;
    return category != UTF8PROC_CATEGORY_CN && category < UTF8PROC_CATEGORY_ZS;
}

int utf8_digit(uint32_t code)
{
    if (utf8proc_category((utf8proc_int32_t)code) != UTF8PROC_CATEGORY_ND)
        return -1;
    if (code >= 0x1D7CE && code <= 0x1D7FF) /* the one run of digits whose zeros are not ten apart by alignment */
        return (int)((code - 0x1D7CE) % 10);
    /* Digits come in runs of ten from zero to nine. */
    int value = 0;
    while (value < 9 && utf8proc_category((utf8proc_int32_t)code - value - 1) == UTF8PROC_CATEGORY_ND)
        value++;
    return value;
}

void utf8_add_escaped(struct str *str, const char *text)
{
    size_t length = strlen(text);
    uint32_t code;

    for (size_t size; (size = utf8_next(text, length, &code)); text += size, length -= size)
        if (is_surrogate(code))
            str_printf(str, "\\u%04x", (unsigned)code);
        else
            str_add_bytes(str, text, size);
}

/* See utf8_is_safe(). Variation selectors are left: they tell two forms of a visible character apart. */
static bool is_invisible(uint32_t code)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        {0xAD, 0xAD},       {0x34F, 0x34F},     {0x61C, 0x61C},   {0x115F, 0x1160},   {0x17B4, 0x17B5},
        {0x180B, 0x180F},   {0x200B, 0x200F},   {0x2028, 0x202E}, {0x2060, 0x206F},   {0x3164, 0x3164},
        {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},   {0xFFF0, 0xFFFB}, {0x13430, 0x1345F}, {0x1BCA0, 0x1BCA3},
        {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF},
    };

    for (size_t i = 0; i < sizeof ranges / sizeof *ranges && code >= ranges[i].first; i++)
        if (code <= ranges[i].last)
            return true;
    return false;
}

static bool is_control(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code < 0xA0);
}

bool utf8_is_safe(uint32_t code)
{
    return code < 0x7F ? code >= 0x20 : !is_control(code) && !is_surrogate(code) && !is_invisible(code);
}

bool utf8_is_plain(const char *text)
{
    uint32_t code;

    for (size_t left = strlen(text), size; (size = utf8_next(text, left, &code)); text += size, left -= size)
        if (!utf8_is_safe(code))
            return false;
    return true;
}

/* Bytes of a sequence that carries text; looked at again for each that begins in front of them. */
#define MOST_SEQUENCE 512

static size_t span(const char *text, size_t length, size_t at, char first, char last)
{
    while (at < length && text[at] >= first && text[at] <= last)
        at++;
    return at;
}

/*
 * Length of the escape sequence at the start of `text`: its last byte tells, or its terminator. Text behind one that
 * does not end on its line is no part of it: nobody shall hide the rest of a line with two bytes.
 */
static size_t escape_length(const char *text, size_t length)
{
    size_t end = 2;

    if (length < 2)
        return length;
    if (text[1] == '[') {
        end = span(text, length, end, 0x20, 0x3F);
        return end < length && text[end] >= 0x40 && text[end] <= 0x7E ? end + 1 : end;
    }
    if (!memchr("]PX^_", text[1], 5)) {
        end = span(text, length, 1, 0x20, 0x2F);
        return end < length && text[end] >= 0x30 && text[end] <= 0x7E ? end + 1 : end;
    }
    length = length < MOST_SEQUENCE ? length : MOST_SEQUENCE;
    while (end < length && text[end] != '\a' && text[end] != '\n') {
        if (text[end] == '\033' && end + 1 < length && text[end + 1] == '\\')
            return end + 2;
        end++;
    }
    return end < length && text[end] == '\a' ? end + 1 : 2;
}

static void add_clean(struct str *out, uint32_t code, const char *text, size_t size)
{
    if (code == '\n' || code == '\t' || utf8_is_safe(code))
        str_add_bytes(out, text, size);
    else if (is_surrogate(code)) /* a stray byte as well */
        str_add_char(out, '?');
    else if (!is_control(code))
        str_printf(out, code > 0xFFFF ? "\\U%08x" : "\\u%04x", (unsigned)code);
}

void utf8_clean(struct str *text)
{
    size_t plain = 0, size;
    struct str out;
    uint32_t code;

    while (plain < text->length && text->text[plain] >= ' ' && text->text[plain] < 0x7F)
        plain++;
    if (plain == text->length)
        return;
    /* Only whole characters are kept, so what is taken out between two of them cannot make a third. */
    str_init(&out, text->arena);
    str_add_bytes(&out, text->text, plain);
    for (size_t at = plain; (size = utf8_next(text->text + at, text->length - at, &code)); at += size) {
        if (code == '\033')
            size = escape_length(text->text + at, text->length - at);
        add_clean(&out, code, text->text + at, size);
    }
    *text = out;
}

void utf8_clean_line(struct str *text)
{
    bool ends = text->length && text->text[text->length - 1] == '\n';
    struct str out;

    utf8_clean(text);
    if (!memchr(text->text, '\n', text->length - ends))
        return;
    str_init(&out, text->arena);
    for (size_t at = 0; at < text->length; at++)
        if (text->text[at] == '\n' && !(ends && at + 1 == text->length))
            str_add(&out, "\\n");
        else
            str_add_char(&out, text->text[at]);
    *text = out;
}
