/* The names that completions offer besides those of the command table. */
#ifndef PGHA_NAMES_H
#define PGHA_NAMES_H

#include "pgha/cluster.h"
#include "pgha/complete.h"
#include "pgha/config.h"
#include "pgha/ctx.h"

/*
 * Adds the clusters or members that `completion->more` asks for, as the store has them before `deadline`. Adds none
 * when anything fails: a completion has nobody to complain to.
 */
void names_add(struct ctx *ctx, struct completion *completion, deadline_t deadline);

/*
 * The same for a ctx without configuration and connections: reads the configuration that `completion->globals` name,
 * as a program of that name does, and gives up soon, since somebody waits at a key.
 */
void names_add_configured(struct ctx *ctx, struct completion *completion, struct differences differences);

/*
 * Looks for a cluster in the store before `ctx->timeout` is over. `*found` tells whether it is there, and `*known`
 * names those that are, with commas between them. Fails with ERR_FAILED for what cannot be a name, and as dcs_list()
 * does.
 */
bool names_find_cluster(struct ctx *ctx, const char *name, bool *found, const char **known,
                        struct err *err) PGHA_CHECKED;

/* Which of those kinds a member of the cluster (not of its workers) belongs to: a bit, 1 << COMPLETE_…, for each. */
unsigned names_kinds(struct arena *arena, const struct cluster *cluster, const struct member *member);

#endif
