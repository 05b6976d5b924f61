#include "pgha/str.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pgha/arena.h"

void str_init(struct str *str, struct arena *arena)
{
    *str = (struct str){.arena = arena, .text = arena_alloc(arena, 1), .capacity = 1};
}

static void reserve(struct str *str, size_t more)
{
    size_t needed = str->length + more + 1;

    if (needed <= str->capacity)
        return;
    size_t capacity = str->capacity * 2 < 64 ? 64 : str->capacity * 2;
    if (capacity < needed)
        capacity = needed;
    char *text = arena_alloc(str->arena, capacity);
    memcpy(text, str->text, str->length + 1);
    str->text = text;
    str->capacity = capacity;
}

void str_add_bytes(struct str *str, const void *data, size_t length)
{
    reserve(str, length);
    if (length)
        memcpy(str->text + str->length, data, length);
    str->length += length;
    str->text[str->length] = '\0';
}

void str_add(struct str *str, const char *text)
{
    str_add_bytes(str, text, strlen(text));
}

void str_add_char(struct str *str, char c)
{
    str_add_bytes(str, &c, 1);
}

void str_add_repeat(struct str *str, char c, size_t count)
{
    reserve(str, count);
    memset(str->text + str->length, c, count);
    str->length += count;
    str->text[str->length] = '\0';
}

void str_vprintf(struct str *str, const char *format, va_list list)
{
    va_list again;

    va_copy(again, list);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length <= 0)
        return;
    reserve(str, (size_t)length);
    vsnprintf(str->text + str->length, (size_t)length + 1, format, list);
    str->length += (size_t)length;
}

void str_printf(struct str *str, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    str_vprintf(str, format, list);
    va_end(list);
}

void str_cut(struct str *str, size_t length)
{
    if (length < str->length) {
        str->length = length;
        str->text[length] = '\0';
    }
}

bool str_equal(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

bool str_starts_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool str_ends_with(const char *text, const char *suffix)
{
    size_t length = strlen(text), end = strlen(suffix);

    return length >= end && strcmp(text + length - end, suffix) == 0;
}

const char *str_shorten(struct arena *arena, const char *text, size_t most)
{
    size_t length = strnlen(text, most + 1);

    if (length <= most)
        return text;
    for (length = most; length && ((unsigned char)text[length] & 0xC0) == 0x80;)
        length--;
    return arena_printf(arena, "%.*s...", (int)length, text);
}

char *str_trim(struct arena *arena, const char *text)
{
    static const char blanks[] = " \t\n\r\v\f";

    text += strspn(text, blanks);
    size_t length = strlen(text);
    while (length && strchr(blanks, text[length - 1]))
        length--;
    return arena_strndup(arena, text, length);
}

bool str_to_int64(const char *text, int64_t min, int64_t max, int64_t *number)
{
    char *end;

    if (!((*text >= '0' && *text <= '9') || ((*text == '-' || *text == '+') && text[1] >= '0' && text[1] <= '9')))
        return false;
    errno = 0;
    long long parsed = strtoll(text, &end, 10);
    if (errno || *end || parsed < min || parsed > max)
        return false;
    *number = parsed;
    return true;
}

void str_wipe(void *data, size_t length)
{
    if (length)
        explicit_bzero(data, length);
}
