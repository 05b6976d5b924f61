#include "endpoints.h"

#include <string.h>
#include <strings.h>

#include "pgha/arena.h"
#include "pgha/log.h"
#include "pgha/str.h"
#include "pgha/url.h"
#include "pgha/utf8.h"

#define DEFAULT_PORT 2379

/* A name has at most 253 characters. */
#define LONGEST_BASE 300

/* Servers that the configuration may name. More of them cannot be a mistake of typing, and comparing them takes long.
 */
#define MOST_CONFIGURED 1024

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

/* Room for a power of two, as in dcs_tree_add(). */
static void append(struct arena *arena, struct endpoints *endpoints, const char *base)
{
    for (size_t i = 0; i < endpoints->count; i++)
        if (strcmp(endpoints->bases[i], base) == 0)
            return;
    if ((endpoints->count & (endpoints->count - 1)) == 0) {
        const char **bases = arena_calloc(arena, endpoints->count ? 2 * endpoints->count : 1, sizeof *bases);

        if (endpoints->count)
            memcpy(bases, endpoints->bases, endpoints->count * sizeof *bases);
        endpoints->bases = bases;
    }
    endpoints->bases[endpoints->count++] = arena_strdup(arena, base);
}

bool endpoints_add(struct arena *arena, struct endpoints *endpoints, const char *base)
{
    if (endpoints->count >= ENDPOINTS_MOST)
        return false;
    if (strlen(base) <= LONGEST_BASE)
        append(arena, endpoints, base);
    return true;
}

bool endpoints_learn(struct arena *arena, struct endpoints *endpoints, const char *told_by, const char *url)
{
    size_t scheme = strcspn(told_by, ":") + strlen("://");

    if (endpoints->count >= ENDPOINTS_MOST)
        return false;
    char *base = str_trim(arena, url);
    size_t length = strlen(base);

    while (length && base[length - 1] == '/')
        base[--length] = '\0';
    return length <= scheme || strncasecmp(told_by, base, scheme) != 0 || endpoints_add(arena, endpoints, base);
}

static bool add(const struct reader *reader, struct endpoints *endpoints, const char *scheme, const char *host,
                int64_t port)
{
    bool ipv6 = strchr(host, ':');

    if (endpoints->count >= MOST_CONFIGURED)
        return err_set(reader->err, reader->arena, ERR_FAILED, "section \"%s\" names more than %d servers",
                       reader->section, MOST_CONFIGURED);
    append(reader->arena, endpoints,
           arena_printf(reader->arena, "%s://%s%s%s:%d", scheme, ipv6 ? "[" : "", host, ipv6 ? "]" : "", (int)port));
    return true;
}

/*
 * Its credentials, or their absence, replace those of the section. Called as patronictl they are not decoded (recorded:
 * auth-etcd-url-*).
 */
static bool read_url(const struct reader *reader, const char *key, const char *text, struct endpoints *endpoints)
{
    struct url url;
    int port;

    if (!url_parse(reader->arena, text, &url, reader->err) || !url_port(&url, reader->arena, &port, reader->err))
        return err_wrap(reader->err, reader->arena, "%s in section %s", key, reader->section);
    if (differs(reader->config, DIFF_PERCENT_ENCODING))
        url_decode_credentials(&url, reader->arena);
    if (!url.host || !*url.host)
        return bad(reader, key, "is no URL such as http://127.0.0.1:2379");
    const char *scheme = *url.scheme ? url.scheme : "http"; /* //127.0.0.1:2379 will do */
    if (!check_scheme(reader, key, scheme))
        return false;
    endpoints->user = url.username;
    endpoints->password = url.password;
    endpoints->tls_wanted = strcasecmp(scheme, "https") == 0;
    return add(reader, endpoints, scheme, url.host, port ? port : DEFAULT_PORT);
}

/* [SCHEME://]HOST[:PORT][/] with blanks around it: takes the scheme, if there is one, and what is behind the port off.
 */
