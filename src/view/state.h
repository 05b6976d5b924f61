/* What Patroni derives for each member from the snapshot, before any of it is formatted (recorded cases list-*). */
#ifndef PGHA_VIEW_STATE_H
#define PGHA_VIEW_STATE_H

#include "pgha/cluster.h"
#include "pgha/differs.h"
#include "pgha/table.h"

struct position {
    lsn_t lsn; /* 0: unknown */
    lsn_t lag; /* behind the cluster in bytes, not below 0 */
};

struct state {
    const struct member *member;
    const char *role; /* "leader", "standby_leader", "sync_standby", "quorum_standby", "replica" or "unknown" */
    bool leads;       /* it has the leader key: no positions then */
    struct value state;
    struct value host; /* a null: unknown; else text, or what else there is */
    struct value port; /* a null: unknown; else a number */
    struct position receive;
    struct position replay;
    struct position any; /* as members before Patroni 4.1 report */
};

/* What a drawn table shows them in. */
enum style state_role_style(const struct state *state);
enum style state_style(const struct value *state);

/* The states of one cluster without its workers, in the order of its members. */
bool state_derive(struct arena *arena, const struct cluster *cluster, struct state **states,
                  struct err *err) PGHA_CHECKED;

/* A member's place in the tree of who replicates from whom. */
struct branch {
    const struct state *state;
    size_t level; /* 0: the leader */
};

/*
 * Orders states as a tree. Members caught in a loop are not in it, nor is one with an empty name. Fails on tags that
 * are no map and on what cannot be a name.
 */
bool topology_order(struct arena *arena, const struct state *states, size_t count, struct branch **branches,
                    size_t *branch_count, struct err *err) PGHA_CHECKED;

/* Appends the notes below a drawn table: "Maintenance mode: on", the scheduled switchover; see struct members_style. */
void notes_write(const struct cluster *cluster, struct differences differences, struct str *out);

#endif
