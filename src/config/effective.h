/* What Patroni makes of the documents it has read before anybody uses them. */
#ifndef PGHA_EFFECTIVE_H
#define PGHA_EFFECTIVE_H

#include "pgha/err.h"
#include "pgha/value.h"

struct arena;

/*
 * Makes the tree of struct config of the merged document `local`. Fails with ERR_FAILED where Patroni cannot go on: a
 * section that has to be a mapping and is none, credentials without user or password.
 */
bool effective_tree(struct arena *arena, const struct value *local, struct value *tree, struct err *err) PGHA_CHECKED;

#endif
