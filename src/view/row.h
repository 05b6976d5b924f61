/* A member's row in a listing, with a cell for each field: which of them become columns is chosen in members.c. */
#ifndef PGHA_VIEW_ROW_H
#define PGHA_VIEW_ROW_H

#include <stdbool.h>
#include <stdint.h>

#include "pgha/differs.h"
#include "pgha/err.h"
#include "pgha/style.h"
#include "pgha/value.h"

#include "state.h"

enum field {
    FIELD_CLUSTER,
    FIELD_GROUP,
    FIELD_MEMBER,
    FIELD_HOST,
    FIELD_ROLE,
    FIELD_STATE,
    FIELD_TL,
    FIELD_RECEIVE_LSN,
    FIELD_RECEIVE_LAG,
    FIELD_REPLAY_LSN,
    FIELD_REPLAY_LAG,
    FIELD_PENDING,
    FIELD_REASON,
    FIELD_SCHEDULED,
    FIELD_TAGS,
    FIELD_UNVERIFIED, /* in every row of a view that is not verified: no format is without the mark */
    FIELD_COUNT,
};

/* What the rows of a section share; the strings have to live as long as the rows. */
struct row_style {
    struct arena *arena;
    const char *name; /* of the cluster */
    int64_t group;
    lsn_t most_lag; /* bytes; a member that is further behind is marked */
    bool with_port; /* behind the host */
    struct differences differences;
    bool drawn; /* long reasons for a restart are left out */
};

struct row {
    struct value cells[FIELD_COUNT];
    enum style styles[FIELD_COUNT];
};

/* Fills a row of zeros. Fails with ERR_FAILED where patronictl dies of a value; the row is of no use then. */
bool row_fill(const struct row_style *style, const struct branch *branch, struct row *row,
              struct err *err) PGHA_CHECKED;

#endif
