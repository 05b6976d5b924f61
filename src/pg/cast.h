/* The parts of pyvalue_cast() (pyvalue.h): each makes a value of one kind from `source`, with the same errors. */
#ifndef PGHA_PG_CAST_H
#define PGHA_PG_CAST_H

#include "pyvalue.h"

/* "infinity" and "-infinity", which become the last and the first moment that Python has. */
bool cast_is_infinite(const char *source);

/* `zoned`: of a timestamp with time zone. */
bool cast_date(struct arena *arena, const char *source, struct pymoment *moment, struct err *err) PGHA_CHECKED;
bool cast_datetime(struct arena *arena, const char *source, bool zoned, struct pymoment *moment,
                   struct err *err) PGHA_CHECKED;
bool cast_time(struct arena *arena, const char *source, struct pymoment *moment, struct err *err) PGHA_CHECKED;
bool cast_interval(struct arena *arena, const char *source, struct pydelta *delta, struct err *err) PGHA_CHECKED;

#endif
