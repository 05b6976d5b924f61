#include "etcd2_path.h"

#include <ctype.h>
#include <string.h>

#include "pgha/arena.h"
#include "pgha/str.h"

static bool is_encoded(const char *text)
{
    return isxdigit((unsigned char)text[1]) && isxdigit((unsigned char)text[2]);
}

/* urllib3 takes a path for encoded only if every "%" in it belongs to an encoded character. */
static bool is_all_encoded(const char *text)
{
    for (; (text = strchr(text, '%')); text++)
        if (!is_encoded(text))
            return false;
    return true;
}

static char digit(char hex)
{
    return (char)(isdigit((unsigned char)hex) ? hex - '0' : tolower((unsigned char)hex) - 'a' + 10);
}

/* An encoded NUL stays as it is: no key of Patroni's has one. */
static void decode(char *text)
{
    char *to = text;

    for (; *text; text++) {
        bool encoded = *text == '%' && (text[1] != '0' || text[2] != '0');

        *to++ = encoded ? (char)(digit(text[1]) << 4 | digit(text[2])) : *text;
        text += encoded ? 2 : 0;
    }
    *to = '\0';
}

/* What urllib3 and etcd between them make of slashes, "." and "..". */
static const char *clean(struct arena *arena, char *key)
{
    struct str path;

    str_init(&path, arena);
    for (char *segment; (segment = strsep(&key, "/"));) {
        const char *last = path.length ? strrchr(path.text, '/') : NULL;

        if (str_equal(segment, "..") && last)
            str_cut(&path, (size_t)(last - path.text));
        else if (*segment && !str_equal(segment, ".") && !str_equal(segment, ".."))
            str_printf(&path, "/%s", segment);
    }
    return path.length ? path.text : "/";
}

const char *etcd2_path(struct arena *arena, const char *key, struct differences differences, bool *cut)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
    struct str path;

    bool recorded = !differences_has(differences, DIFF_ETCD2_PATHS);

    *cut = recorded && key[strcspn(key, "?#")];
    if (recorded) {
        char *text = arena_strndup(arena, key, strcspn(key, "?#"));

        if (is_all_encoded(text))
            decode(text);
        key = clean(arena, text);
    }
    str_init(&path, arena);
    for (key = *key ? key : "/"; *key; key++)
        if (strchr(plain, *key))
            str_add_char(&path, *key);
        else
            str_printf(&path, "%%%02X", (unsigned char)*key);
    return path.text;
}
