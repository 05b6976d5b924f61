/* Tells Patroni's own answers from those of something between it and pgha. */
#ifndef PGHA_REST_REPLY_H
#define PGHA_REST_REPLY_H

#include "pgha/rest.h"

/*
 * Whether a reply with a status is Patroni's answer to this request, which is not a GET: one of the texts of its
 * success (reply.c has them all), or a refusal. A status from 400 on is a refusal unless it is what a proxy says that
 * may have passed the request on: a page, JSON, or nothing at all, with a status from 500 on. The pages of Python's
 * http.server are Patroni's own.
 */
bool reply_is_patronis(struct arena *arena, const struct rest_request *request, const struct http_reply *reply);

#endif
