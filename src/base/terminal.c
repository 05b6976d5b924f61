#include "pgha/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define COLUMNS 80
#define LINES 24

bool terminal_is(FILE *stream)
{
    int file = fileno(stream);

    return file >= 0 && isatty(file);
}

bool terminal_is_dumb(void)
{
    const char *name = getenv("TERM");

    return !name || !*name || strcmp(name, "dumb") == 0;
}

struct terminal_size terminal_size(FILE *stream)
{
    struct terminal_size size = {COLUMNS, LINES};
    struct winsize told;

    if (ioctl(fileno(stream), TIOCGWINSZ, &told))
        return size;
    if (told.ws_col)
        size.columns = told.ws_col;
    if (told.ws_row)
        size.lines = told.ws_row;
    return size;
}

bool terminal_has_colour(FILE *stream, enum terminal_colour colour)
{
    const char *none = getenv("NO_COLOR");

    if (colour != COLOUR_AUTO)
        return colour == COLOUR_ALWAYS;
    return terminal_is(stream) && !terminal_is_dumb() && !(none && *none);
}

bool terminal_is_attended(FILE *in, FILE *out)
{
    return terminal_is(in) && terminal_is(out) && !terminal_is_dumb() && tcgetpgrp(fileno(out)) == getpgrp();
}

bool terminal_has_input(FILE *in)
{
    int file = fileno(in), waiting = 0;
    struct termios mode, keys;

    if (tcgetattr(file, &mode))
        return false;
    /* While lines are edited, the terminal counts whole lines only. */
    keys = mode;
    keys.c_lflag &= ~(tcflag_t)ICANON;
    if (mode.c_lflag & ICANON)
        tcsetattr(file, TCSANOW, &keys);
    if (ioctl(file, FIONREAD, &waiting))
        waiting = 0;
    if (mode.c_lflag & ICANON)
        tcsetattr(file, TCSANOW, &mode);
    return waiting > 0;
}
