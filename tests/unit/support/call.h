/* A whole command line, run against an etcd that has the given keys. */
#ifndef PGHA_TEST_CALL_H
#define PGHA_TEST_CALL_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "pgha/run.h"
#include "store.h"

struct call {
    int status;
    char *out;
    char *err;
    size_t asked;     /* requests that etcd got */
    const char *last; /* the last of them; NULL: none */
};

/* What a command line meets. */
struct call_world {
    const struct fake_answer *answers; /* etcd's, see fake_http_start() */
    size_t count;
    const char *input; /* standard input; NULL: the test's own */
};

/* A pipe that holds a text, which has to be short. */
static inline FILE *call_input(const char *text)
{
    int ends[2];
    size_t length = strlen(text);

    if (pipe(ends) || write(ends[1], text, length) != (ssize_t)length || close(ends[1]))
        abort();
    FILE *file = fdopen(ends[0], "r");
    setvbuf(file, NULL, _IONBF, 0);
    return file;
}

/* `words`: those after the program's name, up to NULL. */
static inline struct call call_run_in(struct arena *arena, const char *prog, const struct call_world *world,
                                      const char *const *words)
{
    struct fake_http *etcd = fake_http_start(world->answers, world->count);
    struct call call = {0};
    size_t out_size, err_size, count = 0;
    struct run run = {.prog = prog, .differences.as_patronictl = strcmp(prog, "patronictl") == 0, .in = stdin};

    while (words[count])
        count++;
    setenv("PATRONI_CONFIGURATION", arena_printf(arena, "{scope: batman, etcd3: {host: '%s'}}", fake_http_place(etcd)),
           1);
    if (world->input)
        run.in = call_input(world->input);
    run.out = open_memstream(&call.out, &out_size);
    run.err = open_memstream(&call.err, &err_size);
    call.status = run_main(&run, count, words);
    fclose(run.out);
    fclose(run.err);
    if (world->input)
        fclose(run.in);
    call.asked = fake_http_count(etcd);
    if (call.asked)
        call.last = arena_strdup(arena, fake_http_request(etcd, call.asked - 1));
    fake_http_stop(etcd);
    unsetenv("PATRONI_CONFIGURATION");
    return call;
}

/* `pairs`: as for store_range(). */
static inline struct call call_run(struct arena *arena, const char *prog, const char *const *pairs,
                                   const char *const *words)
{
    const struct fake_answer answer = store_range(arena, pairs);
    const struct call_world world = {.answers = &answer, .count = 1};

    return call_run_in(arena, prog, &world, words);
}

static inline void call_free(struct call *call)
{
    free(call->out);
    free(call->err);
}

#endif
