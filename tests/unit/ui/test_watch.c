#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "pgha/arena.h"
#include "pgha/signals.h"
#include "pgha/watch.h"
#include "terminal.h"

/* As wide as the terminal; what is left of a longer one. */
#define LINE "12345678901234567890123456789012345678901234567890123456789012345678901234567890"
#define CUT "1234567890123456789012345678901234567890123456789012345678901234567890123456789>"

/* What each screen is to be: text, "!text" for a failure after that text; Ctrl-C comes with the last. */
struct script {
    const char *const *screens;
    size_t *at;
};

static bool frame(struct ctx *ctx, struct arena *arena, const void *data, struct str *screen, struct err *err)
{
    const struct script *script = data;
    const char *text = script->screens[(*script->at)++];

    (void)ctx;
    str_add(screen, text + (*text == '!'));
    if (!script->screens[*script->at])
        raise(SIGINT);
    return *text != '!' || err_set(err, arena, ERR_FAILED, "broken");
}

struct outcome {
    bool done;
    enum err_kind kind;
    char out[1000];
    char *err;
};

static struct outcome watch(const char *const *screens, bool as_patronictl, double seconds, bool at_terminal)
{
    struct outcome outcome = {0};
    struct terminal terminal = terminal_open();
    size_t at = 0, size;
    struct script script = {screens, &at};
    struct err err = ERR_INIT;
    struct ctx ctx = {.arena = arena_new(NULL), .differences.as_patronictl = as_patronictl, .out = terminal.file};

    ctx.err = open_memstream(&outcome.err, &size);
    if (!at_terminal)
        ctx.out = tmpfile();
    outcome.done = watch_run(&ctx, &(struct watch_style){.seconds = seconds, .replace = true, .drawn = true}, frame,
                             &script, &err);
    outcome.kind = err.kind;
    terminal_text(&terminal, outcome.out, sizeof outcome.out);
    if (!at_terminal) {
        rewind(ctx.out);
        outcome.out[fread(outcome.out, 1, sizeof outcome.out - 1, ctx.out)] = '\0';
        fclose(ctx.out);
    }
    signals_clear();
    fclose(ctx.err);
    terminal_close(&terminal);
    arena_free(ctx.arena);
    return outcome;
}

static void intervals(void **state)
{
    const struct opt_float none = {0}, zero = {true, 0}, five = {true, 5};

    (void)state;
    assert_true(watch_seconds(false, &none) == 0);
    assert_true(watch_seconds(true, &none) == 2);
    assert_true(watch_seconds(true, &zero) == 2);
    assert_true(watch_seconds(false, &zero) == 0);
    assert_true(watch_seconds(true, &five) == 5);
}

static void once(void **state)
{
    static const char *const good[] = {"one\n", "two\n", NULL}, *const bad[] = {"!part\n", "two\n", NULL};
    struct outcome outcome = watch(good, false, 0, true);

    (void)state;
    assert_true(outcome.done);
    assert_string_equal(outcome.out, "one\n");
    free(outcome.err);
    outcome = watch(bad, false, 0, true);
    assert_false(outcome.done);
    assert_string_equal(outcome.out, "part\n");
    free(outcome.err);
}

static void as_patronictl(void **state)
{
    static const char *const screens[] = {"one\n", "two\n", NULL}, *const bad[] = {"one\n", "!part\n", "x\n", NULL};
    struct outcome outcome = watch(screens, true, 0.1, true);

    (void)state;
    assert_false(outcome.done);
    assert_int_equal(outcome.kind, ERR_ABORTED);
    assert_string_equal(outcome.out, "\033[2J\033[1;1Hone\n\033[2J\033[1;1Htwo\n");
    free(outcome.err);
    outcome = watch(bad, true, 0.1, false);
    assert_int_equal(outcome.kind, ERR_FAILED);
    assert_string_equal(outcome.out, "one\npart\n");
    assert_string_equal(outcome.err, "");
    free(outcome.err);
}

/* Holds DIFF_WATCH_GOES_ON. */
static void survives_failures(void **state)
{
    static const char *const screens[] = {"one\n", "!part\n", "three\n", NULL}, *const first[] = {"!x\n", "y\n", NULL};
    struct outcome outcome = watch(screens, false, 0.1, false);

    (void)state;
    assert_true(outcome.done);
    assert_string_equal(outcome.out, "one\nthree\n");
    assert_string_equal(outcome.err, "Error: broken\n");
    free(outcome.err);
    outcome = watch(first, false, 0.1, false);
    assert_false(outcome.done);
    assert_int_equal(outcome.kind, ERR_FAILED);
    free(outcome.err);
}

