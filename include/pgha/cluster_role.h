/* What demote-cluster and promote-cluster have in common: a whole cluster becomes a standby cluster, or a primary one.
 */
#ifndef PGHA_CLUSTER_ROLE_H
#define PGHA_CLUSTER_ROLE_H

#include "pgha/cmd.h"
#include "pgha/value.h"

struct cluster_role {
    const char *cluster_name;
    bool force;
    const struct value *standby; /* what to follow: the value of standby_cluster; NULL to promote */
};

/*
 * Has the leader change the dynamic configuration and waits, with a line a second, until the cluster is in its new role
 * (cases demote-*, promote-*). Called as pgha it does not wait for ever: ERR_UNKNOWN then.
 */
bool cluster_role_run(struct ctx *ctx, const struct cluster_role *given, struct err *err) PGHA_CHECKED;

#endif
