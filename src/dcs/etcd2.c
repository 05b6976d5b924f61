#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "pgha/arena.h"
#include "pgha/str.h"

#include "ask.h"
#include "etcd2_path.h"

/* Error codes of the v2 API, as far as somebody branches on them. */
enum {
    CODE_NOT_FOUND = 100,
    CODE_COMPARE_FAILED = 101,
    CODE_EXISTS = 105,
    CODE_UNAUTHORIZED = 110,
    CODE_RAFT_INTERNAL = 300,
    CODE_LEADER_ELECTION = 301,
};

/* Far more than Patroni's keys need. */
#define MAX_DEPTH 20
/* How many folders are looked into for a cluster that is not where it was expected. */
#define MAX_FOLDERS 32

static void release_json(void *json)
{
    json_decref(json);
}

/* Percent-encoded unless it is one of the characters that mean nothing in a form. */
static void add_encoded(struct str *out, const char *text)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    for (; *text; text++)
        if (strchr(plain, *text))
            str_add_char(out, *text);
        else
            str_printf(out, "%%%02X", (unsigned char)*text);
}

static const char *why_unavailable(struct arena *arena, const struct http_reply *reply)
{
    if (reply->status < 500)
        return NULL;
    json_t *json = json_loadb(reply->body, reply->body_length, 0, NULL);
    const char *text = json_string_value(json_object_get(json, "message"));
    const char *cause = json_string_value(json_object_get(json, "cause"));
    const char *why = text ? arena_printf(arena, "%.100s: %.100s", text, cause ? cause : "")
                           : arena_printf(arena, "HTTP status %d", reply->status);
    json_decref(json);
    return why;
}

static struct ask to_ask(const struct dcs *dcs, struct arena *arena, const char *method, const char *key,
                         const char *query, const char *form)
{
    bool cut;
    const char *path = etcd2_path(arena, key, dcs->differences, &cut);

    return (struct ask){
        .method = method,
        .path =
            arena_printf(arena, "/v2/keys%s%s", *query == '/' && str_equal(path, "/") ? "" : path, cut ? "" : query),
        .body = form,
        .body_length = form ? strlen(form) : 0,
        .content_type = "application/x-www-form-urlencoded",
        .basic_auth = true,
        .write = strcmp(method, "GET") != 0,
    };
}

/* With which status etcd gives the errors that a caller has to judge itself. */
static bool is_for_caller(int code, int status)
{
    return (code == CODE_NOT_FOUND && status == 404) ||
           ((code == CODE_COMPARE_FAILED || code == CODE_EXISTS) && status == 412);
}

/*
 * Turns what etcd refuses into an error; `*code` is etcd's error code, 0 for none, when it is one of those that the
 * caller has to judge itself (not found, compare failed, exists). `*json` belongs to `arena`.
 */
static bool understand(struct dcs *dcs, struct arena *arena, const struct http_reply *reply, json_t **json, int *code,
                       struct err *err)
{
    const char *base = dcs->endpoints.bases[dcs->endpoints.preferred];

    *json = arena_own(arena, json_loadb(reply->body, reply->body_length, 0, NULL), release_json);
    *code = (int)json_integer_value(json_object_get(*json, "errorCode"));
    if (reply->status == 401 || reply->status == 403 || *code == CODE_UNAUTHORIZED)
        return err_set(err, arena, ERR_CREDENTIALS,
                       dcs->endpoints.user ? "etcd refuses the credentials of %s"
                                           : "etcd wants credentials: username and password in %s are needed%s",
                       dcs->section_name, dcs->login_advice);
    if (reply->status == 404 && !*json)
        return err_set(err, arena, ERR_FAILED,
                       "%s does not serve etcd's v2 API: start etcd with --enable-v2, or use a section etcd3 instead "
                       "of etcd",
                       base);
    if (!json_is_object(*json))
        return err_set(err, arena, ERR_FAILED, "the reply of %s is no valid JSON of etcd's v2 API", base);
    if (reply->status < 300 || is_for_caller(*code, reply->status))
        return true;
    const char *text = json_string_value(json_object_get(*json, "message"));
    return err_set(err, arena, ERR_FAILED, "etcd says: %.200s", text ? text : "an error without a message");
}

