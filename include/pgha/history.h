/* The timelines that the cluster has had, as a table (recorded cases history-*). */
#ifndef PGHA_HISTORY_H
#define PGHA_HISTORY_H

#include "pgha/cluster.h"
#include "pgha/table.h"

/*
 * One row per line of the history, short lines filled with empty cells. Lives in `arena`, strings in the cluster. Fails
 * with ERR_FAILED for a line that is no list, and where a drawn table has no place for more than five cells.
 */
bool history_table(struct arena *arena, const struct cluster *cluster, enum table_format format, struct table *table,
                   struct err *err) PGHA_CHECKED;

#endif
