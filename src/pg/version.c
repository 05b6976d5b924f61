#include "pgha/pg_version.h"

#include <string.h>

#include "pgha/arena.h"
#include "pgha/pytext.h"

bool pg_version_check(struct arena *arena, const char *text, struct err *err)
{
    long long parts[3] = {0};
    size_t count = 0;

    for (const char *at = text;; at++) {
        size_t length = strcspn(at, ".");
        long long part;
        if (!pytext_to_int(arena, arena_strndup(arena, at, length), &part))
            return err_set(err, arena, ERR_FAILED, "Invalid PostgreSQL version: %s", text);
        if (count < 3)
            parts[count] = part;
        count++;
        at += length;
        if (!*at)
            break;
    }
    if (count < 2 || count > 3 || (count == 2 && parts[0] < 10))
        return err_set(err, arena, ERR_FAILED, "Invalid PostgreSQL version format: X.Y or X.Y.Z is accepted: %s", text);
    /* Patroni puts the digits together as they are, and dies of a sign in the middle. */
    if (parts[1] < 0 || parts[2] < 0)
        return err_set(err, arena, ERR_FAILED, "Invalid PostgreSQL version: %s", text);
    return true;
}
