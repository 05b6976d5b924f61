#include "pgha/arena.h"

#include "ask.h"

/* A wrong prefix, a version, a token, a stale one, another one, the tree. */
#define MAX_STEPS 6

struct dcs_peek {
    struct dcs *dcs;
    struct arena *arena;
    const char *path;
    bool names;
    deadline_t deadline;
    size_t endpoint;
    size_t tried; /* servers that have failed */
    size_t steps;
};

/* Asks the server whose turn it is. */
static bool ask_next(struct dcs_peek *peek)
{
    const struct endpoints *endpoints = &peek->dcs->endpoints;
    struct ask ask;
    struct err ignored = ERR_INIT;
    int64_t left = deadline_left(peek->deadline);

    if (peek->tried >= endpoints->count || peek->steps++ >= MAX_STEPS + peek->tried || !left ||
        !peek->dcs->backend->peek_ask(peek->dcs, peek->arena, peek->path, peek->names, &ask, &ignored))
        return false;
    peek->endpoint = (endpoints->preferred + peek->tried) % endpoints->count;
    ask_start(peek->dcs, peek->arena, &ask, endpoints->bases[peek->endpoint],
              clock_ms() + left / (int64_t)(endpoints->count - peek->tried), peek);
    return true;
}

struct dcs_peek *dcs_peek_start(struct dcs *dcs, struct arena *arena, const char *path, bool names, deadline_t deadline)
{
    struct dcs_peek *peek = arena_alloc(arena, sizeof *peek);

    *peek = (struct dcs_peek){.dcs = dcs, .arena = arena, .path = path, .names = names, .deadline = deadline};
    return ask_next(peek) ? peek : NULL;
}

enum dcs_peek_state dcs_peek_take(struct dcs_peek *peek, struct http_transfer *transfer, struct dcs_tree *tree)
{
    struct http_reply reply = *http_transfer_reply(transfer);
    const struct dcs_backend *backend = peek->dcs->backend;
    struct dcs_tree read = {.count = 0};
    struct err ignored = ERR_INIT;
    bool done = false;

    if (reply.outcome != HTTP_ANSWERED || backend->why_unavailable(peek->arena, &reply)) {
        peek->tried++;
        return ask_next(peek) ? DCS_PEEK_WAITING : DCS_PEEK_FAILED;
    }
    if (!backend->peek_take(peek->dcs, peek->arena, peek->path, peek->names, &reply, &done, &read, &ignored))
        return DCS_PEEK_FAILED;
    if (!done)
        return ask_next(peek) ? DCS_PEEK_WAITING : DCS_PEEK_FAILED;
    peek->dcs->endpoints.preferred = peek->endpoint;
    dcs_tree_sort(&read);
    *tree = read;
    return DCS_PEEK_DONE;
}
