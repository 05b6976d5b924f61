#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "../../../src/shell/line.h"
#include "pgha/arena.h"
#include "pgha/signals.h"

static void reads_lines(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct line_plain plain = {.fd = -1};
    char filler[5000];
    int ends[2];
    const char *line;

    (void)state;
    assert_int_equal(pipe(ends), 0);
    plain.fd = ends[0];
    memset(filler, 'x', sizeof filler);
    assert_int_equal(write(ends[1], "a\n\n", 3), 3);
    assert_int_equal(write(ends[1], filler, sizeof filler), sizeof filler);
    assert_int_equal(write(ends[1], "\nend", 4), 4);
    close(ends[1]);
    assert_int_equal(line_plain(&plain, arena, &line), LINE_READ);
    assert_string_equal(line, "a");
    assert_int_equal(line_plain(&plain, arena, &line), LINE_READ);
    assert_string_equal(line, "");
    assert_int_equal(line_plain(&plain, arena, &line), LINE_READ);
    assert_int_equal(strlen(line), sizeof filler);
    assert_int_equal(line_plain(&plain, arena, &line), LINE_READ);
    assert_string_equal(line, "end");
    assert_int_equal(line_plain(&plain, arena, &line), LINE_END);
    close(ends[0]);
    arena_free(arena);
}

static void ends_on_a_signal(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct line_plain plain = {.fd = -1};
    int ends[2];
    const char *line;

    (void)state;
    assert_int_equal(pipe(ends), 0);
    plain.fd = ends[0];
    assert_true(signals_install());
    raise(SIGINT);
    assert_int_equal(line_plain(&plain, arena, &line), LINE_CANCELLED);
    signals_clear();
    raise(SIGTERM);
    assert_int_equal(line_plain(&plain, arena, &line), LINE_SIGNALLED);
    signals_clear();
    close(ends[0]);
    close(ends[1]);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_lines),
        cmocka_unit_test(ends_on_a_signal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
