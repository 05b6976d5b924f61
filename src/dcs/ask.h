/*
 * Asking the store's servers. A read goes to one of them and, when that has not answered within a moment, to the next
 * as well, and so on; the first good answer wins. A write goes to one at a time and never on to the next once it may
 * have arrived.
 */
#ifndef PGHA_DCS_ASK_H
#define PGHA_DCS_ASK_H

#include "backend.h"

/* Milliseconds after which another server is asked, too. */
#define ASK_HEDGE_MS 250

struct ask {
    const char *method;
    const char *path; /* behind the server's address */
    const void *body; /* NULL: none */
    size_t body_length;
    const char *content_type;
    const char *authorization; /* NULL: none */
    const char *body_secret;   /* as in struct http_request */
    bool basic_auth;           /* user and password of the endpoints are sent */
    bool write;
};

/*
 * Sends the request; `reply` is an answer of any status other than those that the backend calls unavailable. Fails with
 * ERR_UNREACHABLE or ERR_TLS when no server gave one, ERR_ABORTED, and for a write ERR_UNKNOWN when it may have
 * arrived.
 */
bool ask_send(struct dcs *dcs, struct arena *arena, const struct ask *ask, deadline_t deadline,
              struct http_reply *reply, struct err *err) PGHA_CHECKED;

/* The same for `count` reads, a bounded number of them at once; the first that fails ends them all. */
bool ask_send_all(struct dcs *dcs, struct arena *arena, const struct ask *asks, size_t count, deadline_t deadline,
                  struct http_reply *replies, struct err *err) PGHA_CHECKED;

/* Sends the request to the server at `base` and to no other, whatever comes of it. */
struct http_reply ask_one(struct dcs *dcs, struct arena *arena, const struct ask *ask, const char *base,
                          deadline_t deadline);

/* Starts that and does not wait for it. */
struct http_transfer *ask_start(struct dcs *dcs, struct arena *arena, const struct ask *ask, const char *base,
                                deadline_t deadline, void *owner);

#endif
