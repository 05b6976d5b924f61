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
 * Connects; dates will be in ISO format and text in UTF-8. Closed with the arena or by postgres_close(). Fails with
 * ERR_UNREACHABLE when no server answered before `deadline`, ERR_REFUSED when one did and turned us away; the message
 * is libpq's, with its lines.
 */
bool postgres_connect(struct arena *arena, const char *conninfo, deadline_t deadline, struct postgres **postgres,
                      struct err *err) PGHA_CHECKED;

void postgres_close(struct postgres *postgres);

/*
 * Runs SQL of one or several statements, without a transaction around it, and gives the last result, whatever its
 * status, as PQexec() does. Without an answer before `deadline` fails with ERR_UNREACHABLE. The result lives in the
 * arena. Fails with libpq's message when the connection is lost: with ERR_UNREACHABLE before and ERR_UNKNOWN after the
 * query was sent.
 */
bool postgres_query(struct postgres *postgres, const char *sql, deadline_t deadline, PGresult **result,
                    struct err *err) PGHA_CHECKED;

#endif
