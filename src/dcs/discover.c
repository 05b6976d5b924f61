#include "discover.h"

#include <jansson.h>
#include <string.h>
#include <strings.h>

#include "pgha/arena.h"
#include "pgha/conceal.h"
#include "pgha/log.h"
#include "pgha/signals.h"
#include "pgha/str.h"
#include "srv.h"

/* The services that Patroni asks for, in its order. Those of peers only tell where the list of members is. */
static const struct {
    const char *service;
    const char *scheme;
    bool of_peers;
} services[] = {
    {"-client-ssl", "https", false}, {"-client", "http", false}, {"-ssl", "https", false}, {"", "http", false},
    {"-server-ssl", "https", true},  {"-server", "http", true},
};

static const char *base_of(struct arena *arena, const char *scheme, const struct srv_target *target)
{
    return arena_printf(arena, "%s://%s:%d", scheme, target->host, target->port);
}

/* Credentials must not go without TLS where it was asked for, or where the peers themselves have it. */
static void take_peer_url(struct dcs *dcs, const char *peer, const char *url, struct endpoints *found)
{
    bool plain = url && strncasecmp(url, "https:", strlen("https:")) != 0;
    bool tls = dcs->endpoints.tls_wanted || str_starts_with(peer, "https:");

    if (url && (!differs(dcs, DIFF_SRV_TLS) || !plain || !tls))
        endpoints_add(dcs->arena, found, url);
}

/* Asks a peer for its members. Nothing secret is sent, and nobody says which authority signs for peers: no check. */
static bool ask_peer(struct dcs *dcs, const char *base, deadline_t deadline, struct endpoints *found)
{
    static const struct http_tls unchecked = {.no_verify_peer = true};
    struct http_request request = {
        .method = "GET",
        .url = arena_printf(dcs->arena, "%s/members", base),
        .tls = &unchecked,
        .deadline = deadline,
    };
    struct http_reply reply = http_send(dcs->http, dcs->arena, &request);
    json_t *json = NULL, *member, *url;
    size_t i, k;

    if (reply.outcome == HTTP_ANSWERED && reply.status < 400)
        json = json_loadb(reply.body, reply.body_length, 0, NULL);
    json_array_foreach(json, i, member) json_array_foreach(json_object_get(member, "clientURLs"), k, url)
        take_peer_url(dcs, base, json_string_value(url), found);
    json_decref(json);
    return found->count;
}

static void look_for(struct dcs *dcs, size_t service, deadline_t deadline, struct endpoints *found)
{
    struct arena *arena = dcs->arena;
    const struct endpoints *endpoints = &dcs->endpoints;
    const char *suffix = endpoints->srv_suffix;
    const char *name = arena_printf(arena, "_etcd%s%s%s._tcp.%s", services[service].service, suffix ? "-" : "",
                                    suffix ? suffix : "", endpoints->srv);
    struct srv_target *targets;
    size_t count;

    if (!srv_lookup(arena, name, deadline, &targets, &count))
        return;
    for (size_t i = 0; i < count && i < ENDPOINTS_MOST; i++) {
        const char *base = base_of(arena, services[service].scheme, &targets[i]);

        if (!services[service].of_peers)
            endpoints_add(arena, found, base);
        else if (ask_peer(dcs, base, deadline, found) || !deadline_left(deadline))
            break;
    }
}

/* Whoever can hide the records of the servers with TLS must not get the credentials without it. */
static bool is_wanted(const struct dcs *dcs, size_t service)
{
    return !differs(dcs, DIFF_SRV_TLS) || !dcs->endpoints.tls_wanted || services[service].of_peers ||
           str_equal(services[service].scheme, "https");
}

bool discover(struct dcs *dcs, deadline_t deadline, struct err *err)
{
    struct endpoints *endpoints = &dcs->endpoints, found = {.count = 0};
    /* Half of the time, so that the configured servers can be asked when no name server answers. */
    deadline_t half = clock_ms() + deadline_left(deadline) / 2;

    if (!endpoints->srv || endpoints->discovered)
        return true;
    for (size_t i = 0; i < sizeof services / sizeof *services && !found.count && !signals_pending(); i++)
        if (is_wanted(dcs, i))
            look_for(dcs, i, half, &found);
    if (signals_pending())
        return err_set(err, dcs->arena, ERR_ABORTED, ERR_MESSAGE_ABORTED);
    if (found.count) {
        endpoints->bases = found.bases;
        endpoints->count = found.count;
        endpoints->discovered = true;
        return true;
    }
    if (!endpoints->srv_missed)
        log_warning(dcs->log, "Can not resolve SRV for %s", conceal_address(dcs->arena, endpoints->srv));
    endpoints->srv_missed = true;
    endpoints->discovered = endpoints->count;
    return endpoints->count || err_set(err, dcs->arena, ERR_UNREACHABLE, "no SRV record of %s names a server of etcd%s",
                                       conceal_address(dcs->arena, endpoints->srv),
                                       endpoints->tls_wanted && differs(dcs, DIFF_SRV_TLS) ? " with TLS" : "");
}
