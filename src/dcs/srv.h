/* SRV records (RFC 2782), by which a domain names the servers of its etcd. */
#ifndef PGHA_DCS_SRV_H
#define PGHA_DCS_SRV_H

#include <stdbool.h>
#include <stddef.h>

#include "pgha/clock.h"

struct arena;

struct srv_target {
    const char *host; /* without the final dot */
    int port;
    int priority;
    int weight;
};

/*
 * Asks the resolver for the records of `name`. False when there are none, when `deadline` passed or a signal came. By
 * priority, then heavier ones first.
 */
bool srv_lookup(struct arena *arena, const char *name, deadline_t deadline, struct srv_target **targets, size_t *count);

/* The records in a DNS message, in the same order; false when it is none or has none. */
bool srv_parse(struct arena *arena, const unsigned char *message, size_t length, struct srv_target **targets,
               size_t *count);

#endif
