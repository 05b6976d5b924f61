/* What the prompt says about the cluster: "pg-cluster leader=pg1> ". */
#ifndef PGHA_SHELL_STATUS_H
#define PGHA_SHELL_STATUS_H

#include <stdbool.h>
#include <stddef.h>

#include "pgha/cluster.h"

enum status_kind {
    STATUS_UNASKED, /* nothing is known yet */
    STATUS_FAILED,  /* the store gave no answer that can be used */
    STATUS_ABSENT,  /* there is no such cluster */
    STATUS_KNOWN,
};

struct status_member {
    const char *name;
    unsigned kinds; /* see names_kinds() */
};

struct status {
    enum status_kind kind;
    const char *leader; /* NULL: the cluster has none */
    bool standby;       /* it is a standby leader */
    bool paused;
    bool degraded; /* a member is not running, the leader has no member key, or a group of a Citus cluster has none */
    struct status_member *members;
    size_t member_count;
};

/* What a snapshot tells. Everything is copied to `arena`. */
struct status status_of(struct arena *arena, const struct cluster *cluster);

struct status_style {
    const char *scope; /* NULL: no cluster was chosen */
    size_t columns;    /* of the terminal; the prompt takes at most half of them, and gives up details for that */
    bool colour;       /* with escape sequences between \001 and \002, as readline wants them */
};

const char *status_prompt(struct arena *arena, const struct status *status, const struct status_style *style);

#endif
