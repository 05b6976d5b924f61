/* The parts of the etcd v3 backend. */
#ifndef PGHA_DCS_ETCD3_H
#define PGHA_DCS_ETCD3_H

#include <jansson.h>

#include "backend.h"

/*
 * Calls a method that reads, such as "/kv/range"; `json` is freed. An error that the server answers with is an error:
 * ERR_CREDENTIALS, or ERR_FAILED.
 */
bool etcd3_call(struct dcs *dcs, struct arena *arena, const char *method, json_t *json, deadline_t deadline,
                struct http_reply *reply, struct err *err) PGHA_CHECKED;

/* Text as the gateway wants it, in base64. */
json_t *etcd3_encoded(struct arena *arena, const char *text);

/* One key now, and its first change after a revision: see struct dcs_backend. */
bool etcd3_read_key(struct dcs *dcs, struct arena *arena, const char *path, deadline_t deadline, bool *found,
                    struct dcs_node *node, struct err *err) PGHA_CHECKED;
bool etcd3_first_change(struct dcs *dcs, struct arena *arena, const char *path, int64_t after, deadline_t deadline,
                        struct dcs_change *change, struct err *err) PGHA_CHECKED;

#endif
