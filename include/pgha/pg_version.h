/* Version numbers of PostgreSQL as users write them. */
#ifndef PGHA_PG_VERSION_H
#define PGHA_PG_VERSION_H

#include "pgha/err.h"

struct arena;

/*
 * Whether a text is a version that Patroni takes for a limit: X.Y from 10 on, or X.Y.Z. Fails with ERR_FAILED and
 * patronictl's message (cases restart-version-*).
 */
bool pg_version_check(struct arena *arena, const char *text, struct err *err) PGHA_CHECKED;

#endif
