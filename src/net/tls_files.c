#include "tls_files.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "pgha/arena.h"

/* Much more than certificates and keys have in front of what is looked for here. */
#define LOOK_AT (256u * 1024)

/* The beginning of the file, NULL with errno when it cannot be read. */
static char *contents(struct arena *arena, const char *path)
{
    FILE *file = fopen(path, "re");

    if (!file)
        return NULL;
    char *text = arena_alloc(arena, LOOK_AT + 1);
    errno = 0;
    size_t length = fread(text, 1, LOOK_AT, file);
    int error = ferror(file) ? errno : 0;
    fclose(file);
    for (size_t i = 0; i < length; i++)
        if (!text[i])
            text[i] = ' ';
    errno = error;
    return error ? NULL : text;
}

static const char *why(struct arena *arena, const char *path, const char *what, const char *marker)
{
    const char *text = contents(arena, path);

    if (!text)
        return arena_printf(arena, "%s: %s", path, strerror(errno));
    return strstr(text, marker) ? NULL : arena_printf(arena, "%s holds no %s", path, what);
}

const char *tls_files_why_no_authorities(struct arena *arena, const struct http_tls *tls)
{
    return tls->cafile ? why(arena, tls->cafile, "certificate", "CERTIFICATE") : NULL;
}

const char *tls_files_why_no_certificate(struct arena *arena, const struct http_tls *tls)
{
    if (!tls->certfile)
        return NULL;
    const char *key = tls->keyfile ? tls->keyfile : tls->certfile;
    const char *reason = why(arena, tls->certfile, "certificate", "CERTIFICATE");
    if (!reason)
        reason = why(arena, key, "key", "PRIVATE KEY");
    if (reason)
        return reason;
    if (strstr(contents(arena, key), "ENCRYPTED"))
        return arena_printf(arena, "the key %s is encrypted and its password is %s", key,
                            tls->key_password ? "wrong" : "not given");
    return arena_printf(arena, "the key %s does not match the certificate %s", key, tls->certfile);
}
