/* A whole command line, run against an etcd that has the given keys. */
#ifndef PGHA_TEST_CALL_H
#define PGHA_TEST_CALL_H

#include <stdlib.h>

#include "pgha/run.h"
#include "store.h"

struct call {
    int status;
    char *out;
    char *err;
};

/* `pairs`: as for store_range(); `words`: those after the program's name, up to NULL. */
static inline struct call call_run(struct arena *arena, const char *prog, const char *const *pairs,
                                   const char *const *words)
{
    const struct fake_answer answer = store_range(arena, pairs);
    struct fake_http *etcd = fake_http_start(&answer, 1);
    struct call call = {0};
    size_t out_size, err_size, count = 0;
    struct run run = {.prog = prog, .as_patronictl = strcmp(prog, "patronictl") == 0, .in = stdin};

    while (words[count])
        count++;
    setenv("PATRONI_CONFIGURATION", arena_printf(arena, "{scope: batman, etcd3: {host: '%s'}}", fake_http_place(etcd)),
           1);
    run.out = open_memstream(&call.out, &out_size);
    run.err = open_memstream(&call.err, &err_size);
    call.status = run_main(&run, count, words);
    fclose(run.out);
    fclose(run.err);
    fake_http_stop(etcd);
    unsetenv("PATRONI_CONFIGURATION");
    return call;
}

static inline void call_free(struct call *call)
{
    free(call->out);
    free(call->err);
}

#endif
