/* Single changes of the dynamic configuration, as patronictl's edit-config reads them; for whole ones see
 * value_patch().
 */
#ifndef PGHA_PATCH_H
#define PGHA_PATCH_H

#include "pgha/err.h"
#include "pgha/value.h"

struct arena;
struct section;

/* A configuration that is being changed. Lives in the arena, and borrows the configuration as it was. */
struct patch {
    struct arena *arena;
    struct section *config;
};

/* `config`, a map, stays as it is. */
struct patch patch_begin(struct arena *arena, const struct value *config);

/* The configuration with all changes so far. */
struct value patch_result(const struct patch *patch);

/*
 * Applies one "path.to.key=YAML". A null removes the key; sections that end up empty go with it,
 * and what is not a section gives way to one. Everything behind "postgresql.parameters." is the name of one parameter.
 * Fails with ERR_FAILED when there is no "=" or the value is not YAML; nothing is changed then (cases edit-set-*).
 */
bool patch_set(struct patch *patch, const char *setting, struct err *err) PGHA_CHECKED;

/*
 * Finds settings that Patroni or PostgreSQL would not take, or that cost more than they seem to: a setting of Patroni
 * among the parameters of PostgreSQL or the other way round, a list or mapping that something else would replace. Fails
 * with ERR_FAILED and one line with the reason, and what to write instead.
 */
bool patch_check(struct patch *patch, const char *setting, struct err *err) PGHA_CHECKED;

/*
 * The same for a whole configuration, as far as it differs from the one before: settings in a section that is not
 * theirs, values of a kind that Patroni does not take (text for "ttl"), lists and mappings that something else
 * replaces. Fails with ERR_FAILED and one line that names the setting.
 */
bool patch_check_result(struct arena *arena, const struct value *before, const struct value *after,
                        struct err *err) PGHA_CHECKED;

#endif
