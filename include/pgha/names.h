/* The names that completions offer besides those of the command table. */
#ifndef PGHA_NAMES_H
#define PGHA_NAMES_H

#include "pgha/complete.h"
#include "pgha/config.h"
#include "pgha/ctx.h"

/*
 * Adds the clusters or members that `completion->more` asks for, as the store has them before `deadline`. Adds none
 * when anything fails: a completion has nobody to complain to.
 */
void names_add(struct ctx *ctx, struct completion *completion, deadline_t deadline);

#endif
