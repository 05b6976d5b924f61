/* One "path.to.key=YAML", taken apart. */
#ifndef PGHA_PATCH_KEYS_H
#define PGHA_PATCH_KEYS_H

#include "pgha/err.h"
#include "pgha/value.h"

struct arena;

/* The keys of the path, a list, and the value; fails as patch_set() does. */
bool patch_read(struct arena *arena, const char *setting, struct value *keys, struct value *value,
                struct err *err) PGHA_CHECKED;

#endif
