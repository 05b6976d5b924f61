/*
 * What every command gets: memory, configuration, connections, streams. Made by run/run.c for one invocation (one
 * line of the shell), lent to everyone below it; tests make their own.
 */
#ifndef PGHA_CTX_H
#define PGHA_CTX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "pgha/clock.h"
#include "pgha/differs.h"
#include "pgha/terminal.h"

struct arena;
struct cmd;
struct config;
struct dcs;
struct http;
struct log;
struct run_kept;

/* Words of a command line. */
struct words {
    size_t count;
    const char *const *items;
};

struct ctx {
    struct arena *arena;
    const struct cmd *cmd;
    const struct config *config; /* NULL for a command with no_config */
    struct http *http;           /* NULL likewise; connections are kept between the lines of the shell */
    struct log *log;
    FILE *in;
    FILE *out;
    FILE *err;
    const char *prog;               /* base name under which the program was called, for usage lines */
    struct differences differences; /* those of that name */
    double timeout;                 /* seconds for all that is learned, DCS and members: see the manual, TIMEOUTS */
    double operation_timeout;       /* seconds for what a member works on before it answers: a restart, a switchover */
    enum terminal_colour colour;    /* --color; never looked at when called as patronictl */
    bool no_pager;
    struct words globals; /* the global options as they were given: the words before the command's name */
    /*
     * Told every second who is being waited for and for how many seconds, and with `who` NULL when that is over and had
     * been told at all. NULL: nobody wants to know.
     */
    void (*on_wait)(struct ctx *ctx, const char *who, int seconds);
    struct run_kept *kept; /* what the lines of a shell share (run.h); NULL: this is no such line */
    bool citus_told;       /* a warning has said why the configuration's citus section does not count */
    int status;            /* exit status of a command that ran to its end: see the manual's table */
};

#endif
