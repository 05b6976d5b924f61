/* What `list` and `topology` have in common: the members of several clusters, once or again and again. */
#ifndef PGHA_CMD_LIST_H
#define PGHA_CMD_LIST_H

#include "pgha/cmd.h"
#include "pgha/ctx.h"
#include "pgha/members.h"

struct listing {
    struct opt_list names; /* none: the configured scope */
    int64_t group;         /* or CLUSTER_NO_GROUP */
    struct members_style style;
    bool timestamp;
    bool unverified; /* also formats for programs show what is not verified, as FORMAT_PRETTY does in any case */
    bool wide;       /* all columns, also at a terminal that has no room for them */
    double seconds;  /* see watch_seconds() */
};

/*
 * Prints them. Called as patronictl it is no error if there is neither a name nor a scope (case list-no-scope). Called
 * as pgha that is one, and so is a cluster that does not exist; the others are printed nevertheless.
 * Called as pgha, a store that does not answer, or has lost its quorum, is ERR_UNREACHABLE as well; what one of its
 * servers or this node's Patroni has is printed nevertheless, marked, after the members were asked about it.
 */
bool list_print(struct ctx *ctx, const struct listing *listing, struct err *err) PGHA_CHECKED;

#endif
