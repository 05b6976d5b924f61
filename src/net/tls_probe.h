/*
 * What a second connection tells about a TLS failure that libcurl's words leave open. Nothing is sent on it, and it
 * takes a fraction of a second at most.
 */
#ifndef PGHA_NET_TLS_PROBE_H
#define PGHA_NET_TLS_PROBE_H

#include "transfer.h"

/* The names that the peer's certificate is for, as text; NULL when that cannot be found out. */
const char *tls_probe_names(const struct http_transfer *transfer);

/* When the peer's certificate has expired, as "2026-11-22 05:57:06 UTC"; NULL when that cannot be learned. */
const char *tls_probe_expiry(const struct http_transfer *transfer);

/*
 * The alert that a peer sends after the handshake when it does not like the client's certificate (TLS 1.3): libcurl's
 * words on it go to `words`. False when there is none.
 */
bool tls_probe_alert(const struct http_transfer *transfer, char words[CURL_ERROR_SIZE]);

/* Whether the peer of a request without TLS would make a handshake. */
bool tls_probe_speaks(const struct http_transfer *transfer);

#endif
