/* A query to a member's PostgreSQL, and what comes of it. */
#ifndef PGHA_PG_ASK_H
#define PGHA_PG_ASK_H

#include <libpq-fe.h>

#include "pgha/cluster.h"
#include "pgha/ctx.h"
#include "pgha/err.h"

struct question {
    const struct cluster *cluster;
    const char *role;   /* NULL: the leader, unless there is a member */
    const char *member; /* NULL: any in the role */
    const char *sql;
    const char *username;  /* NULL or "": the one that libpq finds */
    const char *password;  /* NULL: likewise */
    const char *dbname;    /* NULL or "": likewise */
    deadline_t connect_by; /* what --timeout leaves after the store was read; 0: as long as that alone */
};

/* A result of rows, or of none (PGRES_COMMAND_OK); or without one the row that patronictl prints in its place. */
struct answer {
    PGresult *result;
    const char *row;    /* also set for a result of no rows, which is an error for psycopg2 */
    struct err problem; /* what pgha reports instead of the row */
};

/*
 * Chooses the member, connects and asks. What went wrong is in the answer if patronictl prints it in a row. Fails where
 * patronictl dies of it (ERR_FAILED) and on Ctrl-C (ERR_ABORTED).
 */
bool ask_postgres(struct ctx *ctx, struct arena *arena, const struct question *question, struct answer *answer,
                  struct err *err) PGHA_CHECKED;

/* Makes an answer of an error of PostgreSQL or of psycopg2; `sqlstate` is NULL for one that has none. */
void answer_refuse(struct answer *answer, struct arena *arena, enum err_kind kind, const char *sqlstate,
                   const char *message);

#endif
