/*
 * A PostgreSQL in a thread of the test: it lets everybody in (or nobody), notes what it is asked and answers what it
 * was told to. One connection after the other, and requests to cancel beside them.
 */
#ifndef PGHA_TEST_FAKE_POSTGRES_H
#define PGHA_TEST_FAKE_POSTGRES_H

#include <stdbool.h>
#include <stddef.h>

#include "pgha/str.h"

/* What one query gets: messages of the protocol, without the last one that says the server is ready. */
struct fake_reply {
    struct str messages;
    bool lost;                   /* the connection ends after them */
    bool hang;                   /* nothing more comes until the query is cancelled, and then the connection ends … */
    const struct str *cancelled; /* … unless these messages are to come */
};

/* Append a message. `cells` are `count` texts of one row, NULL for a null. */
void fake_postgres_columns(struct str *messages, size_t count, const char *const *names, const unsigned *types);
void fake_postgres_row(struct str *messages, size_t count, const char *const *cells);
void fake_postgres_tag(struct str *messages, const char *tag);
void fake_postgres_error(struct str *messages, const char *severity, const char *sqlstate, const char *text);
void fake_postgres_notice(struct str *messages, const char *text);
void fake_postgres_empty(struct str *messages);
void fake_postgres_copy(struct str *messages, bool in);

struct fake_session {
    const char *refusal;   /* message of a FATAL error instead of a session; NULL: none */
    const char *datestyle; /* parameters that the server reports at the start */
    const char *encoding;
    const struct fake_reply *replies; /* the first query of all connections gets the first one, and so on */
    size_t reply_count;
};

struct fake_postgres;

/* `session` has to live as long. */
struct fake_postgres *fake_postgres_start(const struct fake_session *session);
void fake_postgres_stop(struct fake_postgres *fake);

int fake_postgres_port(const struct fake_postgres *fake);

/* After the connection has ended: the queries, NULL behind the last; how many were cancelled. Until fake_…_stop(). */
const char *fake_postgres_query(struct fake_postgres *fake, size_t number);
size_t fake_postgres_cancelled(struct fake_postgres *fake);

/* Value of a parameter that the last client connected with, NULL when it gave none. */
const char *fake_postgres_parameter(struct fake_postgres *fake, const char *name);

#endif
