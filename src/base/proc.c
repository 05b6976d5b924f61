#include "pgha/proc.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "pgha/arena.h"
#include "pgha/clock.h"
#include "pgha/signals.h"

/* How long a program may take to end when it is asked to, in seconds. */
#define PATIENCE 1.0

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

/* Gives back an errno. What is ignored here has to be put back, it would be handed on. */
static int start(const char *const *argv, char *const *variables, int input, pid_t *pid)
{
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    sigset_t defaults;
    int problem;

    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    sigaddset(&defaults, SIGXFSZ);
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
    pid_t pid;
    int state;

    if (input && fd < 0)
        return err_set(err, arena, ERR_FAILED, "%s: %s", argv[0], strerror(errno));
    /* Looked for first: posix_spawn() has no way to tell under valgrind. */
    int problem =
        proc_find(arena, argv[0]) ? start(argv, environment(arena, variable), fd, &pid) : missing_reason(argv[0]);
    if (fd >= 0)
        close(fd);
    if (problem)
        return err_set(err, arena, ERR_FAILED, "%s: %s", argv[0], strerror(problem));

    while (!has_ended(pid, &state)) {
        if (signals_pending() && !signals_from_terminal()) {
            end(pid);
            return err_set(err, arena, ERR_ABORTED, ERR_MESSAGE_ABORTED);
        }
        pause_briefly();
    }
    *status = WIFSIGNALED(state) ? -WTERMSIG(state) : WEXITSTATUS(state);
    if (signals_pending() && *status)
        return err_set(err, arena, ERR_ABORTED, ERR_MESSAGE_ABORTED);
    if (signals_from_terminal())
        signals_clear();
    return true;
}
