/*
 * UTF-8 text: code points, and the columns they take at a terminal. Bytes that are no UTF-8 (arguments and file names
 * may hold any) stand for themselves: each decodes to UTF8_BYTE plus its value, as Python's surrogateescape has it.
 */
#ifndef PGHA_UTF8_H
#define PGHA_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pgha/str.h"

#define UTF8_BYTE 0xDC00

/*
 * The code point at the start of `text` and how many of its `length` bytes it takes; 0 at the end. A surrogate in its
 * three-byte form (see value.h) decodes to itself; anything else that is not UTF-8 to UTF8_BYTE plus the first byte.
 */
size_t utf8_next(const char *text, size_t length, uint32_t *code);

/* Appends a code point; UTF8_BYTE plus a byte becomes that byte again. */
void utf8_add(struct str *str, uint32_t code);

/* Whether all of it is UTF-8 in the strict sense: no surrogates, shortest forms, nothing above U+10FFFF. */
bool utf8_valid(const char *text, size_t length);

/* The text in Latin-1, the only thing that patronictl sends as HTTP Basic; NULL when it has characters beyond. */
char *utf8_to_latin1(struct arena *arena, const char *text);

/* Code points (and stray bytes) in a string. */
size_t utf8_count(const char *text);

/* Columns of a code point: 0 (combining, zero width), 1, 2, or -1 for a control character. As wcwidth 0.2.5 counts. */
int utf8_char_width(uint32_t code);

/* Columns of a text, -1 as soon as it holds a control character (that includes a newline). */
int utf8_width(const char *text, size_t length);

/* Letter or number, as Python's isalnum(); white space, as its isspace(); can be shown, as its isprintable(). */
bool utf8_is_alnum(uint32_t code);
bool utf8_is_space(uint32_t code);
bool utf8_is_printable(uint32_t code);

/* Value of a decimal digit of any script, -1 for anything else. */
int utf8_digit(uint32_t code);

/* Appends with every stray byte as \udcXX, as Python writes to stderr. */
void utf8_add_escaped(struct str *str, const char *text);

/*
 * Whether a terminal may get the code point from others. It may not get control characters (C0, DEL, C1), bytes that
 * are no UTF-8, surrogates, and characters that cannot be seen: the bidirectional controls, everything of no width that
 * Unicode calls ignorable (zero width space and joiners, soft hyphen, byte order mark, Hangul fillers, tags) and line
 * and paragraph separators. Variation selectors and combining marks are safe.
 */
bool utf8_is_safe(uint32_t code);

/* Whether all of the text is safe: no newline and no tab either. */
bool utf8_is_plain(const char *text);

/*
 * Makes text of others fit for a terminal. Escape sequences and control characters other than newline and tab are
 * taken out; a byte that is no UTF-8 becomes "?", an invisible character its number ("\u202e", "\U000e0041"). What has
 * been cleaned stays as it is when it is cleaned again.
 */
void utf8_clean(struct str *text);

/* The same for what has to be one line: newlines become "\n", except one at the end. */
void utf8_clean_line(struct str *text);

#endif
