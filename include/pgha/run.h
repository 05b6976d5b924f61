/* One invocation from its words to its exit status. The only place that prints errors and picks statuses. */
#ifndef PGHA_RUN_H
#define PGHA_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "pgha/differs.h"
#include "pgha/log.h"

struct arena;
struct dcs;
struct http;
struct value;

/* What the lines of a shell share. Starts with an arena, the rest zeroed; all else is made when it is first needed. */
struct run_kept {
    struct arena *arena;
    struct http *http; /* its connections */
    struct log log;
    const char *scope;       /* instead of the configured one, unless it is NULL; borrowed */
    struct dcs *dcs;         /* with its token and what it knows of servers; NULL once a line has failed */
    struct arena *dcs_arena; /* of that and of the configuration that it was opened with */
    struct value *dcs_config;
};

/* The world of an invocation. `in` has to be unbuffered, so that prompts take no more of it than they need. */
struct run {
    const char *prog; /* base name under which the program was called */
    struct differences differences;
    FILE *in;
    FILE *out;
    FILE *err;
    struct run_kept *kept; /* NULL: the invocation is no line of a shell */
};

/* Runs the command line without its first word; returns the exit status. All memory is gone when it returns. */
int run_main(const struct run *run, size_t count, const char *const *words);

#endif
