/* Versions of PostgreSQL as users write them. */
#include "pgha/pg_version.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(NULL);
    struct err err = ERR_INIT;

    if (!pg_version_check(arena, arena_strndup(arena, size ? (const char *)data : "", size), &err))
        FUZZ_CHECK_ERR(err);
    arena_free(arena);
    return 0;
}
