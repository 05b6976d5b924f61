/*
 * The cluster as one snapshot of the store shows it: immutable, in one arena, with no pointer back to the store. The
 * rules are Patroni 4.1.4's (recorded cases list-*).
 */
#ifndef PGHA_CLUSTER_H
#define PGHA_CLUSTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pgha/dcs.h"
#include "pgha/err.h"
#include "pgha/value.h"

/* One key of the store with what it holds. `present` is false when the key does not exist. */
struct record {
    bool present;
    int64_t revision;
    struct value data; /* parsed; an empty map where Patroni takes what it cannot parse for one */
};

struct member {
    const char *name;
    int64_t revision;
    struct value data;   /* always a map */
    const char *api_url; /* NULL when there is none */
};

struct leader {
    bool present;
    const char *name;            /* may have no member key, and may be "" */
    const struct member *member; /* never NULL when present: a member without data stands in */
};

/* A failover or switchover that waits in the store. */
struct failover {
    bool present;
    int64_t revision;
    const char *leader;
    const char *candidate;
    struct value scheduled_at; /* null, or a VALUE_DATETIME or text as the case needs */
};

struct cluster {
    const char *name;       /* the scope */
    int group;              /* Citus group, or -1 */
    bool exists;            /* any key below its path */
    const char *initialize; /* NULL: no such key */
    struct record config;   /* the dynamic configuration */
    struct leader leader;
    struct member *members; /* by name */
    size_t member_count;
    int64_t last_lsn;   /* from status or optime/leader, 0 when there is none */
    struct value slots; /* from status; a null when there are none */
    struct failover failover;
    struct record sync;
    struct record history;
    struct cluster *workers; /* Citus, below group 0: the other groups by number */
    size_t worker_count;
};

/*
 * Reads the cluster `scope` from the store in one request. `group` -1 with a `citus` section in the configuration gives
 * group 0 with the others as workers. A cluster without keys is no error here: `exists` is false.
 */
bool cluster_read(struct dcs *dcs, struct arena *arena, const struct config *config, const char *scope, int group,
                  deadline_t deadline, struct cluster *cluster, struct err *err) PGHA_CHECKED;

/* Path of the cluster in the store: namespace, scope and group. */
const char *cluster_path(struct arena *arena, const struct config *config, const char *scope, int group);

/* The member of that name, or NULL. */
const struct member *cluster_find_member(const struct cluster *cluster, const char *name);

#endif
