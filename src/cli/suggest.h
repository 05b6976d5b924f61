/* Options that resemble a mistyped one, as Python's difflib finds them and click shows them. */
#ifndef PGHA_CLI_SUGGEST_H
#define PGHA_CLI_SUGGEST_H

#include <stddef.h>

struct arena;

/*
 * " Did you mean --force?", " (Possible options: --a, --b)", or "" when nothing is close enough: the at most three of
 * `known` with the highest similarity to `word`, 0.6 at least. Recorded case: cli-option-like.
 */
const char *suggest(struct arena *arena, const char *word, const char *const *known, size_t count);

#endif
