#include "dcs_url.h"

#include <string.h>

#include "pgha/arena.h"
#include "pgha/pytext.h"
#include "pgha/str.h"
#include "pgha/url.h"

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

bool dcs_url_read(struct arena *arena, const char *text, struct value *tree, struct err *err)
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
