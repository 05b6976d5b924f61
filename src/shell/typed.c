#include "typed.h"

#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "pgha/signals.h"
#include "pgha/utf8.h"

int typed_byte(int fd, int timeout)
{
    struct pollfd fds[2] = {{.fd = fd, .events = POLLIN}, {.fd = signals_fd(), .events = POLLIN}};
    unsigned char byte;

    while (!signals_pending()) {
        int ready = poll(fds, 2, timeout);

        if (!ready)
            return TYPED_NONE;
        if (ready < 0 || !fds[0].revents)
            continue;
        ssize_t got = read(fd, &byte, 1);
        if (got == 1)
            return byte;
        if (got == 0 || errno != EINTR)
            return TYPED_NONE;
    }
    return TYPED_NONE;
}

/* In a locale of single bytes, its own table says which of them are controls. */
static size_t next(const char *text, size_t length, uint32_t *code, bool *safe)
{
    if (MB_CUR_MAX > 1) {
        size_t size = utf8_next(text, length, code);

        *safe = *code < 0x80 || utf8_is_safe(*code);
        return size;
    }
    *code = (unsigned char)*text;
    *safe = *code < 0x80 || !iscntrl((int)*code);
    return length ? 1 : 0;
}

static size_t character_length(int first)
{
    if (MB_CUR_MAX == 1 || first < 0xc0)
        return 1;
    return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

bool typed_character(int fd, int first, char bytes[TYPED_CHARACTER_MOST], size_t *length, uint32_t *code)
{
    size_t expected = character_length(first);
    bool safe = false;
    int byte;

    bytes[0] = (char)first;
    *length = 1;
    while (*length < expected && (byte = typed_byte(fd, TYPED_SEQUENCE_MS)) != TYPED_NONE)
        bytes[(*length)++] = (char)byte;
    return next(bytes, *length, code, &safe) == expected && safe;
}

size_t typed_safe(const char *text, size_t length)
{
    size_t at = 0, size;
    uint32_t code;
    bool safe;

    while (at < length && (size = next(text + at, length - at, &code, &safe)) && safe)
        at += size;
    return at;
}
