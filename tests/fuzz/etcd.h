/* A reply of a store: the first byte chooses the status, the others are the body. */
#ifndef PGHA_FUZZ_ETCD_H
#define PGHA_FUZZ_ETCD_H

#include "ask.h"
#include "fuzz.h"

/* Takes it as a whole tree or as names alone. Parsing may write to the body, which is copied. */
static inline void fuzz_take(const struct dcs_backend *backend, struct arena *arena, struct http_reply reply,
                             bool names)
{
    const char *bases[] = {"http://127.0.0.1:1"};
    struct dcs dcs = {.backend = backend,
                      .arena = arena,
                      .endpoints = {.bases = bases, .count = 1, .fixed = true},
                      .prefix = "/v3",
                      .peer_advice = ""};
    struct dcs_tree tree = {0};
    struct err err = ERR_INIT;
    bool done = false;

    reply.body = arena_memdup(arena, reply.body, reply.body_length + 1);
    if (!backend->peek_take(&dcs, arena, "/service/demo", names, &reply, &done, &tree, &err))
        FUZZ_CHECK_ERR(err);
    for (size_t i = 0; done && i < tree.count; i++)
        FUZZ_CHECK(tree.nodes[i].key && tree.nodes[i].value && !tree.nodes[i].value[tree.nodes[i].length]);
}

static inline void fuzz_reply(const struct dcs_backend *backend, const uint8_t *data, size_t size)
{
    static const int statuses[] = {200, 201, 400, 401, 403, 404, 412, 500, 503};
    struct arena *arena = arena_new(NULL);
    int status = size ? statuses[*data % (sizeof statuses / sizeof *statuses)] : 200;
    char *body = arena_alloc(arena, size + 1);

    for (size_t i = 1; i < size; i++)
        body[i - 1] = (char)data[i];
    struct http_reply reply = {
        .outcome = HTTP_ANSWERED, .status = status, .body = body, .body_length = size ? size - 1 : 0};
    if (!backend->why_unavailable(arena, &reply)) {
        fuzz_take(backend, arena, reply, false);
        fuzz_take(backend, arena, reply, true);
    }
    arena_free(arena);
}

#endif
