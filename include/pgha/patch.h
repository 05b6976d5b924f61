/* Single changes of the dynamic configuration, as patronictl's edit-config reads them; for whole ones see
 * value_patch().
 */
#ifndef PGHA_PATCH_H
#define PGHA_PATCH_H

#include "pgha/err.h"
#include "pgha/value.h"

struct arena;

/*
 * Applies one "path.to.key=YAML" to the map `config`. A null removes the key; sections that end up empty go with it,
 * and what is not a section gives way to one. Everything behind "postgresql.parameters." is the name of one parameter.
 * Fails with ERR_FAILED when there is no "=" or the value is not YAML; `config` is untouched then (cases edit-set-*).
 */
bool patch_set(struct arena *arena, struct value *config, const char *setting, struct err *err) PGHA_CHECKED;

#endif
