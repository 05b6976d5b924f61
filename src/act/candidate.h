/* Who takes over: the candidate of a switchover or failover. */
#ifndef PGHA_ACT_CANDIDATE_H
#define PGHA_ACT_CANDIDATE_H

#include "pgha/cluster.h"
#include "pgha/handover.h"

struct candidates {
    struct ctx *ctx;
    const struct cluster *cluster;
    const struct handover *given;
    const char *action; /* "switchover" or "failover" */
    const char *leader; /* NULL: the cluster has none */
};

/*
 * Sets `*candidate` to what was given or is answered; NULL or "" leaves the choice to Patroni. Fails when nobody can
 * take over, and for a name that is that of nobody, of the leader, or of a member that must not lead. Called as pgha,
 * the question offers only those whom Patroni takes at this moment, and the errors have the reasons.
 */
bool candidate_choose(const struct candidates *candidates, const char **candidate, struct err *err) PGHA_CHECKED;

/* Tells on stderr what is known against a candidate (or NULL) that was refused. `now`: not at a time to come. */
bool candidate_explain(const struct candidates *candidates, const char *candidate, bool now,
                       struct err *err) PGHA_CHECKED;

#endif