static bool call(struct dcs *dcs, struct arena *arena, const char *method, const char *path, const char *query,
                 deadline_t deadline, json_t **json, int *code, struct err *err)
{
    struct ask ask = to_ask(dcs, arena, method, path, query, NULL);
    struct http_reply reply;

    if (!ask_send(dcs, arena, &ask, deadline, &reply, err) || !understand(dcs, arena, &reply, json, code, err))
        return false;
    return !*code || *code == CODE_NOT_FOUND ||
           err_set(err, arena, ERR_FAILED, "the reply of etcd is none of its v2 API");
}

/* A write and what it looks like when etcd has done it. */
struct write {
    const char *method;
    const char *query;
    const char *form;
    const char *action; /* "set" */
    const char *value;  /* that the key has now; NULL: none, it is gone */
    int refusals[2];    /* etcd's codes for a condition that does not hold */
};

/*
 * Whether etcd itself refuses the write, and so has not done it. Codes from 300 on are about the servers and about
 * waiting for events (server/etcdserver/api/v2error).
 */
static bool is_refusal(const struct http_reply *reply, const json_t *json)
{
    bool says_why = json_is_string(json_object_get(json, "message"));
    json_int_t code = json_integer_value(json_object_get(json, "errorCode"));

    /* About credentials it has no code. */
    return reply->status >= 400 && says_why &&
           ((code >= CODE_NOT_FOUND && code < CODE_RAFT_INTERNAL) || reply->status == 401 || reply->status == 403);
}

/* Whether the node is that of the key. What becomes of odd keys on their way is not looked into (see etcd2_path.h). */
static bool is_node_of(const json_t *node, const char *path)
{
    const char *key = json_string_value(json_object_get(node, "key"));
    bool odd = strpbrk(path, "%?#") || strstr(path, "//") || strstr(path, "/.");

    return key && (odd || str_equal(key, path));
}

/* Whether a store whose revision has been `seen` before says with this code that the write's condition does not hold.
 */
static bool is_unmet(const json_t *json, const struct write *write, int code, int64_t seen)
{
    return code && (code == write->refusals[0] || code == write->refusals[1]) &&
           json_integer_value(json_object_get(json, "index")) >= seen;
}

/* Whether it is the answer to exactly this write, from a store whose revision has been `seen` before. */
static bool is_done(const struct http_reply *reply, const json_t *json, const char *path, const struct write *write,
                    int64_t seen)
{
    const json_t *node = json_object_get(json, "node"), *value = json_object_get(node, "value");
    const char *action = json_string_value(json_object_get(json, "action"));
    bool same = write->value ? str_equal(json_string_value(value), write->value) : !value;

    return (reply->status == 200 || reply->status == 201) && str_equal(action, write->action) && same &&
           is_node_of(node, path) && json_integer_value(json_object_get(node, "modifiedIndex")) > seen;
}

/* `*code` as above. What is neither a refusal nor the answer to this write leaves open whether it has happened. */
static bool call_to_write(struct dcs *dcs, struct arena *arena, const char *path, const struct write *write,
                          deadline_t deadline, int *code, struct err *err)
{
    struct ask ask = to_ask(dcs, arena, write->method, path, write->query, write->form);
    struct http_reply reply;
    json_t *json;

    if (!ask_send(dcs, arena, &ask, deadline, &reply, err))
        return false;
    bool understood = understand(dcs, arena, &reply, &json, code, err);
    bool refused = is_refusal(&reply, json) && (!understood || is_unmet(json, write, *code, dcs->seen));
    if (refused ? understood : is_done(&reply, json, path, write, dcs->seen))
        return true;
    if (!refused)
        return err_set(err, arena, ERR_UNKNOWN, "what %s answers (HTTP status %d) is not etcd's answer to a write",
                       dcs->endpoints.bases[dcs->endpoints.preferred], reply.status);
    /* The same answer as to a wrong password, but who writes has read before. */
    if (err->kind == ERR_CREDENTIALS && dcs->endpoints.user)
        return err_set(err, arena, ERR_CREDENTIALS,
                       "etcd refuses the credentials of section %s for a change: possibly user %s may only read",
                       dcs->backend->section, dcs->endpoints.user);
    return false;
}

/* The strings are not copied: the parsed reply lives as long as the arena. */
static struct dcs_node to_node(const json_t *json, const char *key)
{
    const json_t *value = json_object_get(json, "value");

