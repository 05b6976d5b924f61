/* How commands get at the cluster that they are about. */
#ifndef PGHA_OPEN_H
#define PGHA_OPEN_H

#include <stdint.h>

#include "pgha/cluster.h"
#include "pgha/cmd.h"
#include "pgha/ctx.h"

/* The group that --group names, or CLUSTER_NO_GROUP. */
int64_t open_group(const struct opt_int *group);

/*
 * Fails without a name, or with an empty one: that would be the whole namespace. Called as pgha, also with one that is
 * a path: patronictl reads and removes what happens to lie there.
 */
bool open_name(struct ctx *ctx, const char *name, struct err *err) PGHA_CHECKED;

/*
 * Called as pgha, fails with ERR_FAILED for a cluster that does not exist; the message names those that do, as far as
 * the store says so before `deadline`.
 */
bool open_check(struct ctx *ctx, struct arena *arena, struct dcs *dcs, const struct cluster *cluster,
                deadline_t deadline, struct err *err) PGHA_CHECKED;

/* Opens the store without asking it anything; a line of the shell gets the store of the line before if it can. */
bool open_store(struct ctx *ctx, struct dcs **dcs, struct err *err) PGHA_CHECKED;

/*
 * Opens the store and reads the cluster `name` in one request. Fails where dcs_open() and cluster_read() do, and
 * without a name. Called as pgha, a cluster that does not exist is ERR_FAILED and the message names those that do.
 */
bool open_cluster(struct ctx *ctx, const char *name, int64_t group, struct dcs **dcs, struct cluster *cluster,
                  struct err *err) PGHA_CHECKED;

/*
 * Whether the dynamic configuration in the store has what `patch` was to change: the way to find out what became of a
 * PATCH /config without an answer. False also when the store does not say so.
 */
bool open_is_patched(struct ctx *ctx, struct dcs *dcs, const char *name, int64_t group, const struct value *patch);

/* The part of --timeout that the store has where members, or a member's PostgreSQL, are asked after it. */
#define OPEN_STORE_SHARE 0.7

/*
 * The same for a command that goes on to ask members. `*deadline` is when that has to be over, so that all of it takes
 * no longer than --timeout. Called as patronictl, the store has all of that time and members have no deadline.
 */
bool open_cluster_to_ask(struct ctx *ctx, const char *name, int64_t group, struct dcs **dcs, struct cluster *cluster,
                         deadline_t *deadline, struct err *err) PGHA_CHECKED;

#endif
