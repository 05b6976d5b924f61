/* Time limits as Patroni reads them. */
#ifndef PGHA_SECONDS_H
#define PGHA_SECONDS_H

#include <stdbool.h>
#include <stdint.h>

struct arena;

/*
 * Whole seconds of a text such as "30", "10s", "1.5min" or "0x10", as parse_int(TEXT, "s") of patroni/utils.py has
 * them. Units are us, ms, s, min, h and d. False for other texts, and for what is less than a second or more than 68
 * years, which Patroni refuses, or ends too late for anybody.
 */
bool seconds_read(struct arena *arena, const char *text, int64_t *seconds);

#endif
