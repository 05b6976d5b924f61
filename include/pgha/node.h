/*
 * The Patroni whose configuration this is, as a last resort: when the store does not answer, it may still have the
 * cluster's keys as it was told them last, and shows them in GET /cluster.
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

/*
 * Asks it. What its answer lacks is unknown in the cluster: the system identifier, and, before Patroni 4.1, positions.
 * A Citus cluster has only the node's own group. `*source` says who was asked, for messages. Fails with any kind.
 */
bool node_read(struct ctx *ctx, struct arena *arena, const struct cluster_id *id, deadline_t deadline,
               struct cluster *cluster, const char **source, struct err *err) PGHA_CHECKED;

#endif
