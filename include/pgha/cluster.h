/*
 * The cluster as one snapshot of the store shows it: immutable, in one arena, with no pointer back to the store. The
 * rules are Patroni 4.1.4's (recorded cases list-*): what it cannot parse counts as empty, and where it dies of a value
 * the functions here fail with ERR_FAILED and one line that names the value.
 */
#ifndef PGHA_CLUSTER_H
#define PGHA_CLUSTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pgha/dcs.h"
#include "pgha/err.h"
#include "pgha/text_set.h"
#include "pgha/value.h"

/* Position in the WAL in bytes. Wider than any position, because a value in the store may be any number. */
__extension__ typedef __int128 lsn_t;

/* No Citus group was given (--group takes any integer, so -1 is a group like others). */
#define CLUSTER_NO_GROUP INT64_MIN

/* One key of the store with what it holds. `present` is false when the key does not exist; `data` is empty then. */
struct record {
    bool present;
    int64_t revision;
    struct value data; /* parsed; empty where Patroni takes what it cannot parse for empty */
    bool malformed;    /* the key is there, but it does not hold what it should */
};

struct member {
    const char *name;
    int64_t revision;
    struct value data;   /* always a map; only the keys that some command uses (see member.c) */
    const char *api_url; /* NULL when there is none, when it is empty, or when it is no text */
    /* Of an unverified view only, see witness.h; NULL otherwise. */
    const char *heard_role; /* what the member itself says, "unknown" where nobody says anything */
    const char *unverified; /* how that compares with the view: one of these two texts, or what is wrong */
};

#define MEMBER_AGREES "member agrees"
#define MEMBER_OWN_WORD "its own word" /* the view has no more than its name and address */

struct leader {
    bool present;
    int64_t revision;
    const char *name;            /* may have no member key, and may be "" */
    const struct member *member; /* never NULL when present: a member without data stands in */
};

/* A failover or switchover that waits in the store. */
struct failover {
    bool present;
    int64_t revision;
    struct value leader;      /* text, or whatever else the key holds */
    struct value candidate;   /* likewise */
    const char *scheduled_at; /* ISO 8601 as Python's isoformat() prints it; NULL when not scheduled */
    int64_t due;              /* the same in seconds since 1970 */
};

/* Whether a switchover waits for its time. To Patroni, a key that names nobody is none, whatever time it has. */
bool failover_is_scheduled(const struct failover *failover);

/* Whether one is scheduled whose time has passed. */
bool failover_is_overdue(const struct failover *failover);

struct cluster {
    const char *name;       /* the scope */
    int64_t group;          /* Citus group, or CLUSTER_NO_GROUP */
    bool citus;             /* a Citus cluster: the configuration has a valid citus section, or a group was given */
    bool exists;            /* any key that Patroni knows below its path (or below that of a group) */
    const char *initialize; /* NULL: no such key */
    struct record config;   /* the dynamic configuration, a map; see dynconf.h */
    struct leader leader;
    struct member *members; /* by name in code point order */
    size_t member_count;
    lsn_t last_lsn; /* from status or optime/leader, 0 when there is none */
    struct failover failover;
    struct record sync;       /* a map; see cluster_sync_matches() */
    struct text_set standbys; /* of the sync key, as far as it has text, in lower case; see cluster_sync_names() */
    struct record history;    /* a list */
    struct cluster *workers;  /* Citus without a group: the groups other than 0, in the order of their keys */
    size_t worker_count;
};

/* What a cluster is called and where it lies. */
struct cluster_id {
    const char *name;
    int64_t group;
    bool citus;
};

/* `group` CLUSTER_NO_GROUP: none given. */
struct cluster_id cluster_identify(const struct config *config, const char *name, int64_t group);

/*
 * Reads a cluster from the store in one request. A Citus cluster without a group gives group 0 with the others as
 * workers. A cluster without keys is no error here: `exists` is false.
 */
bool cluster_read(struct dcs *dcs, struct arena *arena, const struct config *config, const char *name, int64_t group,
                  deadline_t deadline, struct cluster *cluster, struct err *err) PGHA_CHECKED;

/* Path of the keys that cluster_build() takes: those of the cluster, or of all groups of a Citus cluster. */
const char *cluster_tree_path(struct arena *arena, const struct config *config, const struct cluster_id *id);

/* The same from keys that were read: those below the cluster's path, or below all its groups. Copies what it keeps. */
bool cluster_build(struct arena *arena, const struct cluster_id *id, const struct dcs_tree *tree,
                   struct cluster *cluster, struct err *err) PGHA_CHECKED;

/*
 * Path of the cluster's keys in the store, without the slash in front of their names: "/service/batman", and for the
 * name "batman/", as patronictl takes it, "/service/batman/". `group` CLUSTER_NO_GROUP means the configured
 * Citus group, if there is one: what is written without a group goes there.
 */
const char *cluster_path(struct arena *arena, const struct config *config, const char *name, int64_t group);

/* The member of that name, or NULL. */
const struct member *cluster_find_member(const struct cluster *cluster, const char *name);

/*
 * Whether `name` is among the sync standbys of the sync key (or its leader, `with_leader`), case ignored. Fails where
 * the key holds something else than text.
 */
bool cluster_sync_matches(const struct cluster *cluster, struct arena *arena, const char *name, bool with_leader,
                          bool *matches, struct err *err) PGHA_CHECKED;

/*
 * The sync standbys in lower case, sorted: the list may be as long as that of the members. Fails as
 * cluster_sync_matches() does.
 */
bool cluster_sync_names(const struct cluster *cluster, struct arena *arena, struct text_set *names,
                        struct err *err) PGHA_CHECKED;
bool sync_names_have(const struct text_set *names, struct arena *arena, const char *name);

/* What a state, or replication state, says about a member. */
enum health {
    HEALTH_WELL,     /* "running", "streaming", "in archive recovery" */
    HEALTH_CHANGING, /* on the way somewhere, such as "starting" or "creating replica", or nobody knows */
    HEALTH_BAD,      /* "stopped", "crashed", or something failed */
};
enum health member_health(const struct value *state);

/*
 * How to connect to the member's PostgreSQL: a map with host, port and dbname (null where unknown), first from
 * conn_kwargs with whatever else that has, else parsed from conn_url; an empty map when there is neither.
 */
bool member_conn_kwargs(const struct member *member, struct arena *arena, struct value *kwargs,
                        struct err *err) PGHA_CHECKED;

/* Host and port out of that: a null for none (an empty host is none), else the host as it is and an integer. */
bool member_address(const struct member *member, struct arena *arena, struct value *host, struct value *port,
                    struct err *err) PGHA_CHECKED;

/* A WAL position of the member ("receive_lsn", …); 0 for one that is missing or no number. Fails on an infinite one. */
bool member_lsn(const struct member *member, struct arena *arena, const char *key, lsn_t *lsn,
                struct err *err) PGHA_CHECKED;

/* Whether tags keep the member from becoming leader: nofailover, else failover_priority. Fails on tags that are no map.
 */
bool member_is_nofailover(const struct member *member, struct arena *arena, bool *nofailover,
                          struct err *err) PGHA_CHECKED;

#endif
