#include "pgha/proc.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "pgha/arena.h"
#include "pgha/clock.h"
#include "pgha/guard.h"
#include "pgha/signals.h"

/* How long a program may take to end when it is asked to, in seconds. */
#define PATIENCE 1.0

/* Signals of the keyboard that are the other program's as long as it runs; SIGINT is for signals.c. */
static const int of_keyboard[] = {SIGTSTP, SIGQUIT};

#define OF_KEYBOARD (sizeof of_keyboard / sizeof *of_keyboard)

/* The terminal that another program has for a while, and how signals were handled before. */
struct lent {
    struct sigaction before[OF_KEYBOARD];
    struct termios mode;
    bool has_mode;
};

/* There is no portable way to wait for a program and for a signal at once; a look now and then is. */
static void pause_briefly(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 20 * 1000 * 1000}, NULL);
}

static bool is_executable(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0 && S_ISREG(info.st_mode) && access(path, X_OK) == 0;
}

const char *proc_find(struct arena *arena, const char *name)
{
    const char *path = getenv("PATH") ? getenv("PATH") : "/bin:/usr/bin";

    if (!*name)
        return NULL;
    if (strchr(name, '/'))
        return is_executable(name) ? name : NULL;
    for (const char *next; path; path = next) {
        size_t length = strcspn(path, ":");
        const char *file = length ? arena_printf(arena, "%.*s/%s", (int)length, path, name) : name;

        if (is_executable(file))
            return file;
        next = path[length] ? path + length + 1 : NULL;
    }
    return NULL;
}

const char **proc_words(struct arena *arena, const char *command, bool with_arguments, const char *last)
{
    static const char blanks[] = " \t\n";
    size_t count = 0;
    const char **words = arena_calloc(arena, strlen(command) / 2 + 3, sizeof(const char *));

    if (!with_arguments || !command[strspn(command, blanks)] || proc_find(arena, command))
        words[count++] = command;
    else
        for (command += strspn(command, blanks); *command; command += strspn(command, blanks)) {
            size_t length = strcspn(command, blanks);

            words[count++] = arena_strndup(arena, command, length);
            command += length;
        }
    words[count] = last;
    return words;
}

/* A file in memory rather than a pipe: it never blocks, however long the other program does not read. */
static int input_file(const char *input, size_t length)
{
    int fd = memfd_create("input", MFD_CLOEXEC);

    while (fd >= 0 && length) {
        ssize_t written = write(fd, input, length);

        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0) {
            close(fd);
            return -1;
        }
        input += written;
        length -= (size_t)written;
    }
    if (fd >= 0)
        lseek(fd, 0, SEEK_SET);
    return fd;
}

static int missing_reason(const char *name)
{
    return strchr(name, '/') && access(name, F_OK) == 0 ? EACCES : ENOENT;
}

/*
 * less ignores Ctrl-Z when it is told to be secure. A program that stopped all the same would leave it behind to fight
 * with the caller's shell for the keys.
 */
static void lend(struct lent *lent)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};

    for (size_t i = 0; i < OF_KEYBOARD; i++)
        sigaction(of_keyboard[i], &ignore, &lent->before[i]);
    lent->has_mode = tcgetattr(STDIN_FILENO, &lent->mode) == 0;
    guard_begin(STDIN_FILENO, lent->has_mode ? &lent->mode : NULL, NULL, NULL);
}

/* A program that was killed left the terminal in its own mode. */
static void take_back(const struct lent *lent, bool killed)
{
    if (killed)
        guard_restore();
    guard_end();
    for (size_t i = 0; i < OF_KEYBOARD; i++)
        sigaction(of_keyboard[i], &lent->before[i], NULL);
}

/* The other program stopped itself. The caller's shell waits for this one. */
static void stop_as_well(const struct lent *lent, pid_t pid)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};

    sigaction(SIGTSTP, &lent->before[0], NULL);
    raise(SIGTSTP);
    sigaction(SIGTSTP, &ignore, NULL);
    kill(pid, SIGCONT);
}

