/* Which members Patroni takes for a candidate, as far as the store tells (api.py and ctl.py of Patroni 4.1). */
#ifndef PGHA_ELIGIBLE_H
#define PGHA_ELIGIBLE_H

#include <stdbool.h>

#include "pgha/cluster.h"
#include "pgha/err.h"

struct arena;

/*
 * Sets `*why` to what keeps a member that does not lead from becoming the leader, as the end of a sentence about it:
 * "is tagged nofailover"; to NULL if nothing is known. `planned`: by a switchover at once, for which synchronous mode
 * wants a synchronous standby; quorum mode does not. Fails on values that Patroni cannot read either.
 */
bool eligible_check(const struct cluster *cluster, const struct member *member, bool planned, struct arena *arena,
                    const char **why, struct err *err) PGHA_CHECKED;

#endif
