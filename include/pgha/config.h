/*
 * The configuration in force: file or directory, then PATRONI_* variables, then -d, then -k; read once, read-only
 * afterwards. Rules: Patroni 4.1.4's, as the cases config-*, auth-* and tls-* record them.
 */
#ifndef PGHA_CONFIG_H
#define PGHA_CONFIG_H

#include <stdbool.h>

#include "pgha/err.h"
#include "pgha/value.h"

struct arena;
struct log;
struct globals;

struct config {
    struct value tree;          /* the merged document, a map; typed as YAML 1.1 types it */
    struct value text;          /* called as pgha: the same with every scalar as the text that the file has, for
                                   passwords such as 0123 (a null when the source had no text, e.g. environment) */
    const char *path;           /* file or directory it was read from, or NULL */
    const char *scope;          /* NULL when not set */
    const char *namespace_path; /* "/service" normalised: one leading slash, no trailing one; "" for the root */
    bool insecure;              /* -k, or ctl.insecure */
    bool as_patronictl;
};

/*
 * Reads the configuration that `globals` and the environment name. Fails with ERR_FAILED and one line that names file,
 * line and column for bad YAML, or the file that is missing or unreadable. Called as pgha, /etc/patroni/config.yml and
 * /etc/patroni/patroni.yml are looked for when nothing was named and the default file is missing.
 */
bool config_read(struct arena *arena, const struct globals *globals, bool as_patronictl, const struct log *log,
                 struct config *config, struct err *err) PGHA_CHECKED;

/* The value at `section`.`key`, or NULL; a section that is not a map has no keys. */
const struct value *config_get(const struct config *config, const char *section, const char *key);

#endif
