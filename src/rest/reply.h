/* Tells Patroni's own answers from those of something between it and pgha. */
#ifndef PGHA_REST_REPLY_H
#define PGHA_REST_REPLY_H

#include "pgha/rest.h"

/*
 * Whether a reply with a status is Patroni's answer to this request, which is not a GET: one of the texts of its
 * success (reply.c has them all) that fits what was asked: now or later, and this candidate; or a refusal. A status
 * from 400 to 499 is one. One from 500 on may be that of a proxy that has passed the request on, so it is a refusal
 * only with one of Patroni's own texts or a page of Python's http.server, which Patroni uses.
 */
bool reply_is_patronis(struct arena *arena, const struct rest_request *request, const struct http_reply *reply);

#endif
