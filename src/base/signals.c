#include "pgha/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

/* A handler has nothing but file scope to write to. */
static volatile sig_atomic_t pending;
static volatile sig_atomic_t from_terminal;
static int wake[2] = {-1, -1};

static void note(int signal, siginfo_t *info, void *context)
{
    int saved = errno;
    ssize_t ignored = write(wake[1], "", 1);

    (void)ignored; /* a full pipe is readable as well */
    (void)context;
    /* Ctrl-C may be meant for an editor; it never covers up a signal that is meant for this program. */
    if (!pending || from_terminal) {
        pending = signal;
        from_terminal = signal == SIGINT && info->si_code > 0;
    }
    errno = saved;
}

bool signals_install(void)
{
    static const int ending[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction action = {.sa_sigaction = note, .sa_flags = SA_SIGINFO};
    struct sigaction ignore = {.sa_handler = SIG_IGN};

    if (pipe2(wake, O_CLOEXEC | O_NONBLOCK))
        return false;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof ending / sizeof *ending; i++) {
        struct sigaction before;

        /* What the caller had ignored (nohup) stays ignored. */
        if (sigaction(ending[i], NULL, &before))
            return false;
        if (before.sa_handler != SIG_IGN && sigaction(ending[i], &action, NULL))
            return false;
    }
    return sigaction(SIGPIPE, &ignore, NULL) == 0 && sigaction(SIGXFSZ, &ignore, NULL) == 0;
}

int signals_pending(void)
{
    return pending;
}

bool signals_from_terminal(void)
{
    return pending && from_terminal;
}

void signals_clear(void)
{
    char drop[64];

    pending = 0;
    from_terminal = 0;
    while (wake[0] >= 0 && read(wake[0], drop, sizeof drop) > 0)
        ;
}

int signals_fd(void)
{
    return wake[0];
}

bool signals_sleep(deadline_t deadline)
{
    struct pollfd wait = {.fd = wake[0], .events = POLLIN};

    while (!pending) {
        int left = deadline_left(deadline);

        if (!left)
            return true;
        poll(&wait, 1, left);
    }
    return false;
}
