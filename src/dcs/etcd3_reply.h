/* Replies of etcd's v3 JSON gateway. */
#ifndef PGHA_DCS_ETCD3_REPLY_H
#define PGHA_DCS_ETCD3_REPLY_H

#include <jansson.h>

#include "pgha/dcs.h"

/*
 * Reads a reply of /kv/range. Keys and values are decoded in place: the nodes point into `body`, so a large cluster
 * costs no second copy. Keys that do not start with `prefix` are left out, the others are relative to it. Fails with
 * ERR_FAILED when the body is no such reply: every one of etcd's has a header with the store's revision, which becomes
 * that of the tree, so "{}" is no empty cluster.
 */
bool etcd3_parse_range(struct arena *arena, char *body, size_t length, const char *prefix, struct dcs_tree *tree,
                       struct err *err) PGHA_CHECKED;

/* gRPC's codes, as far as somebody branches on them. */
enum grpc_code {
    GRPC_UNKNOWN = 2,
    GRPC_INVALID_ARGUMENT = 3,
    GRPC_DEADLINE_EXCEEDED = 4,
    GRPC_NOT_FOUND = 5,
    GRPC_PERMISSION_DENIED = 7,
    GRPC_RESOURCE_EXHAUSTED = 8,
    GRPC_UNIMPLEMENTED = 12,
    GRPC_UNAVAILABLE = 14,
    GRPC_UNAUTHENTICATED = 16,
};

struct etcd3_error {
    int code;
    const char *message; /* one line, without "etcdserver: " */
    bool refusal;        /* it is etcd's own, and says that nothing was done */
    bool ended; /* it is etcd's own, and nothing will be done any more: "database space exceeded" comes in front of
                   a write and behind one (server/etcdserver/apply/quota.go) */
};

/* Reads the error in the body of a reply with status `status`; a body that is none gives code 0 and a message. */
struct etcd3_error etcd3_parse_error(struct arena *arena, const char *body, size_t length, int status);

/* The calls that change something. */
enum etcd3_write { ETCD3_PUT, ETCD3_DELETE, ETCD3_PUT_IF, ETCD3_DELETE_IF };

enum etcd3_outcome { ETCD3_WRITTEN, ETCD3_COMPARE_FAILED, ETCD3_NO_ANSWER };

/*
 * Reads the answer to such a call, strictly: the outcome is ETCD3_NO_ANSWER unless it is an answer of exactly this call
 * from a store whose revision was `seen` before. A portal's page, "{}", and what etcd says to another call are none.
 */
enum etcd3_outcome etcd3_parse_write(enum etcd3_write call, const char *body, size_t length, int64_t seen);

#endif
