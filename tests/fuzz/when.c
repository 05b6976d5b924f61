/* Scheduled times; what was read must print as a time that reads back the same. */
#include "pgha/when.h"
#include "fuzz.h"
#include "pgha/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(NULL);
    const char *text = arena_strndup(arena, size ? (const char *)data : "", size);
    const char *unknown = NULL;
    struct when when, again;
    struct err err = ERR_INIT;

    if (when_parse(arena, text, &when, &unknown, &err)) {
        when_assume_local(&when);
        const char *iso = when_iso(arena, &when);
        FUZZ_CHECK(when_parse(arena, iso, &again, &unknown, &err));
        FUZZ_CHECK(str_equal(iso, when_iso(arena, &again)));
    } else {
        FUZZ_CHECK_ERR(err);
    }
    arena_free(arena);
    return 0;
}
