/*
 * What became of requests to several members, and what that makes the exit status. One that cannot be asked does not
 * stop the others; only patronictl dies there (cases reload-down, tls-reload-second).
 */
#ifndef PGHA_TALLY_H
#define PGHA_TALLY_H

#include "pgha/ctx.h"
#include "pgha/rest.h"

struct tally {
    struct ctx *ctx;
    const char *action; /* as lines about failures name it: "reload", "flush scheduled restart" */
    size_t asked;
    size_t refused; /* or failed in a way that is known */
    size_t unreachable;
    size_t unknown; /* the request was sent, and nobody knows what came of it */
    bool explained; /* stderr has said what is wrong with the credentials */
};

/* Called for each reply that has a status; prints the line about the member. */
typedef void tally_answer(struct tally *tally, const struct rest_request *request, const struct http_reply *reply,
                          void *context);

/*
 * Asks members, at once or, called as patronictl, one after the other; `answer` gets the replies in the order of the
 * requests. About a member that cannot be asked there is a line too. Fails on Ctrl-C (after the lines about what is
 * known by then), on credentials that cannot be sent, and, called as patronictl, at the first that cannot be asked.
 */
bool tally_ask(struct tally *tally, const struct rest_request *requests, size_t count, tally_answer *answer,
               void *context, struct err *err) PGHA_CHECKED;

/* For `answer`: the status means no; prints patronictl's line about it. */
void tally_refused(struct tally *tally, const struct rest_request *request, const struct http_reply *reply);

/* An `answer` for which a status from 400 on is a refusal; success has a line too. */
tally_answer tally_check;

/* How many members failed, in whatever way. */
size_t tally_failures(const struct tally *tally);

/* Sets ctx->status from all that was noted: 0, 3, 4 or 5 as in the manual's table; as patronictl always 0. */
void tally_finish(const struct tally *tally);

/* The same for a command that asks one member, from what rest_check() says: what it did not accept is a refusal (3). */
void tally_error(struct err *err);

/*
 * The same after Ctrl-C (ERR_ABORTED): once a request may have reached the member (`sent`), it is not known whether
 * `what` ("the cluster is paused"), ERR_UNKNOWN. Always false.
 */
bool tally_interrupted(const struct ctx *ctx, const struct member *member, bool sent, const char *what,
                       struct err *err);

#endif
