/*
 * Where the store's servers are and how to talk to them, from the sections etcd and etcd3 of the configuration. Rules:
 * Patroni 4.1.5 (cases config-*, auth-etcd*, tls-etcd*): proxy, else the SRV records, else url, else hosts, else host.
 */
#ifndef PGHA_DCS_ENDPOINTS_H
#define PGHA_DCS_ENDPOINTS_H

#include "pgha/config.h"
#include "pgha/http.h"

struct endpoints {
    const char **bases; /* "http://10.0.0.1:2379" */
    size_t count;
    size_t preferred;       /* the one that answered last */
    bool fixed;             /* proxies: the servers behind them are not asked for */
    bool learned;           /* the servers were asked for all of them */
    const char *srv;        /* the domain whose SRV records name the servers; NULL: none */
    const char *srv_suffix; /* NULL: none */
    bool srv_missed;        /* nothing was found, which was told once */
    bool discovered;        /* they were asked for */
    const char *user;       /* both or none */
    const char *password;
    struct http_tls tls;
    bool tls_wanted; /* the section has protocol https, or a certificate: what is named later has to be asked by TLS */
};

/*
 * Reads the section; with `srv` there may be no bases yet (see discover.h). Everything lives in `arena`. Fails with
 * ERR_FAILED and one line that names section and key. Called as pgha, `host` and elements of `hosts` may have a scheme,
 * credentials are the text of the file, and those in `url` are percent-encoded.
 */
bool endpoints_read(struct arena *arena, const struct config *config, const char *section, const struct log *log,
                    struct endpoints *endpoints, struct err *err) PGHA_CHECKED;

/* Servers that a store, a peer or SRV records may name, with those configured. etcd has 3 to 7. */
#define ENDPOINTS_MOST 64

/*
 * Adds one that somebody else has named, unless it is there already or longer than any address. False: there are
 * ENDPOINTS_MOST, and nobody else has to be looked at.
 */
bool endpoints_add(struct arena *arena, struct endpoints *endpoints, const char *base);

/*
 * The same for one that the server at `told_by` has named, given as URL. It is left out when it has another scheme:
 * credentials that were configured to go by TLS must not go without it.
 */
bool endpoints_learn(struct arena *arena, struct endpoints *endpoints, const char *told_by, const char *url);

#endif
