#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <sys/ioctl.h>

#include "pgha/terminal.h"
#include "terminal.h"

static void what_is_one(void **state)
{
    struct terminal terminal = terminal_open();
    FILE *file = tmpfile(), *memory = fmemopen(NULL, 10, "r+");

    (void)state;
    assert_true(terminal_is(terminal.file));
    assert_false(terminal_is(file));
    assert_false(terminal_is(memory)); /* it has no descriptor */
    /* Nobody is at a terminal that does not control this program. */
    setenv("TERM", "xterm", 1);
    assert_false(terminal_is_attended(terminal.file, terminal.file));
    assert_false(terminal_is_attended(file, terminal.file));
    fclose(file);
    fclose(memory);
    terminal_close(&terminal);
}

static void sizes(void **state)
{
    struct terminal terminal = terminal_open();
    const struct winsize narrow = {.ws_col = 33, .ws_row = 7};
    FILE *file = tmpfile();

    (void)state;
    assert_int_equal(terminal_size(file).columns, 80);
    assert_int_equal(terminal_size(file).lines, 24);
    assert_int_equal(terminal_size(terminal.file).columns, 80); /* a new one says 0 */
    assert_int_equal(ioctl(terminal.master, TIOCSWINSZ, &narrow), 0);
    assert_int_equal(terminal_size(terminal.file).columns, 33);
    assert_int_equal(terminal_size(terminal.file).lines, 7);
    fclose(file);
    terminal_close(&terminal);
}

static void colours(void **state)
{
    struct terminal terminal = terminal_open();
    FILE *file = tmpfile();

    (void)state;
    setenv("TERM", "xterm", 1);
    unsetenv("NO_COLOR");
    assert_true(terminal_has_colour(terminal.file, COLOUR_AUTO));
    assert_false(terminal_has_colour(terminal.file, COLOUR_NEVER));
    assert_false(terminal_has_colour(file, COLOUR_AUTO));
    assert_true(terminal_has_colour(file, COLOUR_ALWAYS));
    setenv("NO_COLOR", "", 1);
    assert_true(terminal_has_colour(terminal.file, COLOUR_AUTO));
    setenv("NO_COLOR", "0", 1);
    assert_false(terminal_has_colour(terminal.file, COLOUR_AUTO));
    assert_true(terminal_has_colour(terminal.file, COLOUR_ALWAYS));
    unsetenv("NO_COLOR");
    setenv("TERM", "dumb", 1);
    assert_true(terminal_is_dumb());
    assert_false(terminal_has_colour(terminal.file, COLOUR_AUTO));
    setenv("TERM", "", 1);
    assert_true(terminal_is_dumb());
    unsetenv("TERM");
    assert_true(terminal_is_dumb());
    fclose(file);
    terminal_close(&terminal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_one), cmocka_unit_test(sizes),
                                       cmocka_unit_test(colours)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
