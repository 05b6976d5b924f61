#include "pgha/conceal.h"

#include <string.h>
#include <sys/prctl.h>

#include "pgha/arena.h"

void conceal_memory(void)
{
    /* LeakSanitizer has to look at it from another process. */
#ifndef __SANITIZE_ADDRESS__
    prctl(PR_SET_DUMPABLE, 0);
#endif
}

static void mask_passwords(char *word)
{
    for (char *at = word; (at = strstr(at, "://"));) {
        at += strlen("://");
        size_t authority = strcspn(at, "/?#");
        char *end = memrchr(at, '@', authority), *start = end ? memchr(at, ':', (size_t)(end - at)) : NULL;

        if (start)
            memset(start + 1, '*', (size_t)(end - start - 1));
    }
}

const char *const *conceal_words(struct arena *arena, size_t count, char **words)
{
    const char **copies = arena_calloc(arena, count + 1, sizeof *copies);

    for (size_t i = 0; i < count; i++) {
        copies[i] = arena_strdup(arena, words[i]);
        mask_passwords(words[i]);
    }
    return copies;
}
