/* Waits for the answers of several members. */
#ifndef PGHA_REST_WAIT_H
#define PGHA_REST_WAIT_H

#include "pgha/rest.h"

/* A request to one member. */
struct rest_exchange {
    const struct rest_request *request;
    struct http_request http;          /* `url` NULL: it was settled without asking */
    struct http_transfer *transfer;    /* NULL: not started; rest_wait() does that */
    struct http_request probe_request; /* `url` NULL: it is not asked that */
    deadline_t probe_due;              /* while there is no probe: when there is to be one */
    struct http_transfer *probe;       /* asks a member that works whether it is still there; NULL: not at present */
    bool ended;
    bool silent; /* given up, because it did not answer that */
};

/*
 * Starts them, so many at once as there may be connections, and waits until all have ended, by answer, deadline or
 * silence, or a signal came. After that, those without a transfer have not been asked.
 */
void rest_wait(struct ctx *ctx, struct rest_exchange *exchanges, size_t count);

#endif
