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
    const char *endpoint;     /* "restart", replaces the path of the api_url; NULL for the api_url itself */
    const struct value *body; /* sent as JSON; NULL for none */
    const struct value
        *config;         /* PATCH /config: the configuration as it was read, which the answer has to fit; or NULL */
    deadline_t deadline; /* see rest_deadline(); the connection alone has to be there within ctx->timeout */
    bool works;          /* the answer may take long; called as pgha, the member is asked meanwhile whether it is
                            still there, and given up (HTTP_TIMED_OUT) if it does not answer that */
};

/*
 * When a member's answer is overdue. `works`: it comes when PostgreSQL was stopped, started or promoted. patronictl has
 * no deadlines; called as that, an answer is waited for as long as anyone would wait.
 */
deadline_t rest_deadline(const struct ctx *ctx, bool works);

/*
 * Asks one member. The reply lives in ctx->arena; a member without a usable api_url is HTTP_UNREACHABLE, TLS files that
 * cannot be read are HTTP_TLS_FAILED. Called as patronictl, GET and DELETE are sent up to three times more when the
 * connection ends without an answer. Otherwise an answer to a request other than GET that is not Patroni's is
 * HTTP_BROKEN with `sent`, see rest/reply.h. Fails (not for a status!) when the configured credentials cannot be sent.
 */
bool rest_send(struct ctx *ctx, const struct rest_request *request, struct http_reply *reply,
               struct err *err) PGHA_CHECKED;

/* Asks `count` members at once; replies in the order of the requests; one that fails does not stop the others. */
bool rest_send_all(struct ctx *ctx, const struct rest_request *requests, size_t count, struct http_reply *replies,
                   struct err *err) PGHA_CHECKED;

/*
 * Whether the member answered and took the credentials; its status may be anything but 401 and 403. Otherwise fails
 * with one line that names the member or its address, and the file and section at fault: ERR_UNREACHABLE (nothing
 * happened), ERR_UNKNOWN (a request other than GET was sent, so it may have been acted upon), ERR_TLS, ERR_CREDENTIALS,
 * ERR_ABORTED.
 */
bool rest_check(struct ctx *ctx, const struct rest_request *request, const struct http_reply *reply,
                struct err *err) PGHA_CHECKED;

#endif
