#include "dcs_url.h"

#include <string.h>

#include "pgha/arena.h"
#include "pgha/conceal.h"
#include "pgha/pytext.h"
#include "pgha/str.h"
#include "pgha/url.h"
#include "pgha/utf8.h"

const char *const dcs_url_sections[] = {"zookeeper", "exhibitor", "consul", "etcd", "etcd3", NULL};

/* In this order a port decides on the store when there is no scheme. */
static const struct store {
    const char *name;
    int port;
    const char *host_key; /* "hosts" is a list */
} stores[] = {
    {"zookeeper", 2181, "hosts"}, {"exhibitor", 8181, "hosts"}, {"consul", 8500, "host"},
    {"etcd", 2379, "host"},       {"etcd3", 2379, "host"},
};
#define STORES (sizeof stores / sizeof *stores)
#define ETCD 3

static bool find_store(struct arena *arena, const char *scheme, int port, const struct store **store, struct err *err)
{
    for (size_t i = 0; i < STORES; i++) {
        if (*scheme ? str_equal(stores[i].name, scheme) : stores[i].port == port) {
            *store = &stores[i];
            return true;
        }
    }
    if (*scheme)
        return err_set(err, arena, ERR_FAILED, "Unknown dcs scheme: %s", scheme);
    *store = &stores[ETCD];
    return true;
}

static struct value make_section(struct arena *arena, const struct store *store, const char *host, int port)
{
    struct value section = value_map(), hosts = value_list();
    struct value address = value_string(arena_printf(arena, "%s:%d", host, port));

    if (str_equal(store->name, "exhibitor")) {
        address = value_copy_string(arena, host);
        value_map_set(arena, &section, "port", value_int(port));
    }
    value_list_add(arena, &hosts, address);
    value_map_set(arena, &section, store->host_key, str_equal(store->host_key, "hosts") ? hosts : address);
    return section;
}

/* Patroni puts the host into a line of YAML, between quotes. */
static bool is_quotable(const char *host)
{
    for (; *host; host++)
        if (*host == '\'' || (unsigned char)*host < ' ' || *host == 0x7f)
            return false;
    return true;
}

/* The path without the parameters that Python takes off when there is no scheme, and without blanks around it. */
static const char *namespace_of(struct arena *arena, const struct url *url)
{
    char *path = arena_strdup(arena, url->path), *last = strrchr(path, '/');
    char *parameters = strchr(last ? last : path, ';');

    if (!*url->scheme && parameters)
        *parameters = '\0';
    const char *trimmed = pytext_strip(arena, path);
    return *path && !str_equal(trimmed, "/") ? trimmed : NULL;
}

static bool read_recorded(struct arena *arena, const char *text, struct value *tree, struct err *err)
{
    const struct store *store = NULL;
    struct url url;
    int port;

    /* The URL may hold a password, so no message shows it. */
    if (!url_parse(arena, strstr(text, "//") ? text : arena_printf(arena, "//%s", text), &url, err) ||
        !url_port(&url, arena, &port, err))
        return err_wrap(err, arena, "the URL of the DCS");
    if (!find_store(arena, url.scheme, port, &store, err))
        return false;
    const char *host = url.host ? url.host : "localhost", *namespace = namespace_of(arena, &url);
    if (!is_quotable(host))
        return err_set(err, arena, ERR_FAILED, "the URL of the DCS: the host is not valid");

    struct value read = value_map();
    value_map_set(arena, &read, store->name, make_section(arena, store, host, port ? port : store->port));
    if (namespace)
        value_map_set(arena, &read, "namespace", value_string(namespace));
    *tree = read;
    return true;
}

/* An address as pgha takes it: [[SCHEME:]//][USER:PASSWORD@]HOST[:PORT][,HOST[:PORT]...][/NAMESPACE]. */
struct address {
    struct arena *arena;
    const char *text; /* all of it, for messages */
    const char *scheme;
    const char *user; /* NULL: none */
    const char *password;
    const char *hosts;
    const char *namespace; /* "/..." or "" */
    struct err *err;
};

static bool refuse(const struct address *address, const char *what)
{
    return err_set(address->err, address->arena, ERR_FAILED,
                   "the DCS URL \"%s\" (-d or DCS_URL) %s; write SCHEME://USER:PASSWORD@HOST:PORT/NAMESPACE, such as "
                   "etcd3://10.0.0.1:2379",
                   conceal_address(address->arena, address->text), what);
}

/* Stores that Patroni knows and pgha does not are named by a scheme or by a port. */
static bool refuse_store(const struct address *address, const char *store)
{
    if (*address->scheme)
        return refuse(address, arena_printf(address->arena,
                                            "has the scheme \"%.40s\", and only etcd3 and etcd are known", store));
    return refuse(address,
                  arena_printf(address->arena, "has the port of %s, and only etcd3 and etcd are known", store));
}

