#include "health.h"

#include <jansson.h>
#include <string.h>

#include "ask.h"
#include "pgha/arena.h"
#include "pgha/signals.h"
#include "pgha/str.h"

/* Without a leader, or with one that does not get a majority, etcd calls itself unhealthy: {"health":"false"}. */
static bool is_unhealthy(const struct http_reply *reply)
{
    json_t *json = reply->outcome == HTTP_ANSWERED ? json_loadb(reply->body, reply->body_length, 0, NULL) : NULL;
    bool unhealthy = str_equal(json_string_value(json_object_get(json, "health")), "false");

    json_decref(json);
    return unhealthy;
}

bool health_explain(struct dcs *dcs, struct arena *arena, deadline_t deadline, struct err *err)
{
    static const struct ask ask = {.method = "GET", .path = "/health"};
    const struct endpoints *endpoints = &dcs->endpoints;
    struct http_transfer **transfers = arena_calloc(arena, endpoints->count, sizeof *transfers);
    const char *found = NULL;

    for (size_t i = 0; i < endpoints->count; i++)
        transfers[i] = ask_start(dcs, arena, &ask, endpoints->bases[i], deadline, &endpoints->bases[i]);
    for (size_t left = endpoints->count; left && !found; left--) {
        const struct http_transfer *ended = http_wait(dcs->http, deadline);

        if (!ended)
            break;
        if (is_unhealthy(http_transfer_reply(ended)))
            found = *(const char *const *)http_transfer_owner(ended);
    }
    for (size_t i = 0; i < endpoints->count; i++)
        http_cancel(transfers[i]);
    if (signals_pending())
        return err_set(err, arena, ERR_ABORTED, ERR_MESSAGE_ABORTED);
    const char *details = strstr(err->message, ": ");
    dcs->quorum_lost = found;
    return found && err_set(err, arena, ERR_UNREACHABLE, "%s has lost its quorum, as %s says (%s)",
                            dcs->backend->section, found, details ? details + 2 : err->message);
}
