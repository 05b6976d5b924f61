/*
 * A connection to PostgreSQL for queries, over libpq. It never blocks without also waiting for a signal that asks the
 * program to end (base/signals.h): that cancels a query that is under way and fails with ERR_ABORTED.
 */
#ifndef PGHA_POSTGRES_H
#define PGHA_POSTGRES_H

#include <stdbool.h>

#include <libpq-fe.h>

#include "pgha/clock.h"
#include "pgha/err.h"
#include "pgha/value.h"

struct arena;
struct postgres;

/*
 * The connection string of a map of libpq's parameters, nulls left out, as psycopg2 writes it (so parameters that libpq
 * does not know fail likewise, with ERR_REFUSED). It may hold a password: wipe it with str_wipe() after use.
 */
bool postgres_conninfo(struct arena *arena, const struct value *parameters, char **conninfo,
                       struct err *err) PGHA_CHECKED;

/*
 * Host and port of `found`, libpq's parameters as the store has them, if they are those of one server: a list of hosts,
 * a folder of sockets or text that libpq would read on in is none. Fails with ERR_FAILED.
 */
bool postgres_address(struct arena *arena, const struct value *found, const char **host, int *port,
                      struct err *err) PGHA_CHECKED;

/*
 * What of `found` may reach libpq: host and port, and what makes the connection stricter than the user's own settings
 * do, which are in `defaults` (PQconndefaults()). A password must not be sent in clear to a server whose certificate is
 * not verified, where libpq can see to it and the user has not decided otherwise. Whoever can write to the store would
 * otherwise choose files to be read, a way without TLS, or what the session runs.
 */
bool postgres_trust(struct arena *arena, const PQconninfoOption *defaults, const struct value *found,
                    struct value *parameters, struct err *err) PGHA_CHECKED;

/*
 * Connects; dates will be in ISO format and text in UTF-8. Closed with the arena or by postgres_close(). Fails with
 * ERR_UNREACHABLE when no server answered before `deadline`, ERR_REFUSED when one did and turned us away; the message
 * is libpq's, with its lines.
 */
bool postgres_connect(struct arena *arena, const char *conninfo, deadline_t deadline, struct postgres **postgres,
                      struct err *err) PGHA_CHECKED;

void postgres_close(struct postgres *postgres);

/*
 * Whether a thread was left alone with a connection that took too long to make, for a server may ask for any amount of
 * computing. It may go on: exit(), which cleans up under it, is not safe then.
 */
bool postgres_has_left_thread(void);

/*
 * Runs SQL of one or several statements, without a transaction around it, and gives the last result, whatever its
 * status, as PQexec() does. The result lives in the arena. Fails with ERR_UNREACHABLE before the query was sent, and
 * with ERR_UNKNOWN behind that: with libpq's message when the connection is lost, or because there was no answer before
 * `deadline`; the query is still under way then, and the connection good for postgres_cancel() only. With a deadline, a
 * server that sends more than 1 GiB is ERR_UNKNOWN as well.
 */
bool postgres_query(struct postgres *postgres, const char *sql, deadline_t deadline, PGresult **result,
                    struct err *err) PGHA_CHECKED;

/* Whether a query is under way: one that has failed at its deadline. */
bool postgres_is_busy(const struct postgres *postgres);

/*
 * Asks the server to cancel the query under way, and waits until `deadline` for what it has to say: an error with
 * SQLSTATE 57014 when it was cancelled, the result when it had come to its end. Fails as postgres_query().
 */
bool postgres_cancel(struct postgres *postgres, deadline_t deadline, PGresult **result, struct err *err) PGHA_CHECKED;

#endif
