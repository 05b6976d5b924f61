#include "endpoints.h"

#include <string.h>
#include <strings.h>

#include "pgha/arena.h"
#include "pgha/log.h"
#include "pgha/str.h"

#define DEFAULT_PORT 2379

/* The section that is being read. */
struct reader {
    struct arena *arena;
    const struct config *config;
    const char *section;
    struct err *err;
};

static const struct value *get(const struct reader *reader, const char *key)
{
    return config_get(reader->config, reader->section, key);
}

static bool bad(const struct reader *reader, const char *key, const char *what)
{
    return err_set(reader->err, reader->arena, ERR_FAILED, "%s in section %s %s", key, reader->section, what);
}

/* Text that may be missing; null, false, 0 and "" are as good as missing. */
static bool get_text(const struct reader *reader, const char *key, const char **text)
{
    const struct value *value = get(reader, key);

    if (!value_truth(value)) {
        *text = NULL;
        return true;
    }
    if (!value_is(value, VALUE_STRING))
        return bad(reader, key, "is not text: put it in quotes");
    *text = value->text;
    return true;
}

static bool to_port(const struct reader *reader, const char *key, const char *text, int64_t *port)
{
    return str_to_int64(text, 1, 65535, port) || bad(reader, key, "has a port that is no number from 1 to 65535");
}

static bool get_port(const struct reader *reader, int64_t *port)
{
    const struct value *value = get(reader, "port");

    if (!value || value_is(value, VALUE_NULL)) {
        *port = DEFAULT_PORT;
        return true;
    }
    if (value_is(value, VALUE_STRING))
        return to_port(reader, "port", value->text, port);
    if (!value_is(value, VALUE_INT) || value->integer < 1 || value->integer > 65535)
        return bad(reader, "port", "is no number from 1 to 65535");
    *port = value->integer;
    return true;
}

/* Takes host and port from text; the port stays as it is when the text has none. */
static bool split(const struct reader *reader, const char *key, const char *text, const char **host, int64_t *port)
{
    const char *colon = strrchr(text, ':'), *bracket = strrchr(text, ']');
    char *name = arena_strdup(reader->arena, text);

    if (colon && !(bracket && colon < bracket)) {
        if (!to_port(reader, key, colon + 1, port))
            return false;
        name[colon - text] = '\0';
    }
    if (*name == '[' && name[strlen(name) - 1] == ']') {
        name[strlen(name) - 1] = '\0';
        name++;
    }
    *host = name;
    return true;
}

static bool check_scheme(const struct reader *reader, const char *key, const char *scheme)
{
    return strcasecmp(scheme, "http") == 0 || strcasecmp(scheme, "https") == 0 ||
           bad(reader, key, arena_printf(reader->arena, "is neither http nor https but \"%s\"", scheme));
}

void endpoints_add(struct arena *arena, struct endpoints *endpoints, const char *base)
{
    for (size_t i = 0; i < endpoints->count; i++)
        if (strcmp(endpoints->bases[i], base) == 0)
            return;
    const char **bases = arena_calloc(arena, endpoints->count + 1, sizeof *bases);
    if (endpoints->count)
        memcpy(bases, endpoints->bases, endpoints->count * sizeof *bases);
    bases[endpoints->count++] = arena_strdup(arena, base);
    endpoints->bases = bases;
}

static void add(const struct reader *reader, struct endpoints *endpoints, const char *scheme, const char *host,
                int64_t port)
{
    bool ipv6 = strchr(host, ':');

    endpoints_add(
        reader->arena, endpoints,
        arena_printf(reader->arena, "%s://%s%s%s:%d", scheme, ipv6 ? "[" : "", host, ipv6 ? "]" : "", (int)port));
}

/*
 * A URL as Python's urlparse() takes it apart: the credentials end at the last "@" and are not decoded (recorded case:
 * auth-etcd-url-percent).
 */
static bool read_url(const struct reader *reader, const char *key, const char *url, struct endpoints *endpoints)
{
    struct arena *arena = reader->arena;
    const char *separator = strstr(url, "://");
    int64_t port = DEFAULT_PORT;
    const char *host;

    if (!separator)
        return bad(reader, key, "is no URL such as http://127.0.0.1:2379");
    const char *scheme = arena_strndup(arena, url, (size_t)(separator - url));
    if (!check_scheme(reader, key, scheme))
        return false;
    char *place = arena_strndup(arena, separator + 3, strcspn(separator + 3, "/?#"));
    char *at = strrchr(place, '@');
    endpoints->user = endpoints->password = NULL;
    if (at) {
        *at = '\0';
        char *colon = strchr(place, ':');
        if (colon) {
            *colon = '\0';
            endpoints->password = colon + 1;
        }
        endpoints->user = place;
        place = at + 1;
    }
    size_t length = strlen(place);
    if (length && place[length - 1] == ':')
        place[length - 1] = '\0';
    if (!split(reader, key, place, &host, &port))
        return false;
    if (!*host)
        return bad(reader, key, "has no host");
    add(reader, endpoints, scheme, host, port);
    return true;
}

