#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "library.h"
#include "pgha/signals.h"

/* Needs stdio before it. */
#include <readline/readline.h>

static int is_quoted(char *text, int at)
{
    int backslashes = 0;

    while (at > backslashes && text[at - backslashes - 1] == '\\')
        backslashes++;
    return backslashes % 2;
}

/*
 * Ctrl-C makes the terminal forget what was typed, also what the caller had been told of: a plain read would then wait
 * for another key. The line is given up for the signal, so any key will do; that of C-@ shows nothing.
 */
static int next_key(FILE *stream)
{
    struct pollfd fds[] = {{.fd = fileno(stream), .events = POLLIN}, {.fd = signals_fd(), .events = POLLIN}};
    unsigned char key;
    ssize_t got;

    for (;;) {
        if (signals_pending())
            return '\0';
        if (poll(fds, 2, -1) < 0 || !fds[0].revents)
            continue;
        got = read(fds[0].fd, &key, 1);
        if (got == 1)
            return key;
        if (got == 0 || errno != EINTR)
            return EOF;
    }
}

void library_set_up(void)
{
    rl_getc_function = next_key;
    rl_change_environment = 0; /* a COLUMNS of today would be wrong tomorrow */
    rl_char_is_quoted_p = is_quoted;
}

bool library_is_busy(void)
{
    return RL_ISSTATE(RL_STATE_ISEARCH | RL_STATE_NSEARCH | RL_STATE_NUMERICARG | RL_STATE_MULTIKEY |
                      RL_STATE_METANEXT);
}

void library_clear_line(void)
{
    rl_clear_visible_line();
}

void library_leave_line(void)
{
    rl_free_line_state();
    rl_callback_sigcleanup();
    rl_point = rl_end;
    rl_redisplay();
}

void library_measure(void)
{
    rl_reset_screen_size();
}

void library_check_signals(void)
{
    rl_check_signals(); /* a window that has changed its size */
}
