#include "pgha/clock.h"

#include <limits.h>
#include <time.h>

int64_t clock_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

deadline_t deadline_in(double seconds)
{
    if (!(seconds >= 0 && seconds < 1e12))
        return DEADLINE_NEVER;
    return clock_ms() + (int64_t)(seconds * 1000);
}

int deadline_left(deadline_t deadline)
{
    if (deadline == DEADLINE_NEVER)
        return INT_MAX;
    int64_t left = deadline - clock_ms();
    return left < 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}
