/*
 * The configuration in force: file or directory, then PATRONI_* variables, then -d, then -k; read once, read-only
 * afterwards. Rules: Patroni 4.1.4's, as the cases config-*, auth-* and tls-* record them.
 */
#ifndef PGHA_CONFIG_H
#define PGHA_CONFIG_H

#include <stdbool.h>

#include "pgha/differs.h"
#include "pgha/err.h"
#include "pgha/value.h"

struct arena;
struct log;
struct globals;

/* One of the documents that the configuration is made of. */
struct config_part {
    const char *name; /* a file, PATRONI_CONFIGURATION, or NULL for the other PATRONI_* variables */
    struct value tree;
};

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
    struct differences differences;
    const struct config_part *parts; /* later ones win */
    size_t part_count;
    const char *const *environment; /* like environ; NULL in tests */
    const char *dcs_url;            /* -d, which replaces all that they say about stores; NULL: not given */
    const char *missing; /* called as pgha, when nothing says what the store is: one line that names the places where a
                            configuration was looked for, and why there is none; else NULL */
};

/* Where config_read() looks; it takes this from the process, tests make their own. */
struct config_places {
    const char *const *environment;  /* like environ */
    const char *default_file;        /* may be missing */
    const char *const *system_files; /* called as pgha, the first that exists is read when nothing else was found */
    const char *system_folder; /* and without any of them, the one *.yml in this folder that has scope and store */
};

/*
 * Reads the configuration that `globals` and the environment name. Fails with ERR_FAILED and one line that names file,
 * line and column for bad YAML, or the file that is missing or unreadable. Called as pgha, the system's files are
 * looked for when nothing was named, the default file is missing and PATRONI_CONFIGURATION is not set:
 * /etc/patroni/config.yml, /etc/patroni/patroni.yml, or what Debian's pg_createconfig_patroni makes: the file in
 * /etc/patroni that has a scope and a store of its own or in dcs.yml beside it. Of several such files it is that of
 * PATRONI_SCOPE, or else the one whose scope is among `globals->words`. Failing to find one, or one that this user must
 * not read, is no error here: see `missing`.
 */
bool config_read(struct arena *arena, const struct globals *globals, struct differences differences,
                 const struct log *log, struct config *config, struct err *err) PGHA_CHECKED;
bool config_read_from(struct arena *arena, const struct globals *globals, const struct config_places *places,
                      struct differences differences, const struct log *log, struct config *config,
                      struct err *err) PGHA_CHECKED;

/*
 * Where a value comes from, for errors: "/etc/patroni/config.yml: etcd3.host", "PATRONI_ETCD3_HOST", "-d". For one that
 * is nowhere, or for a section (`key` NULL), the last place that has some of the section; without any, where it
 * belongs.
 */
const char *config_where(struct arena *arena, const struct config *config, const char *section, const char *key);

/*
 * Called as pgha, before the section is used: finds what cannot work, or means something else than it seems to. Fails
 * with ERR_FAILED and one line that names place, value and cure.
 */
bool config_check_store(struct arena *arena, const struct config *config, const char *section,
                        struct err *err) PGHA_CHECKED;

/* Keys of the section that Patroni does not know, with those that were meant and are not there; NULL for none. */
const char *config_misspelt(struct arena *arena, const struct config *config, const char *section);

/* The section for errors: "section etcd3 of /etc/patroni/config.yml". */
const char *config_section_name(struct arena *arena, const struct config *config, const char *section);

/*
 * The text of PATRONI_SECTION_KEY when it is set and, as in Patroni, left out because it is not of the type that it
 * should be; `*name` is then its name. NULL otherwise.
 */
const char *config_ignored_variable(struct arena *arena, const struct config *config, const char *section,
                                    const char *key, const char **name);

/* What to change when servers of the section want TLS and were asked without. */
const char *config_tls_advice(struct arena *arena, const struct config *config, const char *section);

/* To be added to the error that a store wants credentials: variables that are set in vain, or "". */
const char *config_login_advice(struct arena *arena, const struct config *config, const char *section);

/* Called as pgha: the error that there is no store at all, with what there is instead. Always false. */
bool config_no_store(struct arena *arena, const struct config *config, struct err *err);

/* Why a citus section does not count, one line; NULL when it does or there is none. */
const char *config_citus_problem(struct arena *arena, const struct config *config);

/* The value at `section`.`key`, or NULL; a section that is not a map has no keys. */
const struct value *config_get(const struct config *config, const char *section, const char *key);

#endif