    return (struct dcs_node){
        .key = key,
        .value = value ? json_string_value(value) : "",
        .length = json_string_length(value),
        .revision = json_integer_value(json_object_get(json, "modifiedIndex")),
        .leased = json_object_get(json, "ttl"),
    };
}

/* Adds the leaves below a directory. Keys are relative to the directory that was asked for. */
static bool add_leaves(struct arena *arena, const json_t *directory, size_t cut, int depth, struct dcs_tree *tree)
{
    const json_t *nodes = json_object_get(directory, "nodes"), *node;
    size_t i;

    if (depth > MAX_DEPTH)
        return false;
    json_array_foreach(nodes, i, node)
    {
        const char *key = json_string_value(json_object_get(node, "key"));
        const json_t *value = json_object_get(node, "value");

        if (!key || strlen(key) < cut || (value && !json_is_string(value)))
            return false;
        int64_t revision = json_integer_value(json_object_get(node, "modifiedIndex"));
        if (revision > tree->revision)
            tree->revision = revision;
        if (!json_is_true(json_object_get(node, "dir")))
            dcs_tree_add(arena, tree, to_node(node, key + cut + strspn(key + cut, "/")));
        else if (!add_leaves(arena, node, cut, depth + 1, tree))
            return false;
    }
    return true;
}

static size_t key_length(const json_t *node)
{
    const char *key = json_string_value(json_object_get(node, "key"));

    return key ? strlen(key) : 0;
}

/* With a slash behind the key, as Patroni has it: a role for all that starts with "KEY/" does not cover KEY itself. */
static const char *whole_tree(const struct dcs *dcs)
{
    return dcs->unverified ? "/?recursive=true&quorum=false" : "/?recursive=true&quorum=true";
}

/* A revision that the store has reached: an error tells its own, a key that of its last change. */
static int64_t store_revision(const json_t *json)
{
    const json_t *index = json_object_get(json, "index");

    return json_integer_value(index ? index : json_object_get(json_object_get(json, "node"), "modifiedIndex"));
}

static bool take_tree(struct dcs *dcs, struct arena *arena, const struct http_reply *reply, struct dcs_tree *tree,
                      struct err *err)
{
    json_t *json;
    int code;

    if (!understand(dcs, arena, reply, &json, &code, err))
        return false;
    const json_t *node = json_object_get(json, "node");
    tree->revision = store_revision(json);
    /* Only a name such as ".." leads there, and patronictl dies of it. */
    if (code != CODE_NOT_FOUND && json_is_object(node) && !key_length(node))
        return err_set(err, arena, ERR_FAILED, "the cluster's path is the root of the store");
    return code == CODE_NOT_FOUND || (json_is_object(node) && add_leaves(arena, node, key_length(node), 0, tree)) ||
           err_set(err, arena, ERR_FAILED, "the reply of etcd is none of its v2 API");
}

static bool read_trees(struct dcs *dcs, struct arena *arena, const char *const *paths, size_t count,
                       deadline_t deadline, struct dcs_tree *trees, struct err *err)
{
    struct ask *asks = arena_calloc(arena, count, sizeof *asks);
    struct http_reply *replies = arena_calloc(arena, count, sizeof *replies);

    for (size_t i = 0; i < count; i++)
        asks[i] = to_ask(dcs, arena, "GET", paths[i], whole_tree(dcs), NULL);
    if (!ask_send_all(dcs, arena, asks, count, deadline, replies, err))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!take_tree(dcs, arena, &replies[i], &trees[i], err))
            return false;
    return true;
}

/* The last part of a directory's key; NULL for a key with a value. */
static const char *directory_name(const json_t *node)
{
    const char *key = json_string_value(json_object_get(node, "key"));
    const char *slash = key && json_is_true(json_object_get(node, "dir")) ? strrchr(key, '/') : NULL;

    return slash ? slash + 1 : NULL;
}

static bool take_names(struct dcs *dcs, struct arena *arena, const struct http_reply *reply, struct dcs_tree *tree,
                       struct err *err)
{
    json_t *json, *node;
    size_t i;
    int code;

