/* The part of the configuration that PATRONI_* variables make up. */
#ifndef PGHA_ENV_H
#define PGHA_ENV_H

#include "pgha/err.h"
#include "pgha/value.h"

struct arena;
struct log;

/*
 * Reads all variables that concern a client into `tree`, a map of sections, with the types that Patroni gives them; an
 * empty value counts as none where it does for Patroni. A list or a dictionary that is no YAML is logged and left out.
 * `environment` is like environ. Fails when two variables contradict each other (PATRONI_SCOPE and PATRONI_SCOPE_URL).
 */
bool env_read(struct arena *arena, const char *const *environment, const struct log *log, struct value *tree,
              struct err *err) PGHA_CHECKED;

/* Value of a variable, or NULL. */
const char *env_find(const char *const *environment, const char *name);

#endif
