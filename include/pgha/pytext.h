/*
 * Text as Python's builtins see it: repr(), int(), float(). click checks values with them and quotes them in its
 * messages (recorded cases cli-bad-*).
 */
#ifndef PGHA_PYTEXT_H
#define PGHA_PYTEXT_H

#include <stdbool.h>

#include "pgha/str.h"

/* Appends repr(text): in quotes, with what cannot be shown escaped. */
void pytext_repr(struct str *str, const char *text);

/* A copy without white space of any script at both ends, as str.strip(). */
char *pytext_strip(struct arena *arena, const char *text);

/* A copy in lower case, as str.lower(): names are compared in it. */
char *pytext_lower(struct arena *arena, const char *text);

/* What Python says when it cannot encode a text in Latin-1; NULL if it can. `text` is UTF-8. */
char *pytext_latin1_error(struct arena *arena, const char *text);

/*
 * int(text): blanks around, a sign, digits of any script, single underscores between them. False for anything else, and
 * for what long long cannot hold (Python knows no limit); `*number` is then untouched.
 */
bool pytext_to_int(struct arena *arena, const char *text, long long *number) __attribute__((warn_unused_result));

/* float(text): the same with a point and an exponent; inf, infinity and nan too; what is too large is infinite. */
bool pytext_to_float(struct arena *arena, const char *text, double *number) __attribute__((warn_unused_result));

#endif
