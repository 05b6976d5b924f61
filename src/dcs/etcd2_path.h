/*
 * A key of the v2 API as the path of a URL. The API takes a key from the URL's path, so it cannot tell apart what a URL
 * does not: "a//b", "a/./b" and "a/b" are the same key.
 */
#ifndef PGHA_DCS_ETCD2_PATH_H
#define PGHA_DCS_ETCD2_PATH_H

#include <stdbool.h>

#include "pgha/differs.h"

struct arena;

/*
 * The key percent-encoded, "/" for the root. patronictl's own way is to take the key for a part of a URL already:
 * called as that, an encoded character stays encoded, "?" and "#" end the path and take the query that follows with
 * them (`*cut`), and the segments "." and ".." mean what they mean in a path; otherwise these characters are
 * characters.
 */
const char *etcd2_path(struct arena *arena, const char *key, struct differences differences, bool *cut);

#endif
