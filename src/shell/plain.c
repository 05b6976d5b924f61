#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "pgha/signals.h"
#include "pgha/str.h"

#include "line.h"

/* Waits for more to read. False at the end, or when a signal came. */
static bool fill(struct line_plain *plain)
{
    struct pollfd waits[] = {{.fd = plain->fd, .events = POLLIN}, {.fd = signals_fd(), .events = POLLIN}};

    while (!signals_pending()) {
        if (poll(waits, 2, -1) < 0 || !waits[0].revents)
            continue;
        ssize_t count = read(plain->fd, plain->buffer, sizeof plain->buffer);
        if (count < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        plain->problem = count < 0 ? errno : 0;
        plain->at = 0;
        plain->end = count > 0 ? (size_t)count : 0;
        return count > 0;
    }
    return false;
}

enum line_outcome line_plain(struct line_plain *plain, struct arena *arena, const char **line)
{
    struct str str;

    str_init(&str, arena);
    for (;;) {
        if (plain->at == plain->end && !fill(plain))
            break;
        const char *from = plain->buffer + plain->at;
        const char *newline = memchr(from, '\n', plain->end - plain->at);
        size_t length = newline ? (size_t)(newline - from) : plain->end - plain->at;
        str_add_bytes(&str, from, length);
        plain->at += length + (newline != NULL);
        if (newline) {
            *line = str.text;
            return LINE_READ;
        }
    }
    if (signals_pending())
        return signals_pending() == SIGINT ? LINE_CANCELLED : LINE_SIGNALLED;
    *line = str.text;
    return str.length ? LINE_READ : LINE_END;
}
