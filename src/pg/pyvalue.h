/*
 * Values of a query as psycopg2 2.9 hands them to Python: what PostgreSQL sends as text becomes an int, a Decimal, a
 * datetime, a list, … by the OID of its type; types it does not know stay text. From there they print as Python's
 * str() and repr() print them (recorded cases query-*).
 */
#ifndef PGHA_PG_PYVALUE_H
#define PGHA_PG_PYVALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pgha/differs.h"
#include "pgha/err.h"
#include "pgha/str.h"
#include "pgha/value.h"

enum pyvalue_kind {
    PYVALUE_PLAIN,     /* None, bool, int, float, str, and what JSON holds */
    PYVALUE_DECIMAL,   /* the digits are those of `source` */
    PYVALUE_DATE,      /* `moment` */
    PYVALUE_DATETIME,  /* `moment` */
    PYVALUE_TIME,      /* `moment` */
    PYVALUE_TIMEDELTA, /* `delta` */
    PYVALUE_MEMORY,    /* bytea; Python shows no more of it than an address */
    PYVALUE_RANGE,     /* `range` */
    PYVALUE_LIST,      /* `list` */
};

/* A date, a time of day, or both; valid in Python's calendar (years 1 to 9999). */
struct pymoment {
    int year, month, day, hour, minute, second, microsecond;
    bool has_offset;
    int offset; /* seconds east of UTC */
};

/* A timedelta: days of either sign, the rest not negative and below a day. */
struct pydelta {
    int64_t days;
    int seconds, microseconds;
};

struct pyvalue;

struct pyrange {
    const char *class_name;       /* "NumericRange" */
    bool empty;                   /* nothing below counts then */
    const struct pyvalue *bounds; /* lower and upper, None where unbounded */
    char brackets[3];             /* "[)" */
};

struct pylist {
    struct pyvalue *items;
    size_t count;
};

struct pyvalue {
    enum pyvalue_kind kind;
    const char *source; /* as PostgreSQL sent it; NULL for a null */
    size_t length;      /* of `source` */
    union {
        struct value plain;
        struct pymoment moment;
        struct pydelta delta;
        struct pyrange range;
        struct pylist list;
    };
};

/*
 * Makes the value of the type `oid` from the text of PostgreSQL (NULL for a null), which ends in a NUL and has to live
 * as long as the value. Fails with ERR_REFUSED where psycopg2 raises one of its own errors (patronictl shows those in a
 * row), with ERR_FAILED where Python raises another one (patronictl dies of it).
 *
 * With DIFF_QUERY_UNPYTHONIC it never fails and nothing is lost: what Python cannot hold, infinite dates and binary
 * data stay the text that PostgreSQL sent.
 */
bool pyvalue_cast(struct arena *arena, unsigned oid, const char *source, size_t length, struct differences differences,
                  struct pyvalue *value, struct err *err) PGHA_CHECKED;

/* Appends Python's str(), or repr(), of the value. */
void pyvalue_str(const struct pyvalue *value, struct str *out);
void pyvalue_repr(const struct pyvalue *value, struct str *out);

/*
 * The value in a document. YAML has dates and datetimes, JSON has not. Fails with ERR_FAILED for what Python's writers
 * refuse; with DIFF_QUERY_JSON_TEXT it is the text that PostgreSQL sent.
 */
bool pyvalue_document(struct arena *arena, const struct pyvalue *value, bool yaml, struct differences differences,
                      struct value *document, struct err *err) PGHA_CHECKED;

#endif
