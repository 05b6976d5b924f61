/* Names of members that somebody typed. */
#ifndef PGHA_KNOWN_H
#define PGHA_KNOWN_H

#include "pgha/cluster.h"
#include "pgha/ctx.h"
#include "pgha/err.h"

/*
 * Whether all of the names are members of the cluster (or of its workers). Fails with ERR_FAILED and a message that
 * lists the known ones. For commands called as pgha; patronictl leaves unknown names out.
 */
bool known_members(struct ctx *ctx, const struct cluster *cluster, const char *const *names, size_t count,
                   struct err *err) PGHA_CHECKED;

#endif
