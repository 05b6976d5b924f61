#include <stdint.h>
#include <string.h>

#include <utf8proc.h>

#include "pgha/arena.h"
#include "pgha/str.h"
#include "when_parts.h"

enum class { CLASS_OTHER, CLASS_LETTER, CLASS_DIGIT, CLASS_BLANK };

static enum class class_of(utf8proc_int32_t c) {
    if (c < 0) return CLASS_OTHER;
    if (c < 128){if (c >= '0' && c <= '9') return CLASS_DIGIT;
                 if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return CLASS_LETTER;
                 return c == ' ' || (c >= 9 && c <= 13) || (c >= 28 && c <= 31) ? CLASS_BLANK : CLASS_OTHER;}
const utf8proc_property_t *property = utf8proc_get_property(c);
switch (property->category) {
case UTF8PROC_CATEGORY_LU:
case UTF8PROC_CATEGORY_LL:
case UTF8PROC_CATEGORY_LT:
case UTF8PROC_CATEGORY_LM:
case UTF8PROC_CATEGORY_LO:
    return CLASS_LETTER;
case UTF8PROC_CATEGORY_ZS:
    return CLASS_BLANK;
default:
    break;
}
return property->bidi_class == UTF8PROC_BIDI_CLASS_WS || property->bidi_class == UTF8PROC_BIDI_CLASS_B ||
               property->bidi_class == UTF8PROC_BIDI_CLASS_S
           ? CLASS_BLANK
           : CLASS_OTHER;
}

/* One character of the text; bytes that are no UTF-8 stand for themselves. */
struct character {
    const char *start;
    size_t bytes;
    enum class class;
};

static struct character character_at(const char *at, const char *end)
{
    utf8proc_int32_t c = -1;
    utf8proc_ssize_t bytes = utf8proc_iterate((const utf8proc_uint8_t *)at, end - at, &c);

    return bytes > 0 ? (struct character){at, (size_t)bytes, class_of(c)} : (struct character){at, 1, CLASS_OTHER};
}

struct tokens {
    const char **items;
    size_t count;
};

static void add(struct arena *arena, struct tokens *tokens, const char *text, size_t bytes)
{
    tokens->items[tokens->count++] = arena_strndup(arena, text, bytes);
}

static size_t points_in(const char *text, size_t bytes)
{
    size_t points = 0;

    for (size_t i = 0; i < bytes; i++)
        points += text[i] == '.';
    return points;
}

/* What stood between points becomes tokens of its own, and so do the points: "Sep.20.2009". */
static void add_split(struct arena *arena, struct tokens *tokens, const char *text, size_t bytes)
{
    size_t start = 0;

    for (size_t i = 0; i <= bytes; i++) {
        if (i < bytes && text[i] != '.' && text[i] != ',')
            continue;
        if (i > start)
            add(arena, tokens, text + start, i - start);
        if (i < bytes)
            add(arena, tokens, text + i, 1);
        start = i + 1;
    }
}

/* What a token consists of so far; a point inside leaves open whether it is a decimal point or a separator. */
enum state { STATE_WORD, STATE_NUMBER, STATE_WORD_POINT, STATE_NUMBER_POINT };

/* Whether the character goes on with the token, and in which state. */
static bool goes_on(struct character c, size_t length, char last, enum state *state)
{
    bool point = c.bytes == 1 && *c.start == '.';
    bool comma = c.bytes == 1 && *c.start == ',';

    switch (*state) {
    case STATE_WORD:
        if (point)
            *state = STATE_WORD_POINT;
        return point || c.class == CLASS_LETTER;
    case STATE_NUMBER:
        if (c.class == CLASS_DIGIT)
            return true;
        if (!point && !(comma && length >= 2))
            return false;
        *state = STATE_NUMBER_POINT;
        return true;
    case STATE_WORD_POINT:
        if (point || c.class == CLASS_LETTER)
            return true;
        if (c.class != CLASS_DIGIT || last != '.')
            return false;
        *state = STATE_NUMBER_POINT;
        return true;
    case STATE_NUMBER_POINT:
        break;
    }
    if (point || c.class == CLASS_DIGIT)
        return true;
    if (c.class != CLASS_LETTER || last != '.')
        return false;
    *state = STATE_WORD_POINT;
    return true;
}

/* Takes one word or number with all points in it, and returns where the next token starts. */
static const char *take_run(struct arena *arena, struct tokens *tokens, const char *start, const char *end)
{
    struct character c = character_at(start, end);
    enum state state = c.class == CLASS_LETTER ? STATE_WORD : STATE_NUMBER;
    const char *at = start + c.bytes;
    size_t length = 1;
    bool letters = false;

    while (at < end) {
        /* A letter as the very last character of a number is not noticed, so "1.a" stays whole. */
        letters = letters || state == STATE_WORD || state == STATE_WORD_POINT;
        c = character_at(at, end);
        if (!goes_on(c, length, at[-1], &state))
            break;
        at += c.bytes;
        length++;
    }
    size_t bytes = (size_t)(at - start);
    size_t points = points_in(start, bytes);
    bool pointed = state == STATE_WORD_POINT || state == STATE_NUMBER_POINT;
    if (pointed && (letters || points > 1 || at[-1] == '.' || at[-1] == ',')) {
        add_split(arena, tokens, start, bytes);
        return at;
    }
    char *text = arena_strndup(arena, start, bytes);
    /* A decimal comma. */
    if (state == STATE_NUMBER_POINT && points == 0)
        *strchr(text, ',') = '.';
    tokens->items[tokens->count++] = text;
    return at;
}

const char **when_split(struct arena *arena, const char *text, size_t *count)
{
    const char *end = text + strlen(text);
    /* Every byte is at most one token. */
    struct tokens tokens = {arena_calloc(arena, strlen(text) + 1, sizeof *tokens.items), 0};

    while (text < end) {
        struct character c = character_at(text, end);
        if (c.class == CLASS_LETTER || c.class == CLASS_DIGIT) {
            text = take_run(arena, &tokens, text, end);
            continue;
        }
        if (c.class == CLASS_BLANK)
            add(arena, &tokens, " ", 1);
        else
            add(arena, &tokens, c.start, c.bytes);
        text += c.bytes;
    }
    *count = tokens.count;
    return tokens.items;
}
