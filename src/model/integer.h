/* Numbers as the store holds them: of any size, as text, or as nothing that Patroni takes for one. */
#ifndef PGHA_MODEL_INTEGER_H
#define PGHA_MODEL_INTEGER_H

#include "pgha/cluster.h"

enum integer {
    INTEGER_NONE, /* Patroni takes it for no number */
    INTEGER_OK,
    INTEGER_OVERFLOW, /* infinite, or far beyond any position: Patroni dies of the first */
};

/* As Python's int(): cuts fractions, takes true for 1. */
enum integer integer_convert(const struct value *value, struct arena *arena, lsn_t *number);

/* As Patroni's parse_int() without a unit: hexadecimal and octal too, fractions rounded half to even, no booleans. */
enum integer integer_parse(const struct value *value, struct arena *arena, lsn_t *number);

#endif
