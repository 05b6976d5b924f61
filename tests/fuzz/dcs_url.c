/* The URL of the option -d. */
#include "dcs_url.h"

#include <string.h>

#include "fuzz.h"

/* Nothing from the first ":" behind the scheme to the last "@" is in it, if it stands in the text once and is long. */
static void check_message(struct arena *arena, const char *text, const char *message)
{
    const char *at = strrchr(text, '@'), *scheme = strstr(text, "://"), *colon = strchr(text, ':');

    colon = colon && colon == scheme ? strchr(scheme + 3, ':') : colon;
    if (!at || !colon || at - colon <= 12)
        return;
    const char *password = arena_strndup(arena, colon + 1, (size_t)(at - colon - 1));
    FUZZ_CHECK(strstr(text, password) <= colon || strstr(at, password) || !strstr(message, password));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(NULL);
    const char *text = arena_strndup(arena, size ? (const char *)data : "", size);

    for (int as_patronictl = 0; as_patronictl < 2; as_patronictl++) {
        struct value tree;
        struct err err = ERR_INIT;

        if (!dcs_url_read(arena, text, as_patronictl, &tree, &err)) {
            FUZZ_CHECK_ERR(err);
            check_message(arena, text, err.message);
        }
    }
    arena_free(arena);
    return 0;
}
