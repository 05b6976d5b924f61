#include <stdint.h>
#include <string.h>

#include "pgha/arena.h"
#include "pgha/str.h"
#include "pgha/utf8.h"

#include "parts.h"

enum shape { SHAPE_OTHER, SHAPE_LETTER, SHAPE_DIGIT, SHAPE_BLANK };

static enum shape shape_of(uint32_t code)
{
    if (utf8_digit(code) >= 0)
        return SHAPE_DIGIT;
    if (utf8_is_alnum(code))
        return SHAPE_LETTER;
    return utf8_is_space(code) ? SHAPE_BLANK : SHAPE_OTHER;
}

/* One character of the text. */
struct character {
    const char *start;
    size_t bytes;
    enum shape shape;
};

static struct character character_at(const char *at, const char *end)
{
    uint32_t code;
    size_t bytes = utf8_next(at, (size_t)(end - at), &code);

    return (struct character){at, bytes, shape_of(code)};
}

/* A copy with the digits of all scripts as ASCII has them, which is how Python's int() sees them. */
static const char *with_plain_digits(struct arena *arena, const char *text)
{
    struct str plain;
    uint32_t code;
    size_t bytes;

    str_init(&plain, arena);
    for (size_t left = strlen(text); (bytes = utf8_next(text, left, &code)) > 0; text += bytes, left -= bytes) {
        int digit = utf8_digit(code);
        if (digit >= 0)
            str_add_char(&plain, (char)('0' + digit));
        else
            str_add_bytes(&plain, text, bytes);
    }
    return plain.text;
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
        return point || c.shape == SHAPE_LETTER;
    case STATE_NUMBER:
        if (c.shape == SHAPE_DIGIT)
            return true;
        if (!point && !(comma && length >= 2))
            return false;
        *state = STATE_NUMBER_POINT;
        return true;
    case STATE_WORD_POINT:
        if (point || c.shape == SHAPE_LETTER)
            return true;
        if (c.shape != SHAPE_DIGIT || last != '.')
            return false;
        *state = STATE_NUMBER_POINT;
        return true;
    case STATE_NUMBER_POINT:
        break;
    }
    if (point || c.shape == SHAPE_DIGIT)
        return true;
    if (c.shape != SHAPE_LETTER || last != '.')
        return false;
    *state = STATE_WORD_POINT;
    return true;
}

/* Takes one word or number with all points in it, and returns where the next token starts. */
static const char *take_run(struct arena *arena, struct tokens *tokens, const char *start, const char *end)
{
    struct character c = character_at(start, end);
    enum state state = c.shape == SHAPE_LETTER ? STATE_WORD : STATE_NUMBER;
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
    text = with_plain_digits(arena, text);
    const char *end = text + strlen(text);
    /* Every byte is at most one token. */
    struct tokens tokens = {arena_calloc(arena, strlen(text) + 1, sizeof *tokens.items), 0};

    while (text < end) {
        struct character c = character_at(text, end);
        if (c.shape == SHAPE_LETTER || c.shape == SHAPE_DIGIT) {
            text = take_run(arena, &tokens, text, end);
            continue;
        }
        if (c.shape == SHAPE_BLANK)
            add(arena, &tokens, " ", 1);
        else
            add(arena, &tokens, c.start, c.bytes);
        text += c.bytes;
    }
    *count = tokens.count;
    return tokens.items;
}
