/* The result of a query as a table, with the values as psycopg2 2.9 makes them (recorded cases query-*). */
#ifndef PGHA_RESULT_H
#define PGHA_RESULT_H

#include <stdbool.h>

#include <libpq-fe.h>

#include "pgha/differs.h"
#include "pgha/err.h"
#include "pgha/table.h"

/*
 * Makes the table of a result with status PGRES_TUPLES_OK, for one format. The table borrows from the result.
 *
 * What Python cannot hold or write fails: with ERR_REFUSED where psycopg2 raises one of its own errors (patronictl
 * prints the message in a row), with ERR_FAILED where patronictl dies of another one. Under pgha's own name nothing
 * fails except for text that is not UTF-8: such values, and infinite dates and binary data, are the text that
 * PostgreSQL sent.
 */
bool result_table(struct arena *arena, const PGresult *result, enum table_format format, struct differences differences,
                  struct table *table, struct err *err) PGHA_CHECKED;

/* The table of one row without a header that patronictl shows instead of a result: a time and a message. */
struct table result_message(struct arena *arena, const char *time, const char *message);

#endif
