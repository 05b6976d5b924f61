/* Texts to look others up in, where many are looked for: sorted in code point order, each once. */
#ifndef PGHA_TEXT_SET_H
#define PGHA_TEXT_SET_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Belongs to an arena and borrows the texts. */
struct text_set {
    const char **items;
    size_t count;
};

struct text_set text_set_make(struct arena *arena, const char *const *texts, size_t count);

bool text_set_has(const struct text_set *set, const char *text);

#endif