static bool take_place(const struct reader *reader, const char *key, const char *text, const char **scheme,
                       char **place)
{
    struct arena *arena = reader->arena;
    char *rest = str_trim(arena, text);
    const char *separator = strstr(rest, "://");

    *place = rest;
    if (!differs(reader->config, DIFF_HOST_SCHEME))
        return true;
    if (strchr(rest, '@'))
        return bad(reader, key, "has credentials: put them into username and password");
    if (!separator)
        return true;
    *scheme = arena_strndup(arena, rest, (size_t)(separator - rest));
    *place = arena_strndup(arena, separator + 3, strcspn(separator + 3, "/"));
    return check_scheme(reader, key, *scheme);
}

/* One element of `hosts`. */
static bool read_element(const struct reader *reader, const char *element, const char *scheme, int64_t port,
                         struct endpoints *endpoints)
{
    const char *host;
    char *text;

    if (!differs(reader->config, DIFF_HOST_SCHEME) && strstr(element, "://"))
        return bad(reader, "an element of hosts", "has a scheme: that is what protocol is for");
    if (!take_place(reader, "an element of hosts", element, &scheme, &text))
        return false;
    if (!*text)
        return true;
    if (!split(reader, "an element of hosts", text, &host, &port))
        return false;
    return add(reader, endpoints, scheme, host, port);
}

/* With commas between them. */
static bool read_elements(const struct reader *reader, const char *text, const char *scheme, int64_t port,
                          struct endpoints *endpoints)
{
    while (text) {
        size_t length = strcspn(text, ",");

        if (!read_element(reader, arena_strndup(reader->arena, text, length), scheme, port, endpoints))
            return false;
        text = text[length] ? text + length + 1 : NULL;
    }
    return true;
}

/* An item of a list; patronictl knows no commas in it. */
static bool read_item(const struct reader *reader, const char *text, const char *scheme, int64_t port,
                      struct endpoints *endpoints)
{
    return differs(reader->config, DIFF_HOSTS_ITEM_COMMA) ? read_elements(reader, text, scheme, port, endpoints)
                                                          : read_element(reader, text, scheme, port, endpoints);
}

static bool read_hosts(const struct reader *reader, const struct value *hosts, const char *scheme, int64_t port,
                       struct endpoints *endpoints)
{
    if (value_is(hosts, VALUE_STRING)) {
        if (!read_elements(reader, hosts->text, scheme, port, endpoints))
            return false;
    } else if (value_is(hosts, VALUE_LIST)) {
        for (uint32_t i = 0; i < hosts->length; i++)
            if (value_is(&hosts->items[i], VALUE_STRING) &&
                !read_item(reader, hosts->items[i].text, scheme, port, endpoints))
                return false;
    } else {
        return bad(reader, "hosts", "is neither a list nor text");
    }
    return endpoints->count || endpoints->srv || bad(reader, "hosts", "names no host");
}

/* A port of its own wins over that of the host (recorded case: config-host-both-ports). */
static bool read_host(const struct reader *reader, const struct value *host, const char *scheme, int64_t port,
                      struct endpoints *endpoints)
{
    int64_t of_host = port;
    const char *name;
    char *text;

    if (!value_is(host, VALUE_STRING))
        return bad(reader, "host", "is not text");
    /* Python cannot format such a port with %d; with hosts it can. */
    if (!differs(reader->config, DIFF_PORT_QUOTED) && value_is(get(reader, "port"), VALUE_STRING))
        return bad(reader, "port", "is text and no number");
    if (!take_place(reader, "host", host->text, &scheme, &text) || !split(reader, "host", text, &name, &of_host))
        return false;
    if (!*name)
        return bad(reader, "host", "is empty");
    return add(reader, endpoints, scheme, name, get(reader, "port") ? port : of_host);
}

/* One without the other is of no use, and then it does not matter what it is. */
static bool read_credentials(const struct reader *reader, struct endpoints *endpoints)
{
    const struct value *user = get(reader, "username"), *password = get(reader, "password");
    struct str lone;

    if (value_truth(user) == value_truth(password))
        return get_text(reader, "username", &endpoints->user) && get_text(reader, "password", &endpoints->password);
    str_init(&lone, reader->arena);
    value_str(value_truth(user) ? user : password, &lone);
    *(value_truth(user) ? &endpoints->user : &endpoints->password) = lone.text;
    return true;
}

