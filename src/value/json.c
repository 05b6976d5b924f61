#include "pgha/json.h"

#include <stdlib.h>
#include <string.h>

#include "pgha/arena.h"
#include "pgha/number.h"
#include "pgha/utf8.h"

struct reader {
    struct arena *arena;
    struct str scratch; /* text of the string at hand */
    const char *start;
    const char *at;
    const char *end;
    struct err *err;
    int depth;
};

static bool read_value(struct reader *reader, struct value *value);

/* In Python's words, which patronictl shows (recorded case version-not-json): lines and columns count from 1. */
static bool refuse(struct reader *reader, const char *at, const char *what)
{
    size_t line = 1, column = 1, count = 0;

    for (const char *c = reader->start; c < at; c++) {
        if (((unsigned char)*c & 0xc0) == 0x80)
            continue;
        count++;
        column++;
        if (*c == '\n') {
            line++;
            column = 1;
        }
    }
    return err_set(reader->err, reader->arena, ERR_FAILED, "%s: line %zu column %zu (char %zu)", what, line, column,
                   count);
}

static void skip_blanks(struct reader *reader)
{
    while (reader->at < reader->end && memchr(" \t\n\r", *reader->at, 4))
        reader->at++;
}

static bool skip_char(struct reader *reader, char c)
{
    skip_blanks(reader);
    if (reader->at == reader->end || *reader->at != c)
        return false;
    reader->at++;
    return true;
}

static bool read_hex4(struct reader *reader, const char *at, uint32_t *code)
{
    const char *letter = at - 1; /* the "u" */

    *code = 0;
    for (int i = 0; i < 4; i++, at++) {
        char c = at < reader->end ? *at : '\0';

        if (c >= '0' && c <= '9')
            *code = *code << 4 | (uint32_t)(c - '0');
        else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))
            *code = *code << 4 | (uint32_t)((c | 0x20) - 'a' + 10);
        else
            return refuse(reader, letter, "Invalid \\uXXXX escape");
    }
    return true;
}

/* After "\u". Two escapes that make up one character are joined; a surrogate alone stays. */
static bool read_unicode_escape(struct reader *reader)
{
    uint32_t code, low;

    if (!read_hex4(reader, reader->at, &code))
        return false;
    reader->at += 4;
    if (code >= 0xd800 && code < 0xdc00 && reader->end - reader->at > 6 && reader->at[0] == '\\' &&
        reader->at[1] == 'u') {
        if (!read_hex4(reader, reader->at + 2, &low))
            return false;
        if (low >= 0xdc00 && low < 0xe000) {
            code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
            reader->at += 6;
        }
    }
    utf8_add(&reader->scratch, code);
    return true;
}

