/* A store at servers of the test. */
#ifndef PGHA_TEST_FAKE_DCS_H
#define PGHA_TEST_FAKE_DCS_H

#include "pgha/arena.h"
#include "pgha/dcs.h"
#include "pgha/http.h"

/* A store of a configuration with this section, in YAML's flow style: "hosts: [...], username: a". */
struct dcs *fake_dcs_open(struct arena *arena, const char *section, const char *yaml);

#endif
