/* What an etcd with API v3 answers, made from keys and values. */
#ifndef PGHA_TEST_STORE_H
#define PGHA_TEST_STORE_H

#include <string.h>

#include "fake_http.h"
#include "pgha/arena.h"
#include "pgha/base64.h"
#include "pgha/str.h"

static inline struct fake_answer store_answer(struct arena *arena, const char *body)
{
    return (struct fake_answer){
        .keep = true,
        .text = arena_printf(arena, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%s", strlen(body), body)};
}

/* The answer to a compare-and-set that found what it expected, or not. */
static inline struct fake_answer store_txn(struct arena *arena, bool succeeded)
{
    return store_answer(arena, succeeded ? "{\"header\":{\"revision\":\"8\"},\"succeeded\":true,\"responses\":"
                                           "[{\"response_put\":{\"header\":{\"revision\":\"8\"}}}]}"
                                         : "{\"header\":{\"revision\":\"7\"}}");
}

/* The answer to a range request: key, value, key, value, …, NULL. */
static inline struct fake_answer store_range(struct arena *arena, const char *const *pairs)
{
    struct str body;

    str_init(&body, arena);
    str_add(&body, "{\"header\":{\"revision\":\"7\"},\"kvs\":[");
    for (size_t i = 0; pairs[i]; i += 2)
        str_printf(&body, "%s{\"key\":\"%s\",\"value\":\"%s\",\"mod_revision\":\"5\"}", i ? "," : "",
                   base64_encode(arena, pairs[i], strlen(pairs[i])),
                   base64_encode(arena, pairs[i + 1], strlen(pairs[i + 1])));
    str_add(&body, "]}");
    return store_answer(arena, body.text);
}

#endif
