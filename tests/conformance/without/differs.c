/*
 * The place of src/base/differs.c in a program for the tests: DIFFERENCE_OFF=DIFF_NAME in the environment switches one
 * row of the table off, and DIFFERENCES_ASKED=FILE gets the names of the rows that were asked for, a line each time.
 */
#include "pgha/differs.h"

#include <stdio.h>
#include <stdlib.h>

#include "pgha/str.h"

static const char *name_of(enum difference row)
{
    static const char *const names[] = {
#define ROW(id, area, patronictl, pgha) [id] = #id,
#define MORE(id, area, patronictl, pgha)
#include "pgha/difference_rows.h"
#undef MORE
#undef ROW
    };

    return names[row];
}

struct differences differences_for(const char *prog)
{
    return (struct differences){.as_patronictl = str_equal(prog, "patronictl")};
}

bool differences_has(struct differences differences, enum difference row)
{
    const char *path = getenv("DIFFERENCES_ASKED");
    FILE *asked = path ? fopen(path, "ae") : NULL;

    if (asked) {
        fprintf(asked, "%s\n", name_of(row));
        fclose(asked);
    }
    return !differences.as_patronictl && !str_equal(getenv("DIFFERENCE_OFF"), name_of(row));
}
