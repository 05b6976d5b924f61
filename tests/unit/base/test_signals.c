#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "pgha/signals.h"

static bool is_readable(int fd)
{
    struct pollfd wait = {.fd = fd, .events = POLLIN};

    return poll(&wait, 1, 0) == 1;
}

static int clear(void **state)
{
    (void)state;
    signals_clear();
    return 0;
}

static void a_signal_is_noted_until_cleared(void **state)
{
    static const int ending[] = {SIGINT, SIGTERM, SIGHUP};

    (void)state;
    for (size_t i = 0; i < sizeof ending / sizeof *ending; i++) {
        assert_int_equal(signals_pending(), 0);
        assert_false(is_readable(signals_fd()));
        raise(ending[i]);
        assert_int_equal(signals_pending(), ending[i]);
        assert_true(is_readable(signals_fd()));
        signals_clear();
    }
}

static void the_first_counts(void **state)
{
    (void)state;
    raise(SIGTERM);
    raise(SIGINT);
    assert_int_equal(signals_pending(), SIGTERM);
    /* Sent by a program, so not typed by anybody. */
    assert_false(signals_from_terminal());
}

static void a_sleep_ends_early(void **state)
{
    (void)state;
    assert_true(signals_sleep(deadline_in(0.01)));
    raise(SIGINT);
    assert_false(signals_sleep(deadline_in(60)));
}

static void a_sleeper_is_woken(void **state)
{
    deadline_t limit = deadline_in(30);

    (void)state;
    ualarm(20000, 0);
    assert_false(signals_sleep(deadline_in(60)));
    assert_int_equal(signals_pending(), SIGALRM);
    assert_true(deadline_left(limit) > 0);
}

static void a_closed_pipe_is_an_error_only(void **state)
{
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    assert_int_equal(write(ends[1], "", 1), -1);
    assert_int_equal(errno, EPIPE);
    close(ends[1]);
}

static void many_do_not_block(void **state)
{
    (void)state;
    for (int i = 0; i < 100000; i++)
        raise(SIGTERM);
    signals_clear();
    assert_false(is_readable(signals_fd()));
}

/* The handler of SIGTERM for SIGALRM too: that one comes by itself. */
static int install(void **state)
{
    struct sigaction action;

    (void)state;
    return signals_install() && !sigaction(SIGTERM, NULL, &action) && !sigaction(SIGALRM, &action, NULL) ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_signal_is_noted_until_cleared, clear),
        cmocka_unit_test_teardown(the_first_counts, clear),
        cmocka_unit_test_teardown(a_sleep_ends_early, clear),
        cmocka_unit_test_teardown(a_sleeper_is_woken, clear),
        cmocka_unit_test_teardown(a_closed_pipe_is_an_error_only, clear),
        cmocka_unit_test_teardown(many_do_not_block, clear),
    };
    return cmocka_run_group_tests(tests, install, NULL);
}
