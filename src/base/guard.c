#include "pgha/guard.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Also the real-time signals, which are not constants. */
#define MOST_SIGNALS 128
#define STACK_SIZE (64 * 1024)

/* SIGINT, SIGTERM and SIGHUP are for signals.c; SIGKILL and SIGSTOP are for nobody. */
static const int others[] = {
    SIGQUIT, SIGALRM, SIGUSR1, SIGUSR2, SIGVTALRM, SIGPROF, SIGIO,   SIGPWR,  SIGXCPU, SIGSTKFLT,
    SIGABRT, SIGSEGV, SIGBUS,  SIGFPE,  SIGILL,    SIGSYS,  SIGTRAP, SIGTSTP, SIGCONT,
};

struct guarded {
    int fd;
    bool has_mode;
    bool has_changed;
    struct termios before;
    struct termios changed;
    const char *undo;
    const char *redo;
};

/* A handler has nothing but file scope to look at. */
static struct guarded guarded;
static volatile sig_atomic_t active;
static volatile sig_atomic_t stopped;
static struct sigaction previous[MOST_SIGNALS];
static bool taken[MOST_SIGNALS];
static bool at_exit;
/* For the handler after a stack overflow. */
static char stack[STACK_SIZE];

/* A job in the background must not touch the terminal of the one in the foreground. */
static bool is_ours(void)
{
    pid_t foreground = tcgetpgrp(guarded.fd);

    return foreground < 0 || foreground == getpgrp();
}

/* A terminal that takes nothing now (Ctrl-S) must not hold up the end. */
static void show(const char *text)
{
    struct pollfd out = {.fd = guarded.fd, .events = POLLOUT};

    if (text && poll(&out, 1, 0) == 1 && write(guarded.fd, text, strlen(text)) < 0)
        errno = 0; /* there is nothing left to try */
}

void guard_restore(void)
{
    if (!active || !is_ours())
        return;
    if (guarded.has_mode)
        tcsetattr(guarded.fd, TCSANOW, &guarded.before);
    show(guarded.undo);
}

static void change_again(void)
{
    stopped = 1;
    if (!active || !is_ours())
        return;
    if (guarded.has_changed)
        tcsetattr(guarded.fd, TCSANOW, &guarded.changed);
    show(guarded.redo);
}

/* What the signal does without us is done as soon as the handler returns, because it is blocked until then. */
static void on_signal(int signal)
{
    int saved = errno;

    if (signal == SIGCONT) {
        change_again();
    } else {
        guard_restore();
        sigaction(signal, &previous[signal], NULL);
        raise(signal);
    }
    errno = saved;
}

/* The handler is there again once the process goes on, which may be at once: an orphan is not stopped. */
static void on_stop(int signal)
{
    struct sigaction ours;
    sigset_t only;
    int saved = errno;

    guard_restore();
    sigaction(signal, &previous[signal], &ours);
    sigemptyset(&only);
    sigaddset(&only, signal);
    raise(signal);
    sigprocmask(SIG_UNBLOCK, &only, NULL);
    sigprocmask(SIG_BLOCK, &only, NULL);
    sigaction(signal, &ours, NULL);
    change_again();
    errno = saved;
}

static void take(int signal)
{
    struct sigaction action = {.sa_handler = signal == SIGTSTP ? on_stop : on_signal,
                               .sa_flags = SA_RESTART | SA_ONSTACK};

    /* What the caller had ignored stays ignored, and nothing is taken twice. */
    if (signal >= MOST_SIGNALS || taken[signal] || sigaction(signal, NULL, &previous[signal]) ||
        previous[signal].sa_handler == SIG_IGN)
        return;
    sigfillset(&action.sa_mask);
    sigdelset(&action.sa_mask, SIGCONT);
    taken[signal] = sigaction(signal, &action, NULL) == 0;
}

/* Unless somebody else has one, such as a sanitizer. Without it, nothing but a stack overflow is lost. */
static void have_stack(void)
{
    stack_t now, ours = {.ss_sp = stack, .ss_size = sizeof stack};

    if (sigaltstack(NULL, &now) == 0 && now.ss_flags & SS_DISABLE && sigaltstack(&ours, NULL))
        errno = 0;
}

void guard_begin(int fd, const struct termios *before, const char *undo, const char *redo)
{
    guard_end();
    if (!at_exit)
        at_exit = atexit(guard_restore) == 0;
    guarded = (struct guarded){.fd = fd, .undo = undo, .redo = redo};
    if (before) {
        guarded.before = *before;
        guarded.has_mode = true;
    }
    active = 1;
    have_stack();
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        take(others[i]);
    for (int signal = SIGRTMIN; signal <= SIGRTMAX; signal++)
        take(signal);
}

void guard_changed(void)
{
    guarded.has_changed = active && guarded.has_mode && tcgetattr(guarded.fd, &guarded.changed) == 0;
}

void guard_end(void)
{
    for (int signal = 1; signal < MOST_SIGNALS; signal++)
        if (taken[signal]) {
            sigaction(signal, &previous[signal], NULL);
            taken[signal] = false;
        }
    active = 0;
}

bool guard_was_stopped(void)
{
    bool was = stopped;

    stopped = 0;
    return was;
}
