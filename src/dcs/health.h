/* Why a store that can be reached does not answer. */
#ifndef PGHA_DCS_HEALTH_H
#define PGHA_DCS_HEALTH_H

#include "backend.h"

/*
 * Asks all servers at once how they are, which each answers for itself, after a read has failed with ERR_UNREACHABLE:
 * when one of them says that the store has no quorum, the error says so as well. Always false.
 */
bool health_explain(struct dcs *dcs, struct arena *arena, deadline_t deadline, struct err *err);

#endif
