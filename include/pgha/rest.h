/*
 * The members' REST API: a verb and a body go to a member with the configured credentials and TLS, a status and a body
 * come back. Credentials and TLS: ctl section, else restapi (cases auth-*, tls-*).
 */
#ifndef PGHA_REST_H
#define PGHA_REST_H

#include "pgha/cluster.h"
#include "pgha/ctx.h"
#include "pgha/http.h"
#include "pgha/value.h"

struct rest_request {
    const struct member *member;
    const char *method;       /* "GET", "POST", "PATCH", "DELETE" */
    const char *endpoint;     /* "restart"; NULL for the api_url itself */
    const struct value *body; /* sent as JSON; NULL for none */
    deadline_t deadline;
};

/* Asks one member. The reply lives in ctx->arena. Fails (not for a status!) when the settings themselves are bad. */
bool rest_send(struct ctx *ctx, const struct rest_request *request, struct http_reply *reply,
               struct err *err) PGHA_CHECKED;

/* Asks `count` members at once; replies in the order of the requests; one that fails does not stop the others. */
bool rest_send_all(struct ctx *ctx, const struct rest_request *requests, size_t count, struct http_reply *replies,
                   struct err *err) PGHA_CHECKED;

#endif
