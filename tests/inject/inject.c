/*
 * A library for LD_PRELOAD that makes a program run again and again from main() on, each time in a new child, with
 * one allocation failing. The program is loaded once, so what the dynamic loader allocates is out of the game, and a
 * run takes little more than a fork.
 *
 * On the descriptor INJECT_COMMANDS it reads lines "AT MODE": allocation AT of the child (counted from 1) fails; so do
 * all later ones when MODE is "on". AT 0 lets all of them work. On INJECT_RESULTS it answers each with a line
 * "STATUS COUNT": the status as waitpid() gives it, and how many allocations there were.
 *
 * With INJECT_SPARE in the environment, nothing fails in curl_global_init_mem(), which is mostly the set-up of OpenSSL.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST_SECONDS 30

typedef int main_function(int argc, char **argv, char **environment);
typedef int start_function(main_function *start, int argc, char **argv, void (*init)(void), void (*fini)(void),
                           void (*loader_fini)(void), void *stack_end);

static struct {
    void *(*malloc)(size_t size);
    void *(*calloc)(size_t count, size_t size);
    void *(*realloc)(void *memory, size_t size);
    int (*posix_memalign)(void **memory, size_t alignment, size_t size);
    void *(*aligned_alloc)(size_t alignment, size_t size);
} next;

static main_function *program;
static bool armed, spare, from_then_on;
static unsigned long fail_at;
static atomic_ulong *counter; /* shared with the children */

static void *find(const char *name)
{
    void *found = dlsym(RTLD_NEXT, name);

    if (!found)
        _exit(120);
    return found;
}

static void find_all(void)
{
    static bool finding;

    if (next.aligned_alloc || finding)
        return;
    finding = true;
    *(void **)&next.malloc = find("malloc");
    *(void **)&next.calloc = find("calloc");
    *(void **)&next.realloc = find("realloc");
    *(void **)&next.posix_memalign = find("posix_memalign");
    *(void **)&next.aligned_alloc = find("aligned_alloc");
}

static bool fails(void)
{
    find_all();
    if (!armed)
        return false;
    unsigned long now = atomic_fetch_add(counter, 1) + 1;
    if (!fail_at || (from_then_on ? now < fail_at : now != fail_at))
        return false;
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size)
{
    return fails() ? NULL : next.malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails() ? NULL : next.calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
    return fails() ? NULL : next.realloc(memory, size);
}

int curl_global_init_mem(long flags, void *allocate, void *release, void *grow, void *copy, void *clear);

int curl_global_init_mem(long flags, void *allocate, void *release, void *grow, void *copy, void *clear)
{
    int (*real)(long, void *, void *, void *, void *, void *);
    bool before = armed;

    *(void **)&real = find("curl_global_init_mem");
    armed = armed && !spare;
    int result = real(flags, allocate, release, grow, copy, clear);
    armed = before;
    return result;
}

int posix_memalign(void **memory, size_t alignment, size_t size)
{
    return fails() ? ENOMEM : next.posix_memalign(memory, alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return fails() ? NULL : next.aligned_alloc(alignment, size);
}

static int descriptor(const char *variable)
{
    const char *text = getenv(variable);

    return text ? (int)strtol(text, NULL, 10) : -1;
}

/* Stands in for main(): comes back from it in the children only. */
static int serve(int argc, char **argv, char **environment)
{
    FILE *commands = fdopen(descriptor("INJECT_COMMANDS"), "r");
    int results = descriptor("INJECT_RESULTS");
    char line[64];

    spare = getenv("INJECT_SPARE") != NULL;
    counter = mmap(NULL, sizeof *counter, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (!commands || counter == MAP_FAILED)
        return 121;
    while (fgets(line, sizeof line, commands)) {
        char *rest;
        int status = 0;

        atomic_store(counter, 0);
        fail_at = strtoul(line, &rest, 10);
        from_then_on = strstr(rest, "on") != NULL;
        pid_t child = fork();
        if (child == 0) {
            close(fileno(commands));
            close(results);
            alarm(MOST_SECONDS);
            armed = true;
            return program(argc, argv, environment);
        }
        if (child < 0 || waitpid(child, &status, 0) != child)
            return 122;
        dprintf(results, "%d %lu\n", status, atomic_load(counter));
    }
    _exit(0);
}

int __libc_start_main(main_function *start, int argc, char **argv, void (*init)(void), void (*fini)(void),
                      void (*loader_fini)(void), void *stack_end);

int __libc_start_main(main_function *start, int argc, char **argv, void (*init)(void), void (*fini)(void),
                      void (*loader_fini)(void), void *stack_end)
{
    start_function *real;

    *(void **)&real = find("__libc_start_main");
    if (descriptor("INJECT_COMMANDS") < 0)
        return real(start, argc, argv, init, fini, loader_fini, stack_end);
    program = start;
    return real(serve, argc, argv, init, fini, loader_fini, stack_end);
}
