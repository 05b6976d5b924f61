#include "suggest.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pgha/arena.h"
#include "pgha/str.h"
#include "pgha/utf8.h"

#define MOST 3
#define LEAST_RATIO 0.6

struct text {
    uint32_t *codes;
    size_t length;
};

static struct text decode(struct arena *arena, const char *utf8)
{
    size_t left = strlen(utf8);
    struct text text = {.codes = arena_calloc(arena, left, sizeof *text.codes)};

    for (size_t size; (size = utf8_next(utf8, left, &text.codes[text.length])); utf8 += size, left -= size)
        text.length++;
    return text;
}

/*
 * Characters in common as difflib counts them: the longest run that both have, the first one in `a` and then in `b`
 * when several are as long, and then the same to its left and to its right.
 */
static size_t matches(const uint32_t *a, size_t a_length, const uint32_t *b, size_t b_length)
{
    size_t best = 0, best_a = 0, best_b = 0;

    for (size_t i = 0; i < a_length; i++)
        for (size_t j = 0; j < b_length; j++) {
            size_t run = 0;

            while (i + run < a_length && j + run < b_length && a[i + run] == b[j + run])
                run++;
            if (run > best) {
                best = run;
                best_a = i;
                best_b = j;
            }
        }
    if (!best)
        return 0;
    return best + matches(a, best_a, b, best_b) +
           matches(a + best_a + best, a_length - best_a - best, b + best_b + best, b_length - best_b - best);
}

struct candidate {
    double ratio;
    const char *name;
};

static int by_ratio(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;

    return x->ratio != y->ratio ? (x->ratio < y->ratio) - (x->ratio > y->ratio) : strcmp(y->name, x->name);
}

static int by_name(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;

    return strcmp(x->name, y->name);
}

const char *suggest(struct arena *arena, const char *word, const char *const *known, size_t count)
{
    struct text typed = decode(arena, word);
    struct candidate *close = arena_calloc(arena, count, sizeof *close);
    size_t found = 0;
    struct str str;

    for (size_t i = 0; i < count; i++) {
        struct text name = decode(arena, known[i]);
        size_t total = name.length + typed.length;

        if (2.0 * (double)name.length / (double)total < LEAST_RATIO) /* spares the work for very long words */
            continue;
        double ratio = 2.0 * (double)matches(name.codes, name.length, typed.codes, typed.length) / (double)total;
        if (ratio >= LEAST_RATIO)
            close[found++] = (struct candidate){ratio, known[i]};
    }
    qsort(close, found, sizeof *close, by_ratio);
    found = found < MOST ? found : MOST;
    qsort(close, found, sizeof *close, by_name);
    str_init(&str, arena);
    for (size_t i = 0; i < found; i++)
        str_printf(&str, "%s%s", i ? ", " : found > 1 ? " (Possible options: " : " Did you mean ", close[i].name);
    if (found)
        str_add_char(&str, found > 1 ? ')' : '?');
    return str.text;
}
