#include "pgha/differs.h"

#include "pgha/str.h"

struct differences differences_for(const char *prog)
{
    return (struct differences){.as_patronictl = str_equal(prog, "patronictl")};
}

/* The row does not matter here; a program of the tests has a copy of this function that can do without one row. */
bool differences_has(struct differences differences, enum difference row)
{
    (void)row;
    return !differences.as_patronictl;
}
