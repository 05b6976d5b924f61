/* Times at which something is to happen, as --scheduled and the prompts take them. */
#ifndef PGHA_SCHEDULE_H
#define PGHA_SCHEDULE_H

#include "pgha/ctx.h"
#include "pgha/err.h"
#include "pgha/when.h"

/*
 * Reads a time; without a zone it is local. `*scheduled` is false for "now", an empty text and NULL. Fails with
 * patronictl's message for what dateutil refuses (cases switchover-scheduled-*, restart-scheduled-*). patronictl takes
 * a zone that nobody knows for the local one, with a warning; called as pgha that fails.
 */
bool schedule_parse(struct ctx *ctx, const char *text, bool *scheduled, struct when *when,
                    struct err *err) PGHA_CHECKED;

/* Called as pgha, whether the value of --scheduled (or NULL) can be read; if not, that is ERR_USAGE. */
bool schedule_check(struct ctx *ctx, const char *text, struct err *err) PGHA_CHECKED;

/* Whether a text (or NULL) names no time to come. */
bool schedule_is_now(const char *text);

#endif