static bool read_escape(struct reader *reader, const char *opened)
{
    static const char escapes[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";

    if (reader->at == reader->end)
        return refuse(reader, opened, "Unterminated string starting at");
    char c = *reader->at++;
    if (c == 'u')
        return read_unicode_escape(reader);
    const char *found = c ? strchr(escapes, c) : NULL;
    if (!found)
        return refuse(reader, reader->at - 2, "Invalid \\escape");
    str_add_char(&reader->scratch, meanings[found - escapes]);
    return true;
}

/* After the opening quote. */
static bool read_string(struct reader *reader, struct value *value)
{
    const char *opened = reader->at - 1;

    str_cut(&reader->scratch, 0);
    for (;;) {
        const char *from = reader->at;

        while (reader->at < reader->end && *reader->at != '"' && *reader->at != '\\' &&
               (unsigned char)*reader->at >= 0x20)
            reader->at++;
        str_add_bytes(&reader->scratch, from, (size_t)(reader->at - from));
        if (reader->at == reader->end)
            return refuse(reader, opened, "Unterminated string starting at");
        char c = *reader->at++;
        if (c == '"')
            break;
        if (c != '\\')
            return refuse(reader, reader->at - 1, "Invalid control character at");
        if (!read_escape(reader, opened))
            return false;
    }
    *value = value_text(arena_memdup(reader->arena, reader->scratch.text, reader->scratch.length + 1),
                        reader->scratch.length);
    return true;
}

static const char *skip_digits(const struct reader *reader, const char *at)
{
    while (at < reader->end && *at >= '0' && *at <= '9')
        at++;
    return at;
}

static bool read_number(struct reader *reader, struct value *value)
{
    const char *start = reader->at, *digits = start + (*start == '-'), *end = digits;
    bool real = false;

    if (end < reader->end && *end == '0')
        end++;
    else
        end = skip_digits(reader, end);
    if (end == digits)
        return refuse(reader, start, "Expecting value");
    const char *whole = end;
    if (end < reader->end && *end == '.' && skip_digits(reader, end + 1) > end + 1) {
        end = skip_digits(reader, end + 1);
        real = true;
    }
    if (end < reader->end && (*end == 'e' || *end == 'E')) {
        const char *exponent = end + 1;

        if (exponent < reader->end && (*exponent == '+' || *exponent == '-'))
            exponent++;
        if (skip_digits(reader, exponent) > exponent) {
            end = skip_digits(reader, exponent);
            real = true;
        }
    }
    reader->at = end;
    if (real)
        *value = value_float(strtod(arena_strndup(reader->arena, start, (size_t)(end - start)), NULL));
    else if (!number_read(reader->arena, digits, (size_t)(whole - digits), 10, *start == '-', value))
        return refuse(reader, start, "a number with too many digits");
    return true;
}

static bool read_list(struct reader *reader, struct value *value)
{
    *value = value_list();
    if (skip_char(reader, ']'))
        return true;
    do {
        struct value item;

        skip_blanks(reader);
        if (!read_value(reader, &item))
            return false;
        value_list_add(reader->arena, value, item); // NOLINT(clang-analyzer-core.CallAndMessage): read above
    } while (skip_char(reader, ','));
    return skip_char(reader, ']') || refuse(reader, reader->at, "Expecting ',' delimiter");
}

static bool read_map(struct reader *reader, struct value *value)
{
    *value = value_map();
    if (skip_char(reader, '}'))
        return true;
    do {
        struct value key, item;

        if (!skip_char(reader, '"'))
            return refuse(reader, reader->at, "Expecting property name enclosed in double quotes");
        if (!read_string(reader, &key))
            return false;
        if (!skip_char(reader, ':'))
            return refuse(reader, reader->at, "Expecting ':' delimiter");
        skip_blanks(reader);
        if (!read_value(reader, &item))
            return false;
        value_map_append(reader->arena, value, key, item); // NOLINT(clang-analyzer-core.CallAndMessage): read above
    } while (skip_char(reader, ','));
    value_map_unique(value);
    return skip_char(reader, '}') || refuse(reader, reader->at, "Expecting ',' delimiter");
}

static bool read_collection(struct reader *reader, struct value *value)
{
    if (reader->depth == JSON_MAX_DEPTH)
        return refuse(reader, reader->at, "nested too deeply");
    reader->depth++;
    bool done = *reader->at++ == '[' ? read_list(reader, value) : read_map(reader, value);
    reader->depth--;
    return done;
}

static bool read_word(struct reader *reader, struct value *value)
{
    static const struct {
        const char *word;
        struct value value;
    } words[] = {
        {"null", {.kind = VALUE_NULL}},
        {"true", {.kind = VALUE_BOOL, .boolean = true}},
        {"false", {.kind = VALUE_BOOL}},
        {"NaN", {.kind = VALUE_FLOAT, .real = __builtin_nan("")}},
        {"Infinity", {.kind = VALUE_FLOAT, .real = __builtin_inf()}},
        {"-Infinity", {.kind = VALUE_FLOAT, .real = -__builtin_inf()}},
    };
    size_t left = (size_t)(reader->end - reader->at);

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t length = strlen(words[i].word);

        if (length <= left && memcmp(reader->at, words[i].word, length) == 0) {
            *value = words[i].value;
            reader->at += length;
            return true;
        }
    }
    return false;
}

static bool read_value(struct reader *reader, struct value *value)
{
    if (reader->at == reader->end)
        return refuse(reader, reader->at, "Expecting value");
    if (*reader->at == '"') {
        reader->at++;
        return read_string(reader, value);
    }
    if (*reader->at == '[' || *reader->at == '{')
        return read_collection(reader, value);
    return read_word(reader, value) || read_number(reader, value);
}

bool json_read(struct arena *arena, const char *text, size_t length, struct value *value, struct err *err)
{
    struct reader reader = {.arena = arena, .start = text, .at = text, .end = text + length, .err = err};
    struct value read;
    uint32_t code;

    for (size_t i = 0, size; i < length; i += size) {
        size = utf8_next(text + i, length - i, &code);
        if (size == 1 && code >= 0x80)
            return refuse(&reader, text + i, "no valid UTF-8");
    }
    str_init(&reader.scratch, arena);
    skip_blanks(&reader);
    if (!read_value(&reader, &read))
        return false;
    skip_blanks(&reader);
    if (reader.at != reader.end)
        return refuse(&reader, reader.at, "Extra data");
    *value = read;
    return true;
}
