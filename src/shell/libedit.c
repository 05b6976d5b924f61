#include <ctype.h>
#include <stdio.h>

#include "pgha/signals.h"

#include "library.h"
#include "typed.h"

/* Needs stdio before it. */
#include <editline/readline.h>

#define ESCAPE 0x1b
/* Digits of a repeat count: libedit dies of a million. */
#define COUNT_MOST 3
/* Of a line, in bytes: libedit's work for each key grows with it, and it dies of much more. */
#define LINE_MOST 4096

/* Libedit asks for keys without an argument of ours: what was read ahead is known to the file. */
static struct {
    bool is_ready;
    int key;
    int last;      /* the key before */
    size_t digits; /* of the repeat count, 0 outside of one */
    bool escaped;  /* an escape stood for the signal that is pending */
} ahead;

/* Whether the key is a digit of a repeat count that has enough of them. */
static bool is_too_much(int key)
{
    bool digit = key >= '0' && key <= '9';

    if (digit && (ahead.digits || ahead.last == ESCAPE)) {
        ahead.digits += ahead.digits || key != '0';
        ahead.last = key;
        if (ahead.digits <= COUNT_MOST)
            return false;
        ahead.digits = COUNT_MOST;
        return true;
    }
    if (key != ESCAPE)
        ahead.digits = 0;
    ahead.last = key;
    return false;
}

/*
 * Reads a key, which is a whole character. False when libedit must not get it: neither does it get the end of a line
 * that is too long, because the beginning of a text must not be run as if it were all of it.
 */
static bool read_key(int *key)
{
    char bytes[TYPED_CHARACTER_MOST];
    size_t length;
    uint32_t code;

    *key = typed_byte(fileno(rl_instream), -1);
    if (*key == TYPED_NONE) {
        /* The line is given up for a signal: an escape ends a search, and then there is nothing more to wait for. */
        *key = signals_pending() && !ahead.escaped ? ESCAPE : EOF;
        ahead.escaped = true;
        return true;
    }
    ahead.escaped = false;
    if (*key < 0x80)
        return !is_too_much(*key) && (rl_end < LINE_MOST || (iscntrl(*key) && *key != '\r' && *key != '\n'));
    if (!typed_character(fileno(rl_instream), *key, bytes, &length, &code) || rl_end >= LINE_MOST)
        return false;
    *key = (int)code;
    return true;
}

static int next_key(FILE *stream)
{
    int key;

    (void)stream;
    if (ahead.is_ready) {
        ahead.is_ready = false;
        return ahead.key;
    }
    while (!read_key(&key))
        ;
    return key;
}

void library_set_up(void)
{
    rl_getc_function = next_key;
}

/* It does not come back to us before a search or a sequence of keys has ended. */
bool library_is_busy(void)
{
    return false;
}

/* It knows what it has drawn, the prompt included, and draws what is different. */
void library_clear_line(void)
{
}

/* Removing the handler is enough; rl_redisplay() would be a key for the next line. */
void library_leave_line(void)
{
}

void library_configure(void)
{
}

bool library_takes_pastes(void)
{
    return false;
}

bool library_has_keys(void)
{
    return false;
}

void library_act_on_key(void)
{
    ahead.is_ready = read_key(&ahead.key);
    if (ahead.is_ready)
        rl_callback_read_char();
}