static void paints(void **state)
{
    static const char *const screens[] = {"one\nmore\n", "!part\n", "three\n", NULL};
    struct outcome outcome = watch(screens, false, 0.1, true);
    const char *problem = strstr(outcome.out, "\033[HError: broken\033[K\nAs of ");

    (void)state;
    assert_true(outcome.done);
    assert_ptr_equal(strstr(outcome.out, "\033[?1049h\033[?25l\033[?7l\033[Hone\033[K\nmore\033[K\n\033[J\033[HError"),
                     outcome.out);
    assert_non_null(problem);
    assert_non_null(strstr(problem, ":\033[K\none\033[K\nmore\033[K\n\033[J\033[Hthree\033[K\n\033[J"
                                    "\033[?7h\033[?25h\033[?1049lthree\n"));
    assert_string_equal(outcome.err, "");
    free(outcome.err);
}

static void endless_intervals(void **state)
{
    static const char *const screens[] = {"one\n", "two\n", NULL};
    struct outcome outcome = watch(screens, true, INFINITY, false);

    (void)state;
    assert_int_equal(outcome.kind, ERR_FAILED);
    assert_string_equal(outcome.out, "one\n");
    free(outcome.err);
}

/* What nobody can read any more is not made for ever. */
static void lost_output(void **state)
{
    static const char *const screens[] = {"one\n", "two\n", "three\n", NULL};
    size_t at = 0;
    struct script script = {screens, &at};
    struct err err = ERR_INIT;
    struct ctx ctx = {.arena = arena_new(NULL), .out = fopen("/dev/full", "w")};

    (void)state;
    assert_true(
        watch_run(&ctx, &(struct watch_style){.seconds = 0.1, .replace = true, .drawn = true}, frame, &script, &err));
    assert_true(ferror(ctx.out));
    assert_int_equal(at, 1);
    fclose(ctx.out);
    arena_free(ctx.arena);
}

static void dumb_terminals_get_a_stream(void **state)
{
    static const char *const screens[] = {"one\n", "two\n", NULL};

    (void)state;
    setenv("TERM", "dumb", 1);
    struct outcome outcome = watch(screens, false, 0.1, true);
    assert_string_equal(outcome.out, "one\ntwo\n");
    free(outcome.err);
    setenv("TERM", "xterm", 1);
}

/* Watched lines are cut, on the screen and in what is left of it; those of patronictl stay. */
static void long_lines_are_cut(void **state)
{
    static const char *const screens[] = {LINE "x\n", "two\n", NULL};
    struct outcome outcome = watch(screens, false, 0.1, true);

    (void)state;
    assert_non_null(strstr(outcome.out, "\033[H" CUT "\n"));
    free(outcome.err);
    outcome = watch(screens, true, 0.1, true);
    assert_non_null(strstr(outcome.out, LINE "x\n"));
    free(outcome.err);
}

/* Erasing behind a full line would take its last character; the reason of a failure is wrapped, not cut. */
static void full_lines_stay_whole(void **state)
{
    static const char *const screens[] = {"one\n", LINE "\nshort\n", "!", NULL};
    struct outcome outcome = watch(screens, false, 0.1, true);

    (void)state;
    assert_non_null(strstr(outcome.out, "\033[H" LINE "\nshort\033[K\n\033[J"));
    free(outcome.err);
}

static bool long_failure(struct ctx *ctx, struct arena *arena, const void *data, struct str *screen, struct err *err)
{
    bool *again = *(bool *const *)data;

    (void)ctx;
    if (!*again) {
        str_add(screen, "text\n");
        return *again = true;
    }
    raise(SIGINT);
    return err_set(err, arena, ERR_FAILED, "%s", LINE " the end");
}

static void reasons_are_whole(void **state)
{
    struct terminal terminal = terminal_open();
    bool again = false, *data = &again;
    char out[1000];
    struct err err = ERR_INIT;
    struct ctx ctx = {.arena = arena_new(NULL), .out = terminal.file, .err = terminal.file};

    (void)state;
    assert_true(watch_run(&ctx, &(struct watch_style){.seconds = 0.1, .replace = true, .drawn = true}, long_failure,
                          &data, &err));
    terminal_text(&terminal, out, sizeof out);
    assert_non_null(strstr(out, "Error:\033[K\n" LINE "\nthe end\033[K\n"));
    signals_clear();
    terminal_close(&terminal);
    arena_free(ctx.arena);
}

int main(void)
{
    setenv("TERM", "xterm", 1);
    setenv("NO_COLOR", "1", 1);
    const struct CMUnitTest tests[] = {cmocka_unit_test(intervals),
                                       cmocka_unit_test(once),
                                       cmocka_unit_test(as_patronictl),
                                       cmocka_unit_test(survives_failures),
                                       cmocka_unit_test(paints),
                                       cmocka_unit_test(full_lines_stay_whole),
                                       cmocka_unit_test(reasons_are_whole),
                                       cmocka_unit_test(endless_intervals),
                                       cmocka_unit_test(lost_output),
                                       cmocka_unit_test(dumb_terminals_get_a_stream),
                                       cmocka_unit_test(long_lines_are_cut)};

    return signals_install() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
