/*
 * Where pgha differs from patronictl. Code asks whether a row of the table of differences holds, never by which name
 * the program was called:
 *
 *     if (differs(ctx, DIFF_SEQUENTIAL_MEMBERS))
 *
 * A new difference is a new row in pgha/difference_rows.h; see CONTRIBUTING.md.
 */
#ifndef PGHA_DIFFERS_H
#define PGHA_DIFFERS_H

#include <stdbool.h>
#include <stddef.h>

enum difference {
#define ROW(id, area, patronictl, pgha) id,
#define MORE(id, area, patronictl, pgha)
#include "pgha/difference_rows.h"
#undef MORE
#undef ROW
    DIFFERENCE_COUNT
};

/* Which rows hold for one invocation: all of them in one that is all zero, none for the name patronictl. */
struct differences {
    bool as_patronictl;
};

/* A row of the manual; several may belong to one difference. Plain text, `bold` between backticks. */
struct difference_text {
    const char *id;         /* DIFF_... */
    const char *area;       /* the heading above it: some commands, or all */
    const char *patronictl; /* what patronictl does */
    const char *pgha;       /* what pgha does */
};

extern const struct difference_text difference_texts[];
extern const size_t difference_text_count;

/* Those of a program called `prog`, a base name. */
struct differences differences_for(const char *prog);

bool differences_has(struct differences differences, enum difference row);

/* Whether `row` holds for `holder`, a pointer to any struct that has its differences: a ctx, a config, a dcs, ... */
#define differs(holder, row) differences_has((holder)->differences, row)

#endif
