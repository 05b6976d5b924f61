/* Output that comes again every few seconds: -w and -W (recorded cases list-watch-*). */
#ifndef PGHA_WATCH_H
#define PGHA_WATCH_H

#include "pgha/cmd.h"
#include "pgha/ctx.h"
#include "pgha/str.h"

struct arena;

/* Makes one screen of output in `arena`, as print_style() wants it. What it appended before it failed is shown as well.
 */
typedef bool watch_frame(struct ctx *ctx, struct arena *arena, const void *data, struct str *screen, struct err *err);

/* Seconds between two screens, 0 for one screen only: --watch counts unless it is 0, else -W means 2. */
double watch_seconds(bool watch2, const struct opt_float *watch);

struct watch_style {
    double seconds; /* see watch_seconds() */
    bool replace;   /* at a terminal each screen takes the place of the one before */
    bool drawn;     /* it has tables in it that are to fit the terminal */
};

/*
 * Prints what `frame(…, data, …)` makes, again and again until Ctrl-C, or once if the seconds are 0.
 *
 * Called as patronictl the first failure is the end, and Ctrl-C is ERR_ABORTED. Called as pgha only a failure of the
 * first screen is: later ones are shown together with the last good screen and its time. Ctrl-C is the end that was
 * asked for; the terminal gets back what it showed before, with the last good screen below.
 */
bool watch_run(struct ctx *ctx, const struct watch_style *style, watch_frame *frame, const void *data,
               struct err *err) PGHA_CHECKED;

#endif
