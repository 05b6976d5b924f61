/* Time that only goes forward, for deadlines; the time of day is in when.h. */
#ifndef PGHA_CLOCK_H
#define PGHA_CLOCK_H

#include <stdint.h>

/* A moment on the monotonic clock in milliseconds; DEADLINE_NEVER is later than all others. */
typedef int64_t deadline_t;
#define DEADLINE_NEVER INT64_MAX

/* Milliseconds of the monotonic clock. */
int64_t clock_ms(void);

/* Now and so many seconds; a negative or infinite number gives DEADLINE_NEVER. */
deadline_t deadline_in(double seconds);

/* Milliseconds left, 0 when it has passed, capped at INT_MAX (as poll() wants it). */
int deadline_left(deadline_t deadline);

#endif
