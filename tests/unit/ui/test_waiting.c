#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/ioctl.h>

#include "pgha/arena.h"
#include "pgha/waiting.h"
#include "terminal.h"

static const char *shown(const char *who, int seconds, unsigned short columns, char *text, size_t size)
{
    struct terminal terminal = terminal_open();
    struct ctx ctx = {.arena = arena_new(NULL), .out = stdout, .err = terminal.file};

    assert_int_equal(ioctl(terminal.master, TIOCSWINSZ, &(struct winsize){.ws_col = columns, .ws_row = 25}), 0);
    waiting_show(&ctx, who, seconds);
    terminal_text(&terminal, text, size);
    terminal_close(&terminal);
    arena_free(ctx.arena);
    return text;
}

/* Holds DIFF_WAITING_SHOWN. */
static void says_who_and_how_long(void **state)
{
    char text[200];

    (void)state;
    assert_string_equal(shown("pg1, pg2", 12, 80, text, sizeof text), "\r\033[KWaiting for pg1, pg2 (12 s)");
    assert_string_equal(shown(NULL, 0, 80, text, sizeof text), "\r\033[K");
    assert_string_equal(shown("pg1", 1, 0, text, sizeof text), "\r\033[KWaiting for pg1 (1 s)");
}

static void never_takes_more_than_a_line(void **state)
{
    char text[200];

    (void)state;
    assert_string_equal(shown("pg1, pg2", 7, 22, text, sizeof text), "\r\033[KWaiting for pg1 (7 s)");
    assert_string_equal(shown("p\xc3\xa9\xc3\xa9", 7, 21, text, sizeof text), "\r\033[KWaiting for p\xc3\xa9 (7 s)");
    assert_string_equal(shown("a\nb\033[2Jc", 7, 80, text, sizeof text), "\r\033[KWaiting for a bc (7 s)");
    assert_string_equal(shown("pg1", 7, 2, text, sizeof text), "\r\033[KW (7 s)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_who_and_how_long),
        cmocka_unit_test(never_takes_more_than_a_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
