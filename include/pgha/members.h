/* The members of a cluster as `list`, `topology`, and the commands that show what they are about to act upon. */
#ifndef PGHA_MEMBERS_H
#define PGHA_MEMBERS_H

#include <stdbool.h>

#include "pgha/cluster.h"
#include "pgha/differs.h"
#include "pgha/err.h"
#include "pgha/str.h"
#include "pgha/table.h"

struct arena;

struct members_style {
    struct table_style table;
    bool topology;    /* FORMAT_PRETTY only: replicas below the member they replicate from */
    unsigned *hidden; /* gets a bit for each column that found no room in table.columns; NULL: all are shown */
    bool extended;    /* with the columns about restarts and tags even if nobody has anything to show there */
    struct differences differences;
};

/*
 * Appends the table, and the notes on maintenance mode and switchovers below it if it is drawn. Fails as the functions
 * of cluster.h do, where patronictl dies of a value; nothing is appended then.
 */
bool members_write(struct arena *arena, const struct cluster *cluster, const struct members_style *style,
                   struct str *out, struct err *err) PGHA_CHECKED;

/* Appends a line, wrapped at table.columns, that names the columns of a set that members_write() made; none if empty.
 */
void members_hidden_write(struct arena *arena, const struct members_style *style, unsigned hidden, struct str *out);

#endif
