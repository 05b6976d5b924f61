/*
 * The Patroni whose configuration this is, as a last resort: when the store does not answer, it may still have the
 * cluster's keys as it was told them last, and it knows what it is itself.
 */
#ifndef PGHA_NODE_H
#define PGHA_NODE_H

#include <stdbool.h>

#include "pgha/cluster.h"
#include "pgha/ctx.h"

/*
 * Whether the configuration is that of a node of this cluster (and group): it has the cluster's scope, and says in
 * restapi.connect_address or restapi.listen where Patroni can be asked.
 */
bool node_knows(const struct ctx *ctx, const struct cluster_id *id);

/* Where a view comes from, for messages. */
struct node_source {
    const char *text; /* "the state that the Patroni at http://127.0.0.1:8008 has" */
    const char *by;   /* whose word the rows are: "GET /cluster", or the node's name */
};

/*
 * Asks it, in this order of preference, and all at once: GET /cluster, for the cluster as the store told it last
 * (Patroni 4.1 waits ten seconds for a store that is gone, and then has no answer); GET /patroni, for what it is itself
 * and who replicates from it; GET /failsafe, for the members that it would ask before it demotes. What the answers lack
 * is unknown in the cluster, such as positions before Patroni 4.1. A Citus cluster has only the node's own group.
 * Everything lives in ctx->arena. Fails with any kind.
 */
bool node_read(struct ctx *ctx, const struct cluster_id *id, deadline_t deadline, struct cluster *cluster,
               struct node_source *source, struct err *err) PGHA_CHECKED;

#endif
