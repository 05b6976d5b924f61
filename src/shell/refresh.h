/*
 * The cluster's state for the prompt, read in the background while the shell waits for a key: through connections of
 * its own, so that commands do not meet its requests, and without ever waiting for an answer.
 */
#ifndef PGHA_SHELL_REFRESH_H
#define PGHA_SHELL_REFRESH_H

#include "pgha/clock.h"
#include "pgha/ctx.h"

#include "status.h"

struct refresh;

/* `ctx` is borrowed. A store that cannot be opened leaves the state unasked for ever. Owned by ctx->arena. */
struct refresh *refresh_new(struct ctx *ctx);

/* The cluster to ask for; NULL for none. What was known of another one is forgotten. */
void refresh_use(struct refresh *refresh, const char *scope);

/* Asks anew, because a command may have changed something. */
void refresh_begin(struct refresh *refresh);

/* Ends what is under way: nobody looks after it while a command runs. */
void refresh_end(struct refresh *refresh);

enum refresh_event {
    REFRESH_INPUT,   /* `fd` can be read */
    REFRESH_SIGNAL,  /* see signals_pending() */
    REFRESH_CHANGED, /* the state may be another one */
    REFRESH_LATE,    /* `deadline` has passed */
};

/* Waits for the first of these; input comes before anything else. */
enum refresh_event refresh_wait(struct refresh *refresh, int fd, deadline_t deadline);

/* The clusters there are, as of the last time when the store told; sorted. */
struct refresh_names {
    const char **items;
    size_t count;
};
const struct refresh_names *refresh_clusters(const struct refresh *refresh);

/* What is known; the members are those of the last answer, even if that was long ago. */
const struct status *refresh_status(const struct refresh *refresh);

#endif