/* The last of these keys that is there counts. A null is the domain "None", in which there is nothing. */
static bool read_srv(const struct reader *reader, struct endpoints *endpoints)
{
    static const char *const keys[] = {"srv", "discovery_srv", "srv_domain"};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const struct value *value = get(reader, keys[i]);

        if (value && !value_truth(value) && !differs(reader->config, DIFF_NULL_HOSTS))
            endpoints->srv = value_is(value, VALUE_STRING) ? value->text : "None";
        else if (value && !get_text(reader, keys[i], &endpoints->srv))
            return false;
    }
    return get_text(reader, "srv_suffix", &endpoints->srv_suffix);
}

static bool read_places(const struct reader *reader, struct endpoints *endpoints)
{
    const struct value *proxy = get(reader, "proxy"), *url = proxy ? proxy : get(reader, "url");
    const struct value *hosts = get(reader, "hosts"), *host = get(reader, "host");
    const char *scheme = NULL;
    int64_t port;

    endpoints->fixed = proxy || value_truth(get(reader, "use_proxies"));
    if (!proxy && !read_srv(reader, endpoints))
        return false;
    if (value_is(url, VALUE_STRING))
        return read_url(reader, proxy ? "proxy" : "url", url->text, endpoints);
    if (!get_text(reader, "protocol", &scheme))
        return false;
    if (!scheme)
        scheme = "http";
    if (!check_scheme(reader, "protocol", scheme) || !get_port(reader, &port))
        return false;
    endpoints->tls_wanted = strcasecmp(scheme, "https") == 0;
    if (hosts && (!differs(reader->config, DIFF_NULL_HOSTS) || !value_is(hosts, VALUE_NULL)))
        return read_hosts(reader, hosts, scheme, port, endpoints);
    if (host)
        return read_host(reader, host, scheme, port, endpoints);
    return endpoints->srv || err_set(reader->err, reader->arena, ERR_FAILED,
                                     "Neither srv, hosts, host nor url are defined in section %s", reader->section);
}

/* Without TLS these keys do not matter, whatever they are (recorded case: tls-etcd-plain). */
static bool read_tls(const struct reader *reader, struct endpoints *endpoints)
{
    struct http_tls *tls = &endpoints->tls;
    bool https = endpoints->srv;

    for (size_t i = 0; i < endpoints->count; i++)
        https |= strncasecmp(endpoints->bases[i], "https:", 6) == 0;
    if (!https) {
        tls->expected =
            value_truth(get(reader, "cacert")) || value_truth(get(reader, "cert")) || value_truth(get(reader, "key"));
        return true;
    }
    if (!get_text(reader, "cacert", &tls->cafile) || !get_text(reader, "cert", &tls->certfile) ||
        !get_text(reader, "key", &tls->keyfile))
        return false;
    if (!tls->certfile)
        tls->keyfile = NULL;
    endpoints->tls_wanted = endpoints->tls_wanted || tls->cafile || tls->certfile;
    return true;
}

bool endpoints_read(struct arena *arena, const struct config *config, const char *section, const struct log *log,
                    struct endpoints *endpoints, struct err *err)
{
    struct reader reader = {arena, config, section, err};
    struct endpoints made = {.count = 0};

    if (!read_credentials(&reader, &made) || !read_places(&reader, &made) || !read_tls(&reader, &made))
        return false;
    bool user = made.user && *made.user, password = made.password && *made.password;
    if (user != password)
        log_warning(log, "%s provided without %s, both are required for authentication%s",
                    user ? "Username" : "Password", user ? "password" : "username",
                    differs(config, DIFF_CONFIG_ERRORS)
                        ? arena_printf(arena, " (%s)", config_section_name(arena, config, section))
                        : "");
    if (!user || !password)
        made.user = made.password = NULL;
    if (made.user && !differs(config, DIFF_CREDENTIALS_UTF8) &&
        str_equal(section, "etcd")) { /* HTTP Basic: see utf8_to_latin1() */
        made.user = utf8_to_latin1(arena, made.user);
        made.password = utf8_to_latin1(arena, made.password);
        if (!made.user || !made.password)
            return err_set(err, arena, ERR_FAILED, "the credentials of section etcd cannot be sent in Latin-1");
    }
    *endpoints = made;
    return true;
}
