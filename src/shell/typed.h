/*
 * Bytes that somebody types or pastes. The editors show a line as it is, so what a terminal must not get (see
 * utf8_is_safe()) may not come into it: a C1 control is obeyed, a bidirectional one shows another order. C0 controls
 * are shown by the editors as "^X".
 */
#ifndef PGHA_SHELL_TYPED_H
#define PGHA_SHELL_TYPED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How long the rest of a sequence may take after its beginning. */
#define TYPED_SEQUENCE_MS 50
#define TYPED_NONE (-1)
/* Bytes of the longest character. */
#define TYPED_CHARACTER_MOST 4

/* The next byte within `timeout` milliseconds (-1: without limit); TYPED_NONE without one, at the end, for a signal. */
int typed_byte(int fd, int timeout);

/*
 * Reads the rest of the character that begins with `first`, which no ASCII character is, into `bytes`: `*length` of
 * them, `*code` in Unicode or, in a locale of single bytes, in the locale's own. False when a terminal must not get it.
 */
bool typed_character(int fd, int first, char bytes[TYPED_CHARACTER_MOST], size_t *length, uint32_t *code);

/* How many bytes at the start of the text may come into a line. */
size_t typed_safe(const char *text, size_t length);

#endif
