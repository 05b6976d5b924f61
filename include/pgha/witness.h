/*
 * The members as witnesses: what a store without quorum, or this node's Patroni, shows of a cluster is unverified, so
 * the members are asked what they are (GET /patroni) before it is shown.
 */
#ifndef PGHA_WITNESS_H
#define PGHA_WITNESS_H

#include <stdbool.h>
#include <stddef.h>

#include "pgha/cluster.h"
#include "pgha/ctx.h"

/*
 * Asks all members of `count` clusters (and of their workers) at once, and puts what they say into the clusters: state,
 * role, timeline and positions, and whether one of them leads. `unverified` of each member says how that compares with
 * what was there, of which `source` ("etcd3") is the origin; of a member that does not answer in time, why. What others
 * say of such a member stays. The clusters' members are changed in place. Fails with ERR_ABORTED, and when the
 * configured credentials cannot be sent.
 */
bool witness_ask(struct ctx *ctx, struct cluster *clusters, size_t count, const char *source, deadline_t deadline,
                 struct err *err) PGHA_CHECKED;

/*
 * The role that an answer to GET /patroni gives: "leader", "standby_leader", "sync_standby", "quorum_standby" or
 * "replica"; NULL when it is no such answer.
 */
const char *witness_role(const struct value *answer);

#endif
