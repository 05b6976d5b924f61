#include "pgha/url.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "pgha/arena.h"
#include "pgha/pytext.h"
#include "pgha/str.h"

/* Without control characters and blanks in front, and without tabs and newlines anywhere. */
static char *cleaned(struct arena *arena, const char *text)
{
    while (*text > 0 && *text <= ' ')
        text++;
    char *copy = arena_strdup(arena, text), *to = copy;
    for (const char *from = copy; *from; from++)
        if (!strchr("\t\r\n", *from))
            *to++ = *from;
    *to = '\0';
    return copy;
}

/* Cuts `text` at the first of `separators`: returns what follows, "" when there is none. */
static char *cut(char *text, char separator)
{
    char *at = strchr(text, separator);

    if (!at)
        return text + strlen(text);
    *at = '\0';
    return at + 1;
}

static char *lower_ascii(char *text)
{
    for (char *c = text; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return text;
}

/* Takes "SCHEME:" off, if there is one. */
static char *take_scheme(struct arena *arena, char *text, const char **scheme)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    size_t length = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-.");

    *scheme = "";
    if (!length || text[length] != ':' || !strchr(letters, *text))
        return text;
    *scheme = lower_ascii(arena_strndup(arena, text, length));
    return text + length + 1;
}

static bool is_bracketed_host(struct arena *arena, const char *host)
{
    if (*host == 'v') {
        size_t digits = strspn(host + 1, "0123456789abcdefABCDEF");
        return digits && host[1 + digits] == '.' && host[2 + digits];
    }
    char *address = arena_strdup(arena, host), *zone = strchr(address, '%');
    struct in6_addr parsed;
    if (zone) {
        *zone++ = '\0';
        if (!*zone || strchr(zone, '%'))
            return false;
    }
    return inet_pton(AF_INET6, address, &parsed) == 1;
}

/* A character such as U+2100 turns into "a/c" on the way to the name server: another host than the one that is read. */
static bool hides_separators(struct arena *arena, const char *authority)
{
    char *bare = arena_strdup(arena, authority), *to = bare;
    bool ascii = true;

    for (const char *from = bare; *from; from++) {
        ascii = ascii && !(*from & 0x80);
        if (!strchr("@:#?", *from))
            *to++ = *from;
    }
    *to = '\0';
    utf8proc_uint8_t *normal = ascii ? NULL : utf8proc_NFKC((const utf8proc_uint8_t *)bare);
    bool hides = normal && strcmp((char *)normal, bare) != 0 && strpbrk((char *)normal, "/?#@:");
    free(normal);
    return hides;
}

static bool take_host(struct arena *arena, const char *authority, struct url *url)
{
    const char *at = strrchr(authority, '@');
    char *host = arena_strdup(arena, at ? at + 1 : authority), *port;

    if (strchr(authority, '[') || strchr(authority, ']')) {
        char *inner = strchr(host, '[') ? strchr(host, '[') + 1 : host;
        bool bracketed = inner != host, closed = strchr(authority, '[') && strchr(authority, ']');
        char *after = bracketed ? cut(inner, ']') : cut(inner, ':');

        if (!closed || (bracketed && inner != host + 1) || (bracketed && *after && *after != ':') ||
            !is_bracketed_host(arena, inner))
            return false;
        port = bracketed ? cut(after, ':') : after;
        host = inner;
    } else {
        port = cut(host, ':');
    }
    char *zone = cut(host, '%');
    const char *percent = zone > host + strlen(host) ? "%" : "";
    url->host = *host || *percent ? arena_printf(arena, "%s%s%s", pytext_lower(arena, host), percent, zone) : NULL;
    url->port = *port ? port : NULL;
    return true;
}

static void take_user(struct arena *arena, const char *authority, struct url *url)
{
    const char *at = strrchr(authority, '@');

    if (!at)
        return;
    char *user = arena_strndup(arena, authority, (size_t)(at - authority)), *colon = strchr(user, ':');
    if (colon) {
        *colon = '\0';
        url->password = colon + 1;
    }
    url->username = user;
}

bool url_parse(struct arena *arena, const char *text, struct url *url, struct err *err)
{
    struct url found = {.authority = ""};
    char *rest = take_scheme(arena, cleaned(arena, text), &found.scheme);

    if (str_starts_with(rest, "//")) {
        size_t length = strcspn(rest + 2, "/?#");

        found.authority = arena_strndup(arena, rest + 2, length);
        rest += 2 + length;
        if (!take_host(arena, found.authority, &found))
            return err_set(err, arena, ERR_FAILED, "the URL has an invalid IPv6 address");
        if (hides_separators(arena, found.authority))
            return err_set(err, arena, ERR_FAILED, "the URL has a host with characters that stand for / ? # @ or :");
        take_user(arena, found.authority, &found);
    }
    found.fragment = cut(rest, '#');
    found.query = cut(rest, '?');
    found.path = rest;
    *url = found;
    return true;
}

bool url_port(const struct url *url, struct arena *arena, int *port, struct err *err)
{
    int64_t number = 0;

    if (url->port && (*url->port == '+' || *url->port == '-' || !str_to_int64(url->port, 0, 65535, &number)))
        return err_set(err, arena, ERR_FAILED, "the URL has a port that is no number up to 65535");
    *port = (int)number;
    return true;
}

static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *found = c ? strchr(digits, tolower((unsigned char)c)) : NULL;

    return found ? (int)(found - digits) : -1;
}

const char *url_decode(struct arena *arena, const char *text)
{
    char *decoded = arena_strdup(arena, text), *to = decoded;

    while (*text) {
        int high = *text == '%' ? hex_digit(text[1]) : -1, low = high < 0 ? -1 : hex_digit(text[2]);

        if (low < 0 || high + low == 0) {
            *to++ = *text++;
            continue;
        }
        *to++ = (char)(high * 16 + low);
        text += 3;
    }
    *to = '\0';
    return decoded;
}

void url_decode_credentials(struct url *url, struct arena *arena)
{
    url->username = url->username ? url_decode(arena, url->username) : NULL;
    url->password = url->password ? url_decode(arena, url->password) : NULL;
}
