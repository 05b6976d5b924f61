/* What a stream ends in: a terminal with a size and perhaps colours, or anything else. */
#ifndef PGHA_TERMINAL_H
#define PGHA_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* What --color says. */
enum terminal_colour { COLOUR_AUTO = 0, COLOUR_ALWAYS, COLOUR_NEVER };

struct terminal_size {
    size_t columns;
    size_t lines;
};

bool terminal_is(FILE *stream);

/* TERM says that the terminal can do no more than a printer; so does one that is empty or missing. */
bool terminal_is_dumb(void);

/* As of now; 80 by 24 for what does not tell. */
struct terminal_size terminal_size(FILE *stream);

/*
 * Whether text for a stream gets colours. COLOUR_AUTO: if it is a terminal, not a dumb one, and the variable NO_COLOR
 * is empty or missing (https://no-color.org); the other two know better.
 */
bool terminal_has_colour(FILE *stream, enum terminal_colour colour);

/* Whether somebody is there to leave a pager: both are terminals, not dumb ones, and this is no job in the background.
 */
bool terminal_is_attended(FILE *in, FILE *out);

/*
 * Whether keys wait at a terminal, also such as no Enter follows yet; they stay there. To be asked in the foreground
 * only: the terminal's mode changes for a moment.
 */
bool terminal_has_input(FILE *in);

#endif