    if (!understand(dcs, arena, reply, &json, &code, err))
        return false;
    json_array_foreach(json_object_get(json_object_get(json, "node"), "nodes"), i, node)
    {
        const char *name = directory_name(node);

        if (name)
            dcs_tree_add(arena, tree, (struct dcs_node){.key = arena_printf(arena, "%s/", name), .value = ""});
    }
    return true;
}

static bool peek_ask(struct dcs *dcs, struct arena *arena, const char *path, bool names, struct ask *ask,
                     struct err *err)
{
    (void)err;
    *ask = to_ask(dcs, arena, "GET", path, names ? "/?quorum=true" : whole_tree(dcs), NULL);
    return true;
}

static bool peek_take(struct dcs *dcs, struct arena *arena, const char *path, bool names, struct http_reply *reply,
                      bool *done, struct dcs_tree *tree, struct err *err)
{
    (void)path;
    return *done = names ? take_names(dcs, arena, reply, tree, err) : take_tree(dcs, arena, reply, tree, err);
}

static bool read_key(struct dcs *dcs, struct arena *arena, const char *path, deadline_t deadline, bool *found,
                     struct dcs_node *node, struct err *err)
{
    json_t *json;
    int code;

    if (!call(dcs, arena, "GET", path, "?quorum=true", deadline, &json, &code, err))
        return false;
    const json_t *answer = json_object_get(json, "node");
    if (!code && !is_node_of(answer, path))
        return err_set(err, arena, ERR_FAILED, "the reply of etcd is none of its v2 API");
    *found = code == 0 && json_is_string(json_object_get(answer, "value"));
    *node = *found ? to_node(answer, path) : (struct dcs_node){.revision = store_revision(json)};
    return true;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool list(struct dcs *dcs, struct arena *arena, const char *path, deadline_t deadline, const char ***names,
                 size_t *count, struct err *err)
{
    json_t *json, *node;
    size_t i;
    int code;

    if (!call(dcs, arena, "GET", path, "/?quorum=true", deadline, &json, &code, err))
        return false;
    json_array_foreach(json_object_get(json_object_get(json, "node"), "nodes"), i, node)
    {
        const char *name = directory_name(node);

        if (name)
            dcs_names_add(arena, names, count, name, strlen(name));
    }
    if (*count)
        qsort(*names, *count, sizeof **names, by_name);
    return true;
}

/* The folders of the first two levels, so that /a and /a/b can be namespaces. */
static bool find(struct dcs *dcs, struct arena *arena, const char *name, deadline_t deadline, const char ***names,
                 size_t *count, struct err *err)
{
    const char **paths = arena_calloc(arena, MAX_FOLDERS, sizeof *paths);
    size_t known = 1;

    paths[0] = "";
    for (size_t i = 0; i < known; i++) {
        const char **below = NULL;
        size_t found = 0;

        if (!list(dcs, arena, paths[i], deadline, &below, &found, err))
            return false;
        for (size_t j = 0; j < found; j++)
            if (strcmp(below[j], name) == 0)
                dcs_names_add(arena, names, count, paths[i], strlen(paths[i]));
            else if (known < MAX_FOLDERS && (!*paths[i] || !strchr(paths[i] + 1, '/')))
                paths[known++] = arena_printf(arena, "%s/%s", paths[i], below[j]);
    }
    return true;
}

static bool is_below(const char *path, const json_t *folder)
{
    const char *key = json_string_value(json_object_get(folder, "key"));
    size_t length = key ? strlen(key) : 0;

    return length && str_starts_with(path, key) && path[length] == '/';
}

/* Of the actions in an event, so many take a key away. */
#define DELETIONS 3

/* etcd has the last 1000 events of all keys; it waits for the next one if there was none so far. */
static bool first_change(struct dcs *dcs, struct arena *arena, const char *path, int64_t after, deadline_t deadline,
                         struct dcs_change *change, struct err *err)
{
    static const char *const actions[] = {"delete", "compareAndDelete", "expire",        "set",
                                          "create", "update",           "compareAndSwap"};
    const char *query = arena_printf(arena, "?wait=true&waitIndex=%lld", (long long)after + 1);
    json_t *json;
    int code;

