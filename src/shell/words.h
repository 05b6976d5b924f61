/*
 * A line as a POSIX shell splits it into words: blanks, quotes, backslashes, comments, a backslash before the end of
 * the line. Nothing is expanded: $, *, ? and ~ stand for themselves.
 */
#ifndef PGHA_SHELL_WORDS_H
#define PGHA_SHELL_WORDS_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

enum words_outcome {
    WORDS_COMPLETE,
    WORDS_OPEN,    /* a quote, or the line after a backslash, is missing: more has to be read */
    WORDS_REFUSED, /* an operator of a shell stands there without quotes */
};

struct words_line {
    const char **words; /* what was understood so far, whatever the outcome */
    size_t count;
    const char *rest; /* behind the newline that ended the command; at the end of the text when there was none */
    bool in_word;     /* the text ends in the last word, without a blank behind it */
    char quote;       /* the quote that is open at the end: ' or ", or 0 */
    size_t start;     /* where in the text the last word begins */
    char operator;    /* the one that is refused */
};

/* Splits the first command of `text`. Without words it is blank, or a comment. */
enum words_outcome words_split(struct arena *arena, const char *text, struct words_line *line);

/* The text such that words_split() gives it back as one word; without quotes where it needs none. */
const char *words_quote(struct arena *arena, const char *text);

#endif