static const char *take_scheme(struct address *address, const char *text)
{
    size_t length = strcspn(text, ":/@");

    address->scheme = "";
    if (length && str_starts_with(text + length, "://")) {
        address->scheme = pytext_lower(address->arena, arena_strndup(address->arena, text, length));
        return text + length + strlen("://");
    }
    return str_starts_with(text, "//") ? text + strlen("//") : text;
}

static bool take_credentials(struct address *address, const char *credentials)
{
    const char *colon = strchr(credentials, ':');

    address->user =
        url_decode(address->arena, arena_strndup(address->arena, credentials,
                                                 colon ? (size_t)(colon - credentials) : strlen(credentials)));
    address->password = colon ? url_decode(address->arena, colon + 1) : NULL;
    if (!*address->user || !address->password || !*address->password)
        return refuse(address, "has a user without password, or a password without user");
    return (utf8_valid(address->user, strlen(address->user)) &&
            utf8_valid(address->password, strlen(address->password))) ||
           refuse(address, "has credentials that are not UTF-8");
}

static bool take_apart(struct address *address)
{
    struct arena *arena = address->arena;
    const char *text = take_scheme(address, str_trim(arena, address->text));
    const char *end = text + strcspn(text, "/?#"), *at = memrchr(text, '@', (size_t)(end - text));

    if (strchr(end, '@'))
        return refuse(address, "has a \"/\", \"?\" or \"#\" in front of an \"@\": in a user name or a password write "
                               "%2F, %3F or %23 for them, and %40 for an \"@\" elsewhere");
    if (strpbrk(end, "?#"))
        return refuse(address, "has a \"?\" or a \"#\"");
    if (str_starts_with(end, "//"))
        return refuse(address, "has a \"//\" behind the host");
    if (at && !take_credentials(address, arena_strndup(arena, text, (size_t)(at - text))))
        return false;
    text = at ? at + 1 : text;
    address->hosts = arena_strndup(arena, text, (size_t)(end - text));
    address->namespace = pytext_strip(arena, url_decode(arena, end));
    return true;
}

/* One host, "" for localhost, with the port of the store when it has none; `*port` is 0 then. */
static bool read_one(const struct address *address, const char *text, const char **host, int *port)
{
    struct url url;
    struct err ignored = ERR_INIT;
    const char *authority = arena_printf(address->arena, "//%s", text);

    if (str_ends_with(text, ":") || strpbrk(text, " \t\"'\\<>^`{|}$") || !utf8_is_plain(text) ||
        !url_parse(address->arena, authority, &url, &ignored))
        return refuse(address, "has a host that is not valid");
    if (!url_port(&url, address->arena, port, &ignored))
        return refuse(address, "has a port that is no number up to 65535");
    *host = url.host ? url.host : "localhost";
    return true;
}

static bool read_hosts(const struct address *address, const struct store **store, struct value *hosts)
{
    struct arena *arena = address->arena;

    *hosts = value_list();
    for (const char *text = address->hosts; text;) {
        size_t length = strcspn(text, ",");
        const char *element = str_trim(arena, arena_strndup(arena, text, length)), *host = "";
        struct err unknown = ERR_INIT;
        int port = 0;

        if (!*element && (text[length] || hosts->length))
            return refuse(address, "has an empty host among several");
        if (!read_one(address, element, &host, &port))
            return false;
        if (!*store && !find_store(arena, address->scheme, port, store, &unknown))
            return refuse_store(address, address->scheme);
        if (!str_starts_with((*store)->name, "etcd"))
            return refuse_store(address, (*store)->name);
        value_list_add(arena, hosts,
                       value_string(arena_printf(arena, strchr(host, ':') ? "[%s]:%d" : "%s:%d", host,
                                                 port ? port : (*store)->port)));
        text = text[length] ? text + length + 1 : NULL;
    }
    return true;
}

static bool read_own(struct arena *arena, const char *text, struct value *tree, struct err *err)
{
    struct address address = {.arena = arena, .text = text, .err = err};
    struct value read = value_map(), section = value_map(), hosts;
    const struct store *store = NULL;

    if (!take_apart(&address) || !read_hosts(&address, &store, &hosts))
        return false;
    bool several = hosts.length > 1;
    value_map_set(arena, &section, several ? "hosts" : "host", several ? hosts : hosts.items[0]);
    if (address.user) {
        value_map_set(arena, &section, "username", value_string(address.user));
        value_map_set(arena, &section, "password", value_string(address.password));
    }
    value_map_set(arena, &read, store->name, section);
    if (*address.namespace && !str_equal(address.namespace, "/"))
        value_map_set(arena, &read, "namespace", value_string(address.namespace));
    *tree = read;
    return true;
}

bool dcs_url_read(struct arena *arena, const char *text, struct differences differences, struct value *tree,
                  struct err *err)
{
    return differences_has(differences, DIFF_DCS_URL) ? read_own(arena, text, tree, err)
                                                      : read_recorded(arena, text, tree, err);
}
