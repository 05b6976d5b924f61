/*
 * The dynamic configuration, typed as Patroni types it: booleans may be "on", "true", "yes", "1" in any case, numbers
 * may be text. A cluster without a valid config key has none of it (recorded cases list-pause-*, list-quorum, pause-*).
 */
#ifndef PGHA_DYNCONF_H
#define PGHA_DYNCONF_H

#include <stdbool.h>

#include "pgha/cluster.h"
#include "pgha/value.h"

struct arena;
struct config;

/* The raw value of a parameter, or NULL. */
const struct value *dynconf_get(const struct cluster *cluster, const char *name);

/* Whether a parameter is switched on. */
bool dynconf_is_on(const struct cluster *cluster, const char *name);

bool dynconf_is_paused(const struct cluster *cluster);

/* synchronous_mode is on or "quorum", and this is no standby cluster. */
bool dynconf_is_synchronous(const struct cluster *cluster);

/* synchronous_mode is "quorum". */
bool dynconf_is_quorum(const struct cluster *cluster);

/* standby_cluster has a host, a port or a restore_command. */
bool dynconf_is_standby_cluster(const struct cluster *cluster);

/* maximum_lag_on_failover in bytes: a replica that is behind by more does not become leader. 1 MB when it is not set.
 */
lsn_t dynconf_maximum_lag(const struct cluster *cluster, struct arena *arena);

/* loop_wait of the dynamic configuration if it is set, else of the configuration file, else 10; of any kind. */
struct value dynconf_loop_wait(const struct cluster *cluster, const struct config *config);

#endif
