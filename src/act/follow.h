/*
 * What becomes of a switchover or failover that was left to the members through the store. patronictl does not look:
 * it is done for it once the request is written.
 */
#ifndef PGHA_ACT_FOLLOW_H
#define PGHA_ACT_FOLLOW_H

#include "pgha/cluster.h"
#include "pgha/ctx.h"

struct follow {
    struct ctx *ctx;
    struct dcs *dcs;
    const char *cluster_name;
    int64_t group;
    const struct cluster *before; /* as it was when the request was written */
    const char *old_leader;       /* NULL: there was none */
    const char *candidate;        /* NULL: anybody else will do */
    bool doubted; /* nobody knows whether there is a request: one that is not seen within 2 s or ctx->timeout
                     ends as FOLLOW_UNKNOWN */
};

enum follow_end {
    FOLLOW_DONE,    /* the one that was wanted leads */
    FOLLOW_OTHER,   /* another one does */
    FOLLOW_DROPPED, /* the request is gone from the store, and the leader is the same */
    FOLLOW_UNKNOWN, /* nothing of that in time */
};

/*
 * Reads the cluster time and again until the request has come to an end. The members act upon it as soon as one of them
 * has the time, or, when the leader is dead, once its key has run out: that is after `ttl` and one `loop_wait` at the
 * latest, which is waited for, but no longer than ctx->operation_timeout. `*leader` is who led last, NULL for nobody;
 * it lives in ctx->arena. A store that does not answer meanwhile is asked again. Fails with ERR_UNKNOWN when the user
 * interrupts it: the request stays.
 */
bool follow_handover(const struct follow *follow, enum follow_end *end, const char **leader,
                     struct err *err) PGHA_CHECKED;

#endif