/* Gives back an errno. What is ignored here has to be put back, it would be handed on. */
static int start(const char *const *argv, char *const *variables, int input, const struct lent *lent, pid_t *pid)
{
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    sigset_t defaults;
    int problem;

    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    sigaddset(&defaults, SIGXFSZ);
    for (size_t i = 0; i < OF_KEYBOARD; i++)
        if (lent->before[i].sa_handler != SIG_IGN)
            sigaddset(&defaults, of_keyboard[i]);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawn_file_actions_init(&actions);
    if (input >= 0)
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    problem = posix_spawnp(pid, argv[0], &actions, &attributes, (char *const *)(uintptr_t)argv, variables);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return problem;
}

static bool has_ended(pid_t pid, int *state)
{
    return waitpid(pid, state, WNOHANG) == pid;
}

static void end(pid_t pid)
{
    deadline_t deadline = deadline_in(PATIENCE);
    int state;

    kill(pid, SIGTERM);
    while (!has_ended(pid, &state)) {
        if (!deadline_left(deadline)) {
            kill(pid, SIGKILL);
            waitpid(pid, &state, 0);
            return;
        }
        pause_briefly();
    }
}

/* Waits for the end. False: a signal that is meant for this program ended the other one. */
static bool wait_for(const struct lent *lent, pid_t pid, int *state)
{
    pid_t changed;

    while ((changed = waitpid(pid, state, WNOHANG | WUNTRACED)) != pid || WIFSTOPPED(*state)) {
        if (changed == pid)
            stop_as_well(lent, pid);
        if (signals_pending() && !signals_from_terminal()) {
            end(pid);
            return false;
        }
        pause_briefly();
    }
    return true;
}

/* The environment, with `variable` instead of what there is by that name. */
static char *const *environment(struct arena *arena, const char *variable)
{
    size_t count = 0, kept = 0, name = variable ? strcspn(variable, "=") + 1 : 0;

    while (environ[count])
        count++;
    char **variables = arena_calloc(arena, count + 2, sizeof *variables);
    for (size_t i = 0; i < count; i++)
        if (!variable || strncmp(environ[i], variable, name) != 0)
            variables[kept++] = environ[i];
    if (variable)
        variables[kept] = arena_strdup(arena, variable);
    return variables;
}

bool proc_run(struct arena *arena, const char *const *argv, const char *input, size_t length, int *status,
              struct err *err)
{
    return proc_run_with(arena, argv, NULL, input, length, status, err);
}

bool proc_run_with(struct arena *arena, const char *const *argv, const char *variable, const char *input, size_t length,
                   int *status, struct err *err)
{
    int fd = input ? input_file(input, length) : -1;
    struct lent lent;
    pid_t pid;
    int state;

    if (input && fd < 0)
        return err_set(err, arena, ERR_FAILED, "%s: %s", argv[0], strerror(errno));
    lend(&lent);
    /* Looked for first: posix_spawn() has no way to tell under valgrind. */
    int problem = proc_find(arena, argv[0]) ? start(argv, environment(arena, variable), fd, &lent, &pid)
                                            : missing_reason(argv[0]);
    if (fd >= 0)
        close(fd);
    if (problem) {
        take_back(&lent, false);
        return err_set(err, arena, ERR_FAILED, "%s: %s", argv[0], strerror(problem));
    }
    bool ended = wait_for(&lent, pid, &state);
    take_back(&lent, !ended || WIFSIGNALED(state));
    if (!ended)
        return err_set(err, arena, ERR_ABORTED, ERR_MESSAGE_ABORTED);
    *status = WIFSIGNALED(state) ? -WTERMSIG(state) : WEXITSTATUS(state);
    if (signals_pending() && *status)
        return err_set(err, arena, ERR_ABORTED, ERR_MESSAGE_ABORTED);
    if (signals_from_terminal())
        signals_clear();
    return true;
}