/* One element of `hosts`: [SCHEME://]HOST[:PORT][/] with blanks around it. */
static bool read_element(const struct reader *reader, const char *element, const char *scheme, int64_t port,
                         struct endpoints *endpoints)
{
    struct arena *arena = reader->arena;
    char *text = str_trim(arena, element);
    const char *separator = strstr(text, "://"), *host;

    if (separator) {
        scheme = arena_strndup(arena, text, (size_t)(separator - text));
        if (!check_scheme(reader, "an element of hosts", scheme))
            return false;
        text = arena_strndup(arena, separator + 3, strcspn(separator + 3, "/"));
    }
    if (!*text)
        return true;
    if (!split(reader, "an element of hosts", text, &host, &port))
        return false;
    add(reader, endpoints, scheme, host, port);
    return true;
}

static bool read_hosts(const struct reader *reader, const struct value *hosts, const char *scheme, int64_t port,
                       struct endpoints *endpoints)
{
    if (value_is(hosts, VALUE_STRING)) {
        for (const char *text = hosts->text; text;) {
            size_t length = strcspn(text, ",");

            if (!read_element(reader, arena_strndup(reader->arena, text, length), scheme, port, endpoints))
                return false;
            text = text[length] ? text + length + 1 : NULL;
        }
    } else if (value_is(hosts, VALUE_LIST)) {
        for (uint32_t i = 0; i < hosts->length; i++)
            if (value_is(&hosts->items[i], VALUE_STRING) &&
                !read_element(reader, hosts->items[i].text, scheme, port, endpoints))
                return false;
    } else {
        return bad(reader, "hosts", "is neither a list nor text");
    }
    return endpoints->count || bad(reader, "hosts", "names no host");
}

/* A port of its own wins over that of the host (recorded case: config-host-both-ports). */
static bool read_host(const struct reader *reader, const struct value *host, const char *scheme, int64_t port,
                      struct endpoints *endpoints)
{
    int64_t of_host = port;
    const char *name;

    if (!value_is(host, VALUE_STRING))
        return bad(reader, "host", "is not text");
    if (!split(reader, "host", str_trim(reader->arena, host->text), &name, &of_host))
        return false;
    if (!*name)
        return bad(reader, "host", "is empty");
    add(reader, endpoints, scheme, name, get(reader, "port") ? port : of_host);
    return true;
}

static bool read_places(const struct reader *reader, struct endpoints *endpoints)
{
    const struct value *proxy = get(reader, "proxy"), *url = proxy ? proxy : get(reader, "url");
    const struct value *hosts = get(reader, "hosts"), *host = get(reader, "host");
    const char *scheme;
    int64_t port;

    endpoints->fixed = proxy || value_truth(get(reader, "use_proxies"));
    if (value_is(url, VALUE_STRING))
        return read_url(reader, proxy ? "proxy" : "url", url->text, endpoints);
    if (!get_text(reader, "protocol", &scheme))
        return false;
    if (!scheme)
        scheme = "http";
    if (!check_scheme(reader, "protocol", scheme) || !get_port(reader, &port))
        return false;
    if (hosts)
        return read_hosts(reader, hosts, scheme, port, endpoints);
    if (host)
        return read_host(reader, host, scheme, port, endpoints);
    return err_set(reader->err, reader->arena, ERR_FAILED, "Neither srv, hosts, host nor url are defined in section %s",
                   reader->section);
}

static bool read_tls(const struct reader *reader, struct endpoints *endpoints)
{
    struct http_tls *tls = &endpoints->tls;

    if (!get_text(reader, "cacert", &tls->cafile) || !get_text(reader, "cert", &tls->certfile) ||
        !get_text(reader, "key", &tls->keyfile))
        return false;
    if (!tls->certfile)
        tls->keyfile = NULL;
    return true;
}

bool endpoints_read(struct arena *arena, const struct config *config, const char *section, const struct log *log,
                    struct endpoints *endpoints, struct err *err)
{
    struct reader reader = {arena, config, section, err};
    struct endpoints made = {.count = 0};

    if (!get_text(&reader, "username", &made.user) || !get_text(&reader, "password", &made.password) ||
        !read_places(&reader, &made) || !read_tls(&reader, &made))
        return false;
    bool user = made.user && *made.user, password = made.password && *made.password;
    if (user != password)
        log_warning(log, "%s provided without %s, both are required for authentication", user ? "Username" : "Password",
                    user ? "password" : "username");
    if (!user || !password)
        made.user = made.password = NULL;
    *endpoints = made;
    return true;
}
