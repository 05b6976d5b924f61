/* Why files for TLS cannot be used. libcurl only says that they cannot; a look at them tells which is at fault. */
#ifndef PGHA_NET_TLS_FILES_H
#define PGHA_NET_TLS_FILES_H

#include "pgha/http.h"

/* One line on what is wrong with the authorities; NULL when nothing is found. */
const char *tls_files_why_no_authorities(struct arena *arena, const struct http_tls *tls);

/* The same for the client's certificate and key. */
const char *tls_files_why_no_certificate(struct arena *arena, const struct http_tls *tls);

#endif
