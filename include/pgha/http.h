/*
 * HTTP/1.1 over libcurl's multi interface: any number of requests at once, each with its own deadline and caps on body
 * and head. Redirects are not followed, compression is not asked for, proxies of the environment and credentials in a
 * URL are ignored, TLS starts at 1.2. A signal that asks the program to end (base/signals.h) ends every wait at once.
 */
#ifndef PGHA_HTTP_H
#define PGHA_HTTP_H

#include <stdbool.h>
#include <stddef.h>

#include "pgha/clock.h"
#include "pgha/err.h"

struct arena;
struct log;
struct http;
struct http_transfer;

/* NULL members are off. Files are given to libcurl as they are. */
struct http_tls {
    const char *cafile; /* NULL: the system's authorities */
    const char *certfile;
    const char *keyfile; /* NULL: the key is in certfile */
    const char *key_password;
    bool no_verify_peer; /* neither chain nor name are checked */
    bool no_verify_name; /* only the name is not checked */
    bool expected;       /* plain requests: certificates are configured, so the server may well speak TLS */
};

struct http_request {
    const char *method;
    const char *url;
    const void *body; /* NULL: none */
    size_t body_length;
    const char *content_type; /* NULL: none is sent */
    const char *user;         /* HTTP Basic, bytes as given; NULL: none */
    const char *password;
    const char *authorization;  /* a whole Authorization value (etcd's token); secret; NULL: none */
    const char *body_secret;    /* a password in the body; NULL: none */
    const struct http_tls *tls; /* NULL: the defaults */
    bool repeatable;            /* sending it twice does no harm; GET always is. Only then a kept connection is used */
    size_t max_body;            /* 0: HTTP_MAX_BODY */
    deadline_t deadline;        /* for the whole exchange */
    deadline_t connecting;      /* for the connection alone, where an answer may take long; 0: no other */
    void *owner;                /* for the caller, to know the transfer again */
};

#define HTTP_MAX_BODY (32u * 1024 * 1024)

enum http_outcome {
    HTTP_ANSWERED,    /* `status` and `body` are valid, whatever the status */
    HTTP_UNREACHABLE, /* refused, reset before the answer, name not found, no route */
    HTTP_TIMED_OUT,   /* the deadline passed; the request may have been acted upon */
    HTTP_BROKEN,      /* connected, but the answer is no HTTP, ends early, or exceeds a cap */
    HTTP_TLS_FAILED,  /* handshake, certificate, key, CA file */
    HTTP_ABORTED,     /* Ctrl-C or another ending signal */
};

struct http_reply {
    enum http_outcome outcome;
    int status;
    /* Ends in a NUL that body_length does not count; "" when there is none. Where the status is none of success, there
     * are asterisks over the credentials of the request: people get to see what a server says. */
    char *body;
    size_t body_length;
    const char *error; /* one line on what happened when not HTTP_ANSWERED; no secrets in it */
    bool closed;       /* HTTP_BROKEN: before any byte of an answer */
    bool sent;         /* the request may have reached the server (an unanswered write may have happened) */
    double seconds;
};

/* Fails only when libcurl cannot be initialised. Owned by the arena; connections live as long as it. */
bool http_new(struct arena *arena, const struct log *log, struct http **http, struct err *err) PGHA_CHECKED;

/* Starts a request; `request` is copied as far as needed. Replies live in `arena`. Never fails: see the reply. */
struct http_transfer *http_start(struct http *http, struct arena *arena, const struct http_request *request);

/*
 * Waits until one of the transfers under way has ended and returns it, or NULL when `deadline` passed first, nothing is
 * under way, or a signal came (signals_pending() tells). Each transfer is returned once.
 */
struct http_transfer *http_wait(struct http *http, deadline_t deadline);

/*
 * The same for somebody who also waits for input: returns NULL as well when `fd` can be read, even while nothing is
 * under way, and possibly without any reason.
 */
struct http_transfer *http_wait_or_input(struct http *http, int fd, deadline_t deadline);

/* Ends a transfer that is no longer wanted; it is not returned by http_wait() any more. Its reply is HTTP_ABORTED. */
void http_cancel(struct http_transfer *transfer);

const struct http_reply *http_transfer_reply(const struct http_transfer *transfer);
void *http_transfer_owner(const struct http_transfer *transfer);

/* One request from start to end. */
struct http_reply http_send(struct http *http, struct arena *arena, const struct http_request *request);

/* Maps an outcome other than HTTP_ANSWERED to the error that a caller reports; always returns false. */
bool http_error(const struct http_reply *reply, struct arena *arena, struct err *err);

#endif
