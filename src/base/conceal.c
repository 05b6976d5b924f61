#include "pgha/conceal.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>
#include <sys/prctl.h>

#include "pgha/arena.h"
#include "pgha/pytext.h"
#include "pgha/str.h"
#include "pgha/text_set.h"

#define MASK "***"

void conceal_memory(void)
{
    /* LeakSanitizer has to look at it from another process. */
#ifndef __SANITIZE_ADDRESS__
    prctl(PR_SET_DUMPABLE, 0);
#endif
}

/*
 * The password of an address in `word`: from behind the first ":" that ends no scheme to the last "@". It may hold any
 * of : / ? # @, and it is no matter whether the address makes sense.
 */
static bool find_password(const char *word, size_t *start, size_t *length)
{
    const char *colon = strchr(word, ':'), *end = strrchr(word, '@');

    if (colon && str_starts_with(colon, "://"))
        colon = strchr(colon + strlen("://"), ':');
    if (!colon || !end || end <= colon + 1)
        return false;
    *start = (size_t)(colon + 1 - word);
    *length = (size_t)(end - colon - 1);
    return true;
}

/* How many bytes of the text are the secret, 0 when it does not start there. */
static size_t match_quoted(const char *text, size_t length, const char *secret)
{
    size_t taken = 0;

    for (; *secret; secret++) {
        while (taken < length && text[taken] == '\\' &&
               (*secret != '\\' || (taken + 1 < length && text[taken + 1] == '\\')))
            taken++;
        if (taken == length || text[taken] != *secret)
            return 0;
        taken++;
    }
    return taken;
}

void conceal_echo(char *text, size_t length, const char *secret)
{
    if (!*secret)
        return;
    for (size_t i = 0, taken; i < length; i += taken ? taken : 1) {
        taken = match_quoted(text + i, length - i, secret);
        memset(text + i, '*', taken);
    }
}

const char *conceal_hint(const char *text)
{
    static const char *const hints[] = {"passw", "pwd", "secret", "token", "credential"};

    for (; *text; text++)
        for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
            if (strncasecmp(text, hints[i], strlen(hints[i])) == 0)
                return text + strlen(hints[i]);
    return NULL;
}

static void mask_word(char *word)
{
    size_t start, length;

    if (find_password(word, &start, &length))
        memset(word + start, '*', length);
    const char *hint = conceal_hint(word);
    if (!hint)
        return;
    /* What follows the name: password=x, password: x, PASSWORD 'x'. */
    size_t named = (size_t)(hint - word) + strcspn(hint, "=: ");
    if (word[named])
        memset(word + named + 1, '*', strlen(word + named + 1));
}

const char *const *conceal_words(struct arena *arena, size_t count, char **words)
{
    const char **copies = arena_calloc(arena, count + 1, sizeof *copies);

    for (size_t i = 0; i < count; i++) {
        copies[i] = arena_strdup(arena, words[i]);
        mask_word(words[i]);
    }
    return copies;
}

/* Behind the first ":" that is followed by neither a port nor another address; NULL when there is none. */
static const char *find_odd_port(const char *text)
{
    if (str_starts_with(text, "//"))
        text += strlen("//");
    for (; *text; text++) {
        if (*text == '[' && strchr(text, ']'))
            text = strchr(text, ']');
        if (*text != ':')
            continue;
        const char *port = text + 1;
        if (!str_starts_with(port, "//") && !strstr(port, "://") && !strchr(",/?#", port[strspn(port, "0123456789")]))
            return port;
    }
    return NULL;
}

const char *conceal_address(struct arena *arena, const char *address)
{
    size_t start, length;
    const char *odd = find_odd_port(address);

    if (find_password(address, &start, &length))
        address = arena_printf(arena, "%.*s" MASK "%s", (int)start, address, address + start + length);
    else if (odd) /* a password whose "@" is missing, or written as "%40" */
        address = arena_printf(arena, "%.*s" MASK, (int)(odd - address), address);
    const char *hint = conceal_hint(address), *equals = hint ? strchr(hint, '=') : NULL;
    return equals ? arena_printf(arena, "%.*s=" MASK, (int)(equals - address), address) : address;
}

static const char *replace(struct arena *arena, const char *text, const char *old, const char *new)
{
    struct str out;

    if (!strstr(text, old))
        return text;
    str_init(&out, arena);
    for (const char *found; (found = strstr(text, old)); text = found + strlen(old)) {
        str_add_bytes(&out, text, (size_t)(found - text));
        str_add(&out, new);
    }
    str_add(&out, text);
    return out.text;
}

/* What is left of a password where it is taken apart at one of these, as libpq does, or ends at a quote. */
static struct text_set parts_of(struct arena *arena, const char *secret, size_t length)
{
    const char **parts = arena_calloc(arena, length / 2 + 1, sizeof *parts);
    size_t count = 0;

    for (const char *end = secret + length; secret < end;) {
        size_t size = strcspn(secret, ":/?#@\"");

        if (size)
            parts[count++] = arena_strndup(arena, secret, size);
        secret += size + 1;
    }
    return text_set_make(arena, parts, count);
}

/* Between double quotes, as libpq shows them. A quote may end one and begin the next. */
static const char *mask_parts(struct arena *arena, const char *text, const struct text_set *parts)
{
    struct str out;

    str_init(&out, arena);
    for (const char *quote; (quote = strchr(text, '"'));) {
        size_t size = strcspn(quote + 1, "\"");

        str_add_bytes(&out, text, (size_t)(quote + 1 - text));
        text = quote + 1;
        if (size && text[size] && text_set_has(parts, arena_strndup(arena, text, size))) {
            str_add(&out, MASK);
            text += size;
        }
    }
    str_add(&out, text);
    return out.text;
}

const char *conceal_message(struct arena *arena, const char *message, const char *word)
{
    size_t start, length;
    struct str quoted;

    if (!find_password(word, &start, &length))
        return message;
    /* With what stands around it: a short password may be part of any word. */
    const char *secret = arena_strndup(arena, word + start - 1, length + 2);
    str_init(&quoted, arena);
    pytext_repr(&quoted, secret);
    message = replace(arena, message, secret, ":" MASK "@");
    message = replace(arena, message, arena_strndup(arena, quoted.text + 1, quoted.length - 2), ":" MASK "@");
    struct text_set parts = parts_of(arena, word + start, length);
    return mask_parts(arena, message, &parts);
}
