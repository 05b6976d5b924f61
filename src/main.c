#include <fcntl.h>
#include <jansson.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pgha/arena.h"
#include "pgha/conceal.h"
#include "pgha/guard.h"
#include "pgha/postgres.h"
#include "pgha/run.h"
#include "pgha/signals.h"
#include "pgha/str.h"

static void out_of_memory(void)
{
    static const char message[] = "Error: out of memory\n";

    guard_restore();
    if (write(STDERR_FILENO, message, sizeof message - 1) < 0)
        _exit(1);
    _exit(1);
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/*
 * A stream that the caller has closed would otherwise be the next file that is opened, a connection to etcd, say. What
 * takes its place fails as the closed one would.
 */
static bool fill_closed_streams(void)
{
    static const int modes[] = {O_WRONLY, O_RDONLY, O_WRONLY};

    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++)
        if (fcntl(stream, F_GETFD) < 0 && open("/dev/null", modes[stream]) != stream)
            return false;
    return true;
}

int main(int argc, char **argv)
{
    const char *prog = argc ? base_name(argv[0]) : "pgha";
    const struct run run = {
        .prog = prog, .differences = differences_for(prog), .in = stdin, .out = stdout, .err = stderr};

    conceal_memory();
    arena_on_exhausted(out_of_memory);
    json_set_alloc_funcs(arena_must_malloc, free);
    setlocale(LC_CTYPE, "");
    setvbuf(stdin, NULL, _IONBF, 0);
    if (!fill_closed_streams())
        return EXIT_FAILURE;
    if (!signals_install()) {
        fputs("Error: cannot install signal handlers\n", stderr);
        return EXIT_FAILURE;
    }
    struct arena *arena = arena_new(NULL);
    size_t count = argc ? (size_t)argc - 1 : 0;
    int status = run_main(&run, count, conceal_words(arena, count, argv + 1));
    arena_free(arena);
    int ending = signals_pending();
    if (ending && ending != SIGINT) {
        /* Whoever sent it sees that it was the signal that ended the program. */
        signal(ending, SIG_DFL);
        raise(ending);
    }
    if (postgres_has_left_thread()) {
        fflush(NULL);
        _exit(status);
    }
    return status;
}
