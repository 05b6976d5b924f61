/*
 * SIGINT, SIGTERM and SIGHUP ask the program to end. The handler only notes the signal and wakes whoever waits; the
 * network loop, the prompts and the sleeps turn it into ERR_ABORTED, so everything is restored on the way out.
 */
#ifndef PGHA_SIGNALS_H
#define PGHA_SIGNALS_H

#include <stdbool.h>

#include "pgha/clock.h"

/* Installs the handlers and ignores SIGPIPE and SIGXFSZ: writes fail with EPIPE and EFBIG instead. Call once, from
 * main. */
bool signals_install(void) __attribute__((warn_unused_result));

/* The signal that came, or 0. It stays until signals_clear(). */
int signals_pending(void);
/* The pending one is Ctrl-C, which a program in the foreground gets as well. */
bool signals_from_terminal(void);
void signals_clear(void);

/* A descriptor that is readable while a signal is pending, for poll(). */
int signals_fd(void);

/* Sleeps until `deadline`; false when a signal ended it early. */
bool signals_sleep(deadline_t deadline);

#endif
