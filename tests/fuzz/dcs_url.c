/* The URL of the option -d. */
#include "dcs_url.h"

#include <string.h>

#include "fuzz.h"
#include "pgha/conceal.h"
#include "pgha/str.h"

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

/* A message that repeats all of it, and one that lacks the host, so that only parts of the password are known. */
static void check_concealed(struct arena *arena, const char *text)
{
    const char *shown = conceal_message(arena, arena_printf(arena, "%s \"%s\"", text, text), text);
    const char *cut = arena_strndup(arena, text, strcspn(text, "@"));

    check_message(arena, text, shown);
    FUZZ_CHECK(str_equal(shown, conceal_message(arena, shown, text)));
    shown = conceal_message(arena, arena_printf(arena, "\"%s\"", cut), text);
    FUZZ_CHECK(str_equal(shown, conceal_message(arena, shown, text)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(NULL);
    const char *text = arena_strndup(arena, size ? (const char *)data : "", size);

    check_concealed(arena, text);
    for (int as_patronictl = 0; as_patronictl < 2; as_patronictl++) {
        struct value tree;
        struct err err = ERR_INIT;

        if (!dcs_url_read(arena, text, (struct differences){as_patronictl}, &tree, &err)) {
            FUZZ_CHECK_ERR(err);
            check_message(arena, text, err.message);
        }
    }
    arena_free(arena);
    return 0;
}
