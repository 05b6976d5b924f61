#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "pgha/arena.h"
#include "pgha/clock.h"
#include "pgha/proc.h"
#include "pgha/signals.h"
#include "pgha/str.h"

static int run(const char *script, const char *input, size_t length)
{
    struct arena *arena = arena_new(NULL);
    const char *argv[] = {"sh", "-c", script, NULL};
    struct err err = ERR_INIT;
    int status = 0;

    assert_true(proc_run(arena, argv, input, length, &status, &err));
    arena_free(arena);
    return status;
}

static void statuses(void **state)
{
    (void)state;
    assert_int_equal(run("exit 3", NULL, 0), 3);
    assert_int_equal(run("kill -9 $$", NULL, 0), -9);
    assert_int_equal(run("kill -PIPE $$", NULL, 0), -SIGPIPE); /* it is not ignored there */
}

static void input_is_given(void **state)
{
    size_t length = 300000; /* more than a pipe holds */
    char *text = malloc(length);

    (void)state;
    assert_non_null(text);
    for (size_t i = 0; i < length; i++)
        text[i] = 'x';
    assert_int_equal(run("[ $(wc -c) -eq 300000 ]", text, length), 0);
    assert_int_equal(run("exit 4", text, length), 4);
    assert_int_equal(run("[ $(wc -c) -eq 0 ]", "", 0), 0);
    free(text);
}

static void missing(void **state)
{
    struct arena *arena = arena_new(NULL);
    const char *argv[] = {"/nowhere/editor", NULL};
    struct err err = ERR_INIT;
    int status = 77;

    (void)state;
    assert_false(proc_run(arena, argv, NULL, 0, &status, &err));
    assert_int_equal(err.kind, ERR_FAILED);
    assert_string_equal(err.message, "/nowhere/editor: No such file or directory");
    assert_int_equal(status, 77);
    arena_free(arena);
}

static void finds(void **state)
{
    struct arena *arena = arena_new(NULL);

    (void)state;
    setenv("PATH", "/nowhere::/bin", 1);
    assert_string_equal(proc_find(arena, "sh"), "/bin/sh");
    assert_string_equal(proc_find(arena, "/bin/sh"), "/bin/sh");
    assert_null(proc_find(arena, "/etc/passwd"));
    assert_null(proc_find(arena, "/bin"));
    assert_null(proc_find(arena, "no-such-program"));
    assert_null(proc_find(arena, ""));
    arena_free(arena);
}

static void words(void **state)
{
    struct arena *arena = arena_new(NULL);
    const char **argv = proc_words(arena, " emacs  -nw\t", true, "file");

    (void)state;
    assert_string_equal(argv[0], "emacs");
    assert_string_equal(argv[1], "-nw");
    assert_string_equal(argv[2], "file");
    assert_null(argv[3]);
    argv = proc_words(arena, "emacs -nw", false, NULL);
    assert_string_equal(argv[0], "emacs -nw");
    assert_null(argv[1]);
    argv = proc_words(arena, " ", true, "file"); /* the file must not become the program */
    assert_string_equal(argv[0], " ");
    assert_string_equal(argv[1], "file");
    arena_free(arena);
}

/* The program ignores SIGTERM, so it takes the longest way. */
static void signal_ends_both(void **state)
{
    struct arena *arena = arena_new(NULL);
    const char *argv[] = {"sh", "-c", "trap '' TERM; kill -TERM $PPID; while :; do sleep 0.1; done", NULL};
    struct err err = ERR_INIT;
    int64_t start = clock_ms();
    int status;

    (void)state;
    assert_false(proc_run(arena, argv, NULL, 0, &status, &err));
    assert_int_equal(err.kind, ERR_ABORTED);
    assert_true(clock_ms() - start < 10000);
    assert_int_equal(signals_pending(), SIGTERM);
    assert_false(signals_from_terminal());
    signals_clear();
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statuses), cmocka_unit_test(input_is_given), cmocka_unit_test(missing),
        cmocka_unit_test(finds),    cmocka_unit_test(words),          cmocka_unit_test(signal_ends_both),
    };

    return signals_install() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
