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
    /*
     * The document in force, a map; typed as YAML 1.1 types it. As in Patroni: a false value at the top ("", 0, null
     * that no directory removed) is an empty map; `ctl` always is a map; `citus` is there only when it is valid (an
     * integer group and a database); ctl.auth and restapi.auth are "user:password" made of `authentication` when there
     * is one.
     *
     * Called as pgha, user names, passwords, scope and namespaces are the text that the file has (0123 stays "0123", an
     * empty password ""), whatever YAML takes them for; called as patronictl they are what YAML makes of them.
     */
    struct value tree;
    const char *path;           /* file or directory it was read from, or NULL */
    const char *scope;          /* NULL when not set; called as patronictl, Python's str() of what is no text */
    const char *namespace_path; /* "/service" normalised: one leading slash, no trailing one; "" for the root; NULL when
                                   it is no text: called as patronictl, no store can be opened then */
    bool insecure;              /* -k, or a true ctl.insecure; as patronictl any text but "" is true, "false" as well */
    bool as_patronictl;
};

/* Where config_read() looks; it takes this from the process, tests make their own. */
struct config_places {
    const char *const *environment;  /* like environ */
    const char *default_file;        /* may be missing */
    const char *const *system_files; /* called as pgha, the first that exists is read when nothing else was found */
};

/*
 * Reads the configuration that `globals` and the environment name. Fails with ERR_FAILED and one line that names file,
 * line and column for bad YAML, or the file that is missing or unreadable. Called as pgha, /etc/patroni/config.yml and
 * /etc/patroni/patroni.yml are looked for when nothing was named, the default file is missing and PATRONI_CONFIGURATION
 * is not set; one that this user must not read counts only if there is no store in the environment and no -d.
 */
bool config_read(struct arena *arena, const struct globals *globals, bool as_patronictl, const struct log *log,
                 struct config *config, struct err *err) PGHA_CHECKED;
bool config_read_from(struct arena *arena, const struct globals *globals, const struct config_places *places,
                      bool as_patronictl, const struct log *log, struct config *config, struct err *err) PGHA_CHECKED;

/* The value at `section`.`key`, or NULL; a section that is not a map has no keys. */
const struct value *config_get(const struct config *config, const char *section, const char *key);

#endif
