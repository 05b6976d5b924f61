/* The URL of a store as -d takes it: SCHEME://USER:PASSWORD@HOST:PORT/NAMESPACE, every part may be missing. */
#ifndef PGHA_DCS_URL_H
#define PGHA_DCS_URL_H

#include "pgha/differs.h"
#include "pgha/err.h"
#include "pgha/value.h"

struct arena;

/* The sections that such a URL replaces, all of them; ends in NULL. */
extern const char *const dcs_url_sections[];

/*
 * Reads a URL into a map with one section and perhaps a "namespace", as they would stand in the configuration. Without
 * a scheme the port decides, "etcd" by default; without a host it is localhost. Recorded cases: config-dcs-*. Called as
 * pgha, it may have several hosts with commas between them, and credentials; user, password and namespace are percent
 * encoded; what patronictl would pass over is an error. Fails with ERR_FAILED for an unknown scheme, a bad port and a
 * bad host; no message shows the password.
 */
bool dcs_url_read(struct arena *arena, const char *text, struct differences differences, struct value *tree,
                  struct err *err) PGHA_CHECKED;

#endif