    if (!call(dcs, arena, "GET", path, query, deadline, &json, &code, err))
        return false;
    const char *action = json_string_value(json_object_get(json, "action"));
    const json_t *node = json_object_get(json, "node"), *previous = json_object_get(json, "prevNode");
    bool was_folder = json_is_true(json_object_get(previous, "dir"));
    size_t kind = 0;
    while (kind < sizeof actions / sizeof *actions && !str_equal(action, actions[kind]))
        kind++;
    bool deleted = kind < DELETIONS;
    /* The removal of a folder is an event of all that was below it. */
    bool same = is_node_of(node, path) || (deleted && was_folder && is_below(path, node));
    if (code || kind == sizeof actions / sizeof *actions || !same ||
        json_integer_value(json_object_get(node, "modifiedIndex")) <= after)
        return err_set(err, arena, ERR_FAILED, "the reply of etcd is no event of its v2 API");
    *change = (struct dcs_change){.known = true, .before = DCS_ABSENT, .deleted = deleted};
    if (!change->deleted)
        change->value = json_string_value(json_object_get(node, "value"));
    if (was_folder)
        change->before = DCS_ANY;
    else if (previous)
        change->before = json_integer_value(json_object_get(previous, "modifiedIndex"));
    return true;
}

static bool changed(struct arena *arena, const char *path, struct err *err)
{
    return err_set(err, arena, ERR_CONFLICT, "%s was changed by somebody else", path);
}

static bool put_if(struct dcs *dcs, struct arena *arena, const char *path, const char *value, int64_t revision,
                   deadline_t deadline, struct err *err)
{
    struct write write = {.method = "PUT", .query = "", .action = "set", .value = value};
    struct str form;
    int code;

    str_init(&form, arena);
    str_add(&form, "value=");
    add_encoded(&form, value);
    if (revision == DCS_ABSENT) {
        str_add(&form, "&prevExist=false");
        write.action = "create";
        write.refusals[0] = CODE_EXISTS;
    } else if (revision != DCS_ANY) {
        str_printf(&form, "&prevIndex=%lld", (long long)revision);
        write.action = "compareAndSwap";
        write.refusals[0] = CODE_COMPARE_FAILED;
        write.refusals[1] = CODE_NOT_FOUND;
    }
    write.form = form.text;
    return call_to_write(dcs, arena, path, &write, deadline, &code, err) && (!code || changed(arena, path, err));
}

static bool delete_if(struct dcs *dcs, struct arena *arena, const char *path, int64_t revision, deadline_t deadline,
                      struct err *err)
{
    struct write write = {.method = "DELETE", .query = "", .action = "delete", .refusals = {CODE_NOT_FOUND}};
    int code;

    if (revision != DCS_ANY) {
        write.query = arena_printf(arena, "?prevIndex=%lld", (long long)revision);
        write.action = "compareAndDelete";
        write.refusals[1] = CODE_COMPARE_FAILED;
    }
    if (!call_to_write(dcs, arena, path, &write, deadline, &code, err))
        return false;
    return !code || (code == CODE_NOT_FOUND && revision == DCS_ANY) || changed(arena, path, err);
}

/* A tree that is not there is as good as removed. */
static bool remove_tree(struct dcs *dcs, struct arena *arena, const char *path, deadline_t deadline, struct err *err)
{
    static const struct write write = {
        .method = "DELETE", .query = "/?recursive=true", .action = "delete", .refusals = {CODE_NOT_FOUND}};
    int code;

    return call_to_write(dcs, arena, path, &write, deadline, &code, err);
}

static void learn(struct dcs *dcs, struct arena *arena, const char *base, deadline_t deadline)
{
    const struct ask ask = {.method = "GET", .path = "/v2/machines", .basic_auth = true};
    struct http_reply reply = ask_one(dcs, arena, &ask, base, deadline);

    if (reply.outcome != HTTP_ANSWERED || reply.status != 200)
        return;
    for (char *rest = reply.body, *url; (url = strsep(&rest, ","));)
        if (!endpoints_learn(dcs->arena, &dcs->endpoints, base, url))
            break;
}

const struct dcs_backend dcs_etcd2 = {
    .section = "etcd",
    .read_trees = read_trees,
    .read_key = read_key,
    .first_change = first_change,
    .list = list,
    .find = find,
    .put_if = put_if,
    .delete_if = delete_if,
    .remove_tree = remove_tree,
    .why_unavailable = why_unavailable,
    .learn = learn,
    .peek_ask = peek_ask,
    .peek_take = peek_take,
};
