/*
 * The store that holds the cluster's state. It moves keys, values and revisions and has no idea what a member is. A new
 * store is one file in src/dcs and one row in its table.
 */
#ifndef PGHA_DCS_H
#define PGHA_DCS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pgha/clock.h"
#include "pgha/err.h"

struct arena;
struct config;
struct http;
struct log;
struct dcs;

struct dcs_node {
    const char *key;   /* relative to the path that was read, without a leading slash: "members/pg1" */
    const char *value; /* ends in a NUL that `length` does not count */
    size_t length;
    int64_t revision; /* etcd3: mod_revision; etcd v2: modifiedIndex */
    bool leased;      /* bound to a lease or a TTL */
};

struct dcs_tree {
    struct dcs_node *nodes; /* sorted by key, bytewise */
    size_t count;
    int64_t revision; /* the store had it when it was read, or a later one; etcd v2: the highest of the nodes */
};

/* Appends a node to a tree that grows. */
void dcs_tree_add(struct arena *arena, struct dcs_tree *tree, struct dcs_node node);

/* Brings the nodes into the order of their keys. */
void dcs_tree_sort(struct dcs_tree *tree);

#define DCS_ANY (-1) /* no version check: patronictl makes none there */
#define DCS_ABSENT 0 /* the key must not exist */

/*
 * Opens the store that the configuration names (sections in the order consul, etcd, etcd3, exhibitor, kubernetes, raft,
 * zookeeper; only etcd and etcd3 are supported) without asking it anything. Fails with ERR_FAILED when there is no
 * usable section.
 */
bool dcs_open(struct arena *arena, const struct config *config, struct http *http, const struct log *log,
              struct dcs **dcs, struct err *err) PGHA_CHECKED;

/*
 * Reads every key below `path` ("/service/batman"; the slash behind it is added, whatever it ends in, so that
 * "/service/batman/" is another place in a store that tells them apart) in one request, so that what is built from it
 * shows a single moment. "" is the root. A path without keys is an empty tree. Everything lives in `arena`. Fails with
 * ERR_UNREACHABLE once every endpoint was tried or `deadline` passed; ERR_CREDENTIALS, ERR_TLS, ERR_FAILED otherwise.
 * Called as pgha, the last tenth of the time is for asking the servers whether there is no quorum.
 */
bool dcs_read_tree(struct dcs *dcs, struct arena *arena, const char *path, deadline_t deadline, struct dcs_tree *tree,
                   struct err *err) PGHA_CHECKED;

/* The same for several paths, many of them at once. The first that fails ends them all. */
bool dcs_read_trees(struct dcs *dcs, struct arena *arena, const char *const *paths, size_t count, deadline_t deadline,
                    struct dcs_tree *trees, struct err *err) PGHA_CHECKED;

/*
 * The same from what a single server has, without asking the others: possibly old, and all that can be had when the
 * store has lost its quorum. `*server` is the address of the one that answered, the last one for several paths.
 */
bool dcs_read_trees_unverified(struct dcs *dcs, struct arena *arena, const char *const *paths, size_t count,
                               deadline_t deadline, struct dcs_tree *trees, const char **server,
                               struct err *err) PGHA_CHECKED;

/*
 * The namespaces that have a cluster of this name: "/service". Looks at a limited number of keys, so there may be more;
 * fails where the user must not read all keys.
 */
bool dcs_find(struct dcs *dcs, struct arena *arena, const char *name, deadline_t deadline, const char ***namespaces,
              size_t *count, struct err *err) PGHA_CHECKED;

/* The names one level below `path`, sorted, each once: the clusters of a namespace. */
bool dcs_list(struct dcs *dcs, struct arena *arena, const char *path, deadline_t deadline, const char ***names,
              size_t *count, struct err *err) PGHA_CHECKED;

/*
 * Writes `value` to the key at `path` if its revision is still `revision` (or DCS_ANY, DCS_ABSENT). Fails with
 * ERR_CONFLICT when it is not; nothing is written then. ERR_UNKNOWN when the request was sent and its outcome could not
 * be learned: the server gave no answer, or one that is not the store's to this very call, and what is in the store
 * proves it neither way (see src/dcs/settle.h).
 */
bool dcs_put_if(struct dcs *dcs, struct arena *arena, const char *path, const char *value, int64_t revision,
                deadline_t deadline, struct err *err) PGHA_CHECKED;

/* Deletes one key under the same condition. A key that does not exist is ERR_CONFLICT unless DCS_ANY. */
bool dcs_delete_if(struct dcs *dcs, struct arena *arena, const char *path, int64_t revision, deadline_t deadline,
                   struct err *err) PGHA_CHECKED;

/* Deletes every key below `path`. */
bool dcs_remove_tree(struct dcs *dcs, struct arena *arena, const char *path, deadline_t deadline,
                     struct err *err) PGHA_CHECKED;

/*
 * Reads a tree without waiting, for the shell's prompt: somebody else waits with http_wait_or_input() on the handle
 * that the store was opened with, and hands over each transfer that ended.
 */
struct dcs_peek;
struct http_transfer;
enum dcs_peek_state { DCS_PEEK_WAITING, DCS_PEEK_DONE, DCS_PEEK_FAILED };

/*
 * NULL when there is no server to ask, as with SRV records that nobody has looked up. The servers are asked in turn,
 * each for its share of the time. With `names` the tree has only what dcs_tree_names() needs. Everything lives in
 * `arena`, which ends what is under way.
 */
struct dcs_peek *dcs_peek_start(struct dcs *dcs, struct arena *arena, const char *path, bool names,
                                deadline_t deadline);
enum dcs_peek_state dcs_peek_take(struct dcs_peek *peek, struct http_transfer *transfer, struct dcs_tree *tree);

/* The names one level below the path that a tree was read from, as dcs_list() gives them: put behind what `*names` has.
 */
void dcs_tree_names(struct arena *arena, const struct dcs_tree *tree, const char ***names, size_t *count);

/* Whether one of the servers has said so after the last read, not an unverified one, that got no answer. */
bool dcs_quorum_lost(const struct dcs *dcs);

/* Name of the section in use, for messages: "etcd" or "etcd3". */
const char *dcs_kind(const struct dcs *dcs);

#endif
