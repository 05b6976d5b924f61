/*
 * The difference of two texts as a unified diff with three lines of context and empty file names. What is taken for
 * moved, changed or equal follows Python's difflib step by step, ties and its rule for frequent lines included, because
 * patronictl's edit-config shows exactly that (recorded cases edit-hunks-*, edit-diff-repeats).
 */
#ifndef PGHA_DIFF_H
#define PGHA_DIFF_H

#include <stdbool.h>

#include "pgha/str.h"

/* Appends the difference, or nothing when there is none. Newlines at the end of a text do not count. */
void diff_write(const char *before, const char *after, struct str *out);

/* The same with the colours of a terminal. */
void diff_write_coloured(const char *before, const char *after, struct str *out);

#endif
