/* What the configuration says about connections to members. */
#ifndef PGHA_REST_SETTINGS_H
#define PGHA_REST_SETTINGS_H

#include "pgha/config.h"
#include "pgha/err.h"
#include "pgha/http.h"

struct rest_settings {
    struct http_tls tls;
    const char *authorization;      /* a whole Authorization value, secret; NULL: none configured */
    const char *authorization_from; /* the section that has it: "ctl" or "restapi" */
    const char *cafile_from;        /* the setting that names tls.cafile: "ctl.cacert" or "restapi.cafile" */
};

/*
 * Fails with ERR_FAILED for credentials that cannot be sent: called as patronictl they are sent in Latin-1, which does
 * not have every character (case auth-not-latin).
 */
bool rest_settings_read(struct arena *arena, const struct config *config, struct rest_settings *settings,
                        struct err *err) PGHA_CHECKED;

/*
 * The credentials for a member, NULL for none. Called as pgha, a member whose api_url is plain HTTP gets none where
 * ctl.cacert or ctl.certfile say that the members speak TLS: whoever can write the store could read them then.
 */
const char *rest_settings_authorization(const struct config *config, const struct rest_settings *settings, bool https);

/* The first of the TLS files that cannot be read, as "SETTING: PATH: reason"; NULL when all can. */
const char *rest_settings_unreadable(struct arena *arena, const struct rest_settings *settings);

/* The TLS settings in force, for messages: "ctl.cacert: /etc/ca.pem, ctl.certfile: …"; "no ctl.cacert" without any. */
const char *rest_settings_tls_text(struct arena *arena, const struct rest_settings *settings);

#endif
