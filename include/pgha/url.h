/*
 * URLs as Python's urllib.parse.urlsplit() takes them apart, because the store, the members and the configuration hold
 * what patronictl accepted so far: no percent decoding, lax about everything but brackets.
 */
#ifndef PGHA_URL_H
#define PGHA_URL_H

#include <stdbool.h>

#include "pgha/err.h"

struct arena;

/* Parts that are missing are "", except where NULL is named. */
struct url {
    const char *scheme;    /* in lower case */
    const char *authority; /* user, host and port as they were */
    const char *path;
    const char *query;
    const char *fragment;
    const char *username; /* NULL: there is none */
    const char *password; /* NULL: there is none */
    const char *host;     /* in lower case, without brackets; NULL: there is none */
    const char *port;     /* as text; NULL: there is none; see url_port() */
};

/* Fails with ERR_FAILED for brackets that do not hold an IPv6 address and for characters that only look like others. */
bool url_parse(struct arena *arena, const char *text, struct url *url, struct err *err) PGHA_CHECKED;

/* The port, 0 when there is none. Fails unless it is a number up to 65535; what stands there may be a password. */
bool url_port(const struct url *url, struct arena *arena, int *port, struct err *err) PGHA_CHECKED;

/* The text with each %XX as the byte that it stands for; a "%" that begins none of them stays, as does "%00". */
const char *url_decode(struct arena *arena, const char *text);
void url_decode_credentials(struct url *url, struct arena *arena);

#endif
