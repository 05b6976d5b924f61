/* The URL of a store as the option -d takes it: SCHEME://HOST:PORT/NAMESPACE, every part may be missing. */
#ifndef PGHA_DCS_URL_H
#define PGHA_DCS_URL_H

#include "pgha/err.h"
#include "pgha/value.h"

struct arena;

/* The sections that such a URL replaces, all of them; ends in NULL. */
extern const char *const dcs_url_sections[];

/*
 * Reads a URL into a map with one section and perhaps a "namespace", as they would stand in the configuration. Without
 * a scheme the port decides, "etcd" by default; without a host it is localhost. Recorded cases: config-dcs-*. Fails
 * with ERR_FAILED for an unknown scheme, a bad port and a bad host.
 */
bool dcs_url_read(struct arena *arena, const char *text, struct value *tree, struct err *err) PGHA_CHECKED;

#endif
