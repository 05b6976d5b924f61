/* What switchover and failover have in common: another member becomes the leader. */
#ifndef PGHA_HANDOVER_H
#define PGHA_HANDOVER_H

#include "pgha/cmd.h"

/* What the command line said; NULL is asked for unless `force`. */
struct handover {
    bool is_switchover;
    const char *cluster_name;
    struct opt_int group;
    const char *leader; /* switchover only */
    const char *candidate;
    const char *scheduled; /* switchover only */
    bool force;
};

/*
 * Shows the cluster, asks what was not said, and has the leader (without one, the candidate) do it, or the members by a
 * key in the store when that one cannot be reached. What was shown is what is acted upon (cases switchover-*,
 * failover-*).
 *
 * Called as patronictl, any failure to get an answer leads to the store. Called as pgha only one that leaves no doubt
 * that nothing was sent; ctx->status tells refusals (3) and outcomes that are not known (4).
 */
bool handover_run(struct ctx *ctx, const struct handover *given, struct err *err) PGHA_CHECKED;

#endif
