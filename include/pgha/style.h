/*
 * What text looks like at a terminal. Views say what something is, writers turn that into escape sequences if there
 * is colour; nobody else knows a sequence, but for the difference of edit-config, whose colours are patronictl's.
 */
#ifndef PGHA_STYLE_H
#define PGHA_STYLE_H

#include <stdbool.h>
#include <stddef.h>

#include "pgha/str.h"

enum style {
    STYLE_PLAIN = 0,
    STYLE_LEADER,
    STYLE_SYNC,      /* may take over without losing anything */
    STYLE_ATTENTION, /* not as usual, but perhaps as somebody wants it */
    STYLE_ALARM,
};

#define STYLE_END "\033[0m"

/* The sequence that begins a style; "" for STYLE_PLAIN, which needs no STYLE_END either. */
const char *style_begin(enum style style);

/* Appends text in a style, without sequences unless `colour`. */
void style_add(struct str *out, bool colour, enum style style, const char *text, size_t length);

/* Appends a message; a word such as "Error:" at its beginning has the style of what it says. */
void style_add_message(struct str *out, bool colour, const char *text);

/* Length of the sequence for colours at the start of `text`, 0 for none: these take no columns. */
size_t style_sequence(const char *text, size_t length);

/* Columns of the longest line, and how many lines there are. Control characters count as nothing. */
void style_measure(const char *text, size_t length, size_t *columns, size_t *lines);

/* Lines that a terminal of so many columns needs for it: long ones go on in the next. */
size_t style_screen_lines(const char *text, size_t length, size_t columns);

/* Breaks lines that are longer than `columns`, at blanks where that is possible. For text without sequences. */
void style_wrap(struct str *text, size_t columns);

/* Cuts lines that are longer than `columns` (more than 1): they end in ">". */
void style_cut(struct str *text, size_t columns);

#endif
