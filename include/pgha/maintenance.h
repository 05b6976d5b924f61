/* What pause and resume have in common: maintenance mode goes on or off. */
#ifndef PGHA_MAINTENANCE_H
#define PGHA_MAINTENANCE_H

#include "pgha/cmd.h"

struct maintenance {
    const char *cluster_name;
    struct opt_int group;
    bool paused; /* as it is to be */
    bool wait;   /* until the members have noticed */
};

/*
 * Asks one member after another, the leader first, until one answers. Waiting takes no longer than the members' own
 * loop and a second (cases pause-*, resume-*). Called as pgha, ctx->status tells a refusal (3) and members that have
 * not noticed (4).
 */
bool maintenance_run(struct ctx *ctx, const struct maintenance *given, struct err *err) PGHA_CHECKED;

#endif
