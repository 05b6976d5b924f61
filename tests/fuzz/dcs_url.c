/* The URL of the option -d. */
#include "dcs_url.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(NULL);
    struct value tree;
    struct err err = ERR_INIT;

    if (!dcs_url_read(arena, arena_strndup(arena, size ? (const char *)data : "", size), &tree, &err))
        FUZZ_CHECK_ERR(err);
    arena_free(arena);
    return 0;
}
