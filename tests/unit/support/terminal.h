/* A terminal for tests: what a program writes to `file` is read from `master`. */
#ifndef PGHA_TEST_TERMINAL_H
#define PGHA_TEST_TERMINAL_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

struct terminal {
    int master;
    FILE *file;
};

static inline struct terminal terminal_open(void)
{
    struct terminal terminal = {.master = posix_openpt(O_RDWR | O_NOCTTY)};
    struct termios mode;

    if (terminal.master < 0 || grantpt(terminal.master) || unlockpt(terminal.master))
        abort();
    /* Not as the controlling terminal: closing that one sends a SIGHUP. */
    terminal.file = fdopen(open(ptsname(terminal.master), O_RDWR | O_NOCTTY), "r+");
    if (!terminal.file || tcgetattr(fileno(terminal.file), &mode))
        abort();
    cfmakeraw(&mode);
    tcsetattr(fileno(terminal.file), TCSANOW, &mode);
    fcntl(terminal.master, F_SETFL, O_NONBLOCK);
    return terminal;
}

/* All that was written so far. */
static inline const char *terminal_text(const struct terminal *terminal, char *text, size_t size)
{
    size_t length = 0;

    fflush(terminal->file);
    for (ssize_t count; length + 1 < size && (count = read(terminal->master, text + length, size - length - 1)) > 0;)
        length += (size_t)count;
    text[length] = '\0';
    return text;
}

static inline void terminal_close(struct terminal *terminal)
{
    fclose(terminal->file);
    close(terminal->master);
}

#endif
