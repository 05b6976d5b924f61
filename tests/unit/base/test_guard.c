#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "pgha/guard.h"

#define UNDO "put back"
#define REDO "changed again"

struct terminal {
    int outside;
    int inside;
    struct termios before;
};

static int setup(void **state)
{
    struct terminal *terminal = calloc(1, sizeof *terminal);

    *state = terminal;
    return openpty(&terminal->outside, &terminal->inside, NULL, NULL, NULL) ||
           tcgetattr(terminal->inside, &terminal->before);
}

static int teardown(void **state)
{
    struct terminal *terminal = *state;

    guard_end();
    close(terminal->outside);
    close(terminal->inside);
    free(terminal);
    return 0;
}

/* As an editor does it. */
static void change(const struct terminal *terminal)
{
    struct termios raw = terminal->before;

    guard_begin(terminal->inside, &terminal->before, UNDO, REDO);
    raw.c_lflag &= ~(tcflag_t)(ECHO | ICANON);
    tcsetattr(terminal->inside, TCSANOW, &raw);
    guard_changed();
}

static bool is_changed(const struct terminal *terminal)
{
    struct termios now;

    assert_int_equal(tcgetattr(terminal->inside, &now), 0);
    return !(now.c_lflag & ICANON);
}

static const char *shown(const struct terminal *terminal, char *text, size_t size)
{
    struct pollfd fd = {.fd = terminal->outside, .events = POLLIN};
    ssize_t length = poll(&fd, 1, 0) == 1 ? read(terminal->outside, text, size - 1) : 0;

    text[length > 0 ? length : 0] = '\0';
    return text;
}

static void puts_the_terminal_back(void **state)
{
    const struct terminal *terminal = *state;
    char text[64];

    guard_restore(); /* none is guarded */
    change(terminal);
    assert_true(is_changed(terminal));
    guard_restore();
    assert_false(is_changed(terminal));
    assert_string_equal(shown(terminal, text, sizeof text), UNDO);
    guard_end();
    change(terminal);
    guard_end();
    guard_restore(); /* no more */
    assert_true(is_changed(terminal));
    assert_string_equal(shown(terminal, text, sizeof text), "");
}

static void lives_through_a_stop(void **state)
{
    const struct terminal *terminal = *state;
    char text[64];

    change(terminal);
    assert_false(guard_was_stopped());
    tcsetattr(terminal->inside, TCSANOW, &terminal->before);
    raise(SIGCONT);
    assert_true(is_changed(terminal));
    assert_string_equal(shown(terminal, text, sizeof text), REDO);
    assert_true(guard_was_stopped());
    assert_false(guard_was_stopped());
}

/* Ends a child in that way, with the terminal changed or not; 0 is exit(). */
static int end_child(const struct terminal *terminal, int number)
{
    int status;
    pid_t child = fork();

    if (!child) {
        setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
        if (number)
            signal(number, SIG_DFL); /* cmocka has handlers of its own */
        if (terminal)
            change(terminal);
        if (!number)
            exit(0);
        raise(number);
        _exit(99);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void every_end_puts_it_back(void **state)
{
    static const int ends[] = {0,      SIGQUIT, SIGALRM, SIGUSR1, SIGUSR2, SIGABRT, SIGSEGV, SIGFPE,    SIGBUS,
                               SIGILL, SIGSYS,  SIGTRAP, SIGXCPU, SIGPROF, SIGPWR,  SIGIO,   SIGVTALRM, SIGSTKFLT};
    const struct terminal *terminal = *state;
    char text[64];

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        struct termios now;
        int status = end_child(terminal, ends[i]);

        assert_int_equal(status, end_child(NULL, ends[i])); /* valgrind lets one live after SIGSTKFLT */
        assert_int_equal(tcgetattr(terminal->inside, &now), 0);
        assert_true(now.c_lflag & ICANON);
        assert_string_equal(shown(terminal, text, sizeof text), UNDO);
    }
    assert_int_equal(WTERMSIG(end_child(terminal, SIGRTMIN)), SIGRTMIN);
    assert_false(is_changed(terminal));
}

/* With a frame that is used; it ends, but not before the stack does. */
static int overflow(int depth)
{
    volatile char frame[4096];

    frame[0] = (char)depth;
    return depth ? overflow(depth - 1) + frame[0] : 0;
}

static void stack_overflow_puts_it_back(void **state)
{
    const struct terminal *terminal = *state;
    pid_t child = fork();
    int status;

    if (child == 0) {
        setrlimit(RLIMIT_CORE, &(struct rlimit){.rlim_cur = 0});
        signal(SIGSEGV, SIG_DFL); /* cmocka would go on with the next test */
        setrlimit(RLIMIT_STACK, &(struct rlimit){.rlim_cur = 1 << 20, .rlim_max = 1 << 20});
        change(terminal);
        _exit(overflow(1000000));
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_false(is_changed(terminal));
}

static void what_is_ignored_stays_ignored(void **state)
{
    const struct terminal *terminal = *state;

    signal(SIGUSR1, SIG_IGN);
    change(terminal);
    raise(SIGUSR1);
    assert_true(is_changed(terminal));
    guard_end();
    assert_true(signal(SIGUSR1, SIG_DFL) == SIG_IGN);
    assert_true(signal(SIGUSR2, SIG_DFL) == SIG_DFL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(puts_the_terminal_back),      TEST(lives_through_a_stop),          TEST(every_end_puts_it_back),
        TEST(stack_overflow_puts_it_back), TEST(what_is_ignored_stays_ignored),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
