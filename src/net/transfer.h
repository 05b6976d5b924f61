/* One request under way, shared by http.c, which moves it, and outcome.c, which says how it ended. */
#ifndef PGHA_NET_TRANSFER_H
#define PGHA_NET_TRANSFER_H

#include <curl/curl.h>

#include "pgha/http.h"

struct http_transfer {
    struct http_transfer *next;
    struct http *http; /* NULL once it was handed out or cancelled */
    struct arena *arena;
    CURL *easy; /* NULL when it is not under way */
    CURLU *address;
    struct curl_slist *headers;
    const char *method;
    const char *url;  /* without credentials, for the log */
    const char *peer; /* "HOST:PORT", for messages */
    char *body;       /* malloc: it may be large, and grows */
    size_t capacity;
    size_t max_body;
    size_t header_bytes;
    size_t header_count;
    struct http_tls tls; /* as in the request */
    bool https;
    bool authorized;  /* carries credentials */
    char *secrets[2]; /* what it carries, as it is sent; NULL: none */
    int64_t started;
    double timeout;         /* seconds it was given */
    double connect_timeout; /* of these for the connection */
    void *owner;
    char detail[CURL_ERROR_SIZE]; /* libcurl's own words */
    struct http_reply reply;
};

/* Fills outcome, status, error and `sent` of the reply from how libcurl ended; the handle is still there. */
void http_transfer_conclude(struct http_transfer *transfer, CURLcode code);

#endif
