/* What the stores in this folder share: the handle, the table of their operations, and how they ask. */
#ifndef PGHA_DCS_BACKEND_H
#define PGHA_DCS_BACKEND_H

#include "pgha/dcs.h"
#include "pgha/differs.h"
#include "pgha/http.h"

#include "endpoints.h"

struct ask;

struct dcs {
    const struct dcs_backend *backend;
    struct arena *arena;
    struct http *http;
    const struct log *log;
    struct endpoints endpoints;
    struct differences differences;
    bool unverified;          /* reads are answered by whichever server is asked, from what it has */
    int64_t seen;             /* a revision that the store had by the last read of a tree; 0: none is known */
    bool write_ended;         /* the last write got an error of which the store says that nothing is under way */
    bool quorum_lost;         /* one of them has said so after the last read that failed */
    const char *prefix;       /* etcd3: "/v3", or what an older server has instead */
    const char *token;        /* etcd3: from the last authentication, NULL for none; secret */
    const char *section_name; /* for errors: where the configuration of the store is */
    const char *login_advice; /* added to the error that credentials are needed */
    const char *peer_advice;  /* added to the error that no server answers; "" without anything to say */
    const char *tls_advice;   /* what to do when a server wants TLS and was asked without; NULL: nothing is known */
    bool no_credentials;      /* etcd3: the server says that it wants none */
};

/* The first change of a key after a revision of the store. */
struct dcs_change {
    bool known;        /* false: there was none so far */
    bool deleted;      /* with its directory, maybe */
    const char *value; /* unless deleted */
    int64_t before;    /* the key's revision until then, DCS_ABSENT when there was no such key; DCS_ANY: not known */
};

/*
 * The operations of dcs.h. A write that was sent and not answered, or not as the store answers this very call, fails
 * with ERR_UNKNOWN; dcs.c then finds out with `read_key`, `first_change` or `read_trees`.
 */
struct dcs_backend {
    const char *section;
    bool (*read_trees)(struct dcs *dcs, struct arena *arena, const char *const *paths, size_t count,
                       deadline_t deadline, struct dcs_tree *trees, struct err *err);
    /* `*found` is false for a key that does not exist; `node->revision` is one that the store has reached then. */
    bool (*read_key)(struct dcs *dcs, struct arena *arena, const char *path, deadline_t deadline, bool *found,
                     struct dcs_node *node, struct err *err);
    /* Fails, or waits in vain, when the store does not remember. `after` is a revision that it has had. */
    bool (*first_change)(struct dcs *dcs, struct arena *arena, const char *path, int64_t after, deadline_t deadline,
                         struct dcs_change *change, struct err *err);
    bool (*list)(struct dcs *dcs, struct arena *arena, const char *path, deadline_t deadline, const char ***names,
                 size_t *count, struct err *err);
    /* See dcs_find(); `*names` and `*count` come empty. */
    bool (*find)(struct dcs *dcs, struct arena *arena, const char *name, deadline_t deadline, const char ***names,
                 size_t *count, struct err *err);
    bool (*put_if)(struct dcs *dcs, struct arena *arena, const char *path, const char *value, int64_t revision,
                   deadline_t deadline, struct err *err);
    bool (*delete_if)(struct dcs *dcs, struct arena *arena, const char *path, int64_t revision, deadline_t deadline,
                      struct err *err);
    bool (*remove_tree)(struct dcs *dcs, struct arena *arena, const char *path, deadline_t deadline, struct err *err);
    /* The answer of a server that cannot serve at the moment, so that another one should be asked; why, or NULL. */
    const char *(*why_unavailable)(struct arena *arena, const struct http_reply *reply);
    /* Asks the server at `base` for all servers of the store and adds them to the endpoints; quiet when it fails. */
    void (*learn)(struct dcs *dcs, struct arena *arena, const char *base, deadline_t deadline);
    /*
     * Reading a tree step by step, see peek.c: what is to be asked next, and what came of it. `*done` is set with the
     * tree; a step that went well without that is followed by another one. `tree` comes empty.
     */
    bool (*peek_ask)(struct dcs *dcs, struct arena *arena, const char *path, bool names, struct ask *ask,
                     struct err *err);
    bool (*peek_take)(struct dcs *dcs, struct arena *arena, const char *path, bool names, struct http_reply *reply,
                      bool *done, struct dcs_tree *tree, struct err *err);
};

extern const struct dcs_backend dcs_etcd2, dcs_etcd3;

/* The first level of `key` below a listed path, added to `names` unless it is there already; keys come sorted. */
void dcs_names_add(struct arena *arena, const char ***names, size_t *count, const char *name, size_t length);

#endif
