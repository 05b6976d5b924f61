/* The servers that a domain names: Patroni's srv, discovery_srv and srv_domain. */
#ifndef PGHA_DCS_DISCOVER_H
#define PGHA_DCS_DISCOVER_H

#include "backend.h"

/*
 * Puts the servers that the domain of the endpoints names in place of those configured; those stay when it names none,
 * which is logged. Nothing happens without a domain, and the second time. Fails with ERR_UNREACHABLE when there are no
 * servers at all, and with ERR_ABORTED.
 */
bool discover(struct dcs *dcs, deadline_t deadline, struct err *err) PGHA_CHECKED;

#endif
