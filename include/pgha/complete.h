/*
 * What a word that is being typed can become, from the command table. Names of clusters and members are not in the
 * table: they are asked for by the caller (run/complete.c, the shell), within its own time.
 */
#ifndef PGHA_COMPLETE_H
#define PGHA_COMPLETE_H

#include "pgha/cmd.h"
#include "pgha/text_set.h"

struct candidate {
    const char *text;
    const char *help; /* one line, or NULL */
};

struct completion {
    struct candidate *items;
    size_t count;
    enum completes more;     /* names that are to be added, each behind `joined` */
    const char *joined;      /* what the word has before the value: "--file=", "-f", or "" */
    const char *word;        /* the value typed so far, behind `joined`; each candidate begins with it */
    const char *cluster;     /* the cluster that the line names already, or NULL */
    struct text_set members; /* words that need not be offered again */
    struct globals globals;  /* given so far; only the texts and flags that a configuration depends on */
};

/*
 * Completes the last of `words` (the program's name is not one of them; an empty word is one to begin). `count` is at
 * least 1. A line that makes no sense has no candidates. Everything lives in `arena` or borrows from the words.
 */
void complete_words(struct arena *arena, struct differences differences, size_t count, const char *const *words,
                    struct completion *completion);

/* Adds `text` behind `joined` if it begins with `word` and is safe for a terminal, see utf8.h. `text` is borrowed. */
void complete_add(struct arena *arena, struct completion *completion, const char *text, const char *help);

#endif
