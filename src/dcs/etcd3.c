#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "pgha/arena.h"
#include "pgha/base64.h"
#include "pgha/log.h"
#include "pgha/str.h"

#include "ask.h"
#include "etcd3.h"
#include "etcd3_reply.h"

/* How many keys are looked at for a cluster that is not where it was expected. */
#define MAX_KEYS 5000

/* A call of the gateway; `json` is freed by call(). */
struct call {
    const char *method; /* "/kv/range" */
    json_t *json;
    bool write;
    bool anonymous; /* needs no token: the authentication itself */
};

static const char *why_unavailable(struct arena *arena, const struct http_reply *reply)
{
    if (reply->status < 300)
        return NULL;
    struct etcd3_error error = etcd3_parse_error(arena, reply->body, reply->body_length, reply->status);
    bool no_code = error.code == 0 || error.code == GRPC_UNKNOWN;
    if (error.code == GRPC_UNAVAILABLE || error.code == GRPC_DEADLINE_EXCEEDED || (no_code && reply->status >= 500))
        return error.message;
    return NULL;
}

static struct ask to_ask(const struct dcs *dcs, struct arena *arena, const struct call *call, const char *body)
{
    return (struct ask){
        .method = "POST",
        .path = arena_printf(arena, "%s%s", dcs->prefix, call->method),
        .body = body,
        .body_length = strlen(body),
        .content_type = "application/json",
        .authorization = call->anonymous ? NULL : dcs->token,
        .body_secret = call->anonymous ? dcs->endpoints.password : NULL,
        .write = call->write,
    };
}

static bool send_once(struct dcs *dcs, struct arena *arena, const struct call *call, const char *body,
                      deadline_t deadline, struct http_reply *reply, struct err *err)
{
    struct ask ask = to_ask(dcs, arena, call, body);

    return ask_send(dcs, arena, &ask, deadline, reply, err);
}

/* The server's answer to a call that it does not know is Go's own "404 page not found". */
static bool is_other_prefix(const struct http_reply *reply)
{
    return reply->status == 404 && reply->body[strspn(reply->body, " \r\n\t")] != '{';
}

static const struct ask version_ask = {.method = "GET", .path = "/version"};

static bool take_version(struct dcs *dcs, struct arena *arena, const struct http_reply *reply, struct err *err)
{
    json_t *json = json_loadb(reply->body, reply->body_length, 0, NULL);
    const char *prefix = NULL;

    const char *version = json_string_value(json_object_get(json, "etcdcluster"));
    const long minor = version && strncmp(version, "3.", 2) == 0 ? strtol(version + 2, NULL, 10) : -1;
    if (minor >= 0)
        prefix = minor < 3 ? "/v3alpha" : minor < 4 ? "/v3beta" : "/v3";
    json_decref(json);
    if (!prefix || str_equal(prefix, dcs->prefix))
        return err_set(err, arena, ERR_FAILED, "%s does not serve etcd's v3 API",
                       dcs->endpoints.bases[dcs->endpoints.preferred]);
    dcs->prefix = prefix;
    return true;
}

static bool find_prefix(struct dcs *dcs, struct arena *arena, deadline_t deadline, struct err *err)
{
    struct http_reply reply;

    return ask_send(dcs, arena, &version_ask, deadline, &reply, err) && take_version(dcs, arena, &reply, err);
}

static bool authenticate(struct dcs *dcs, deadline_t deadline, struct err *err);

static bool is_stale_token(const struct etcd3_error *error)
{
    return error->code == GRPC_UNAUTHENTICATED || strstr(error->message, "revision of auth store is old") ||
           strstr(error->message, "user name is empty");
}

static bool refused(struct dcs *dcs, struct arena *arena, const struct etcd3_error *error, struct err *err)
{
    if (strstr(error->message, "user name is empty"))
        return err_set(err, arena, ERR_CREDENTIALS, "etcd wants credentials: username and password in %s are needed%s",
                       dcs->section_name, dcs->login_advice);
    if (error->code == GRPC_PERMISSION_DENIED || is_stale_token(error) ||
        strstr(error->message, "authentication failed"))
        return err_set(err, arena, ERR_CREDENTIALS, "etcd refuses the credentials of %s: %s", dcs->section_name,
                       error->message);
    return err_set(err, arena, ERR_FAILED, "etcd says: %s", error->message);
}

static bool wants_token(const struct dcs *dcs)
{
    return dcs->endpoints.user && !dcs->no_credentials;
}

/* The request as text, NULL when it holds something that is not UTF-8; frees `json`. */
static const char *to_body(struct arena *arena, json_t *json)
{
    char *text = json_dumps(json, JSON_COMPACT);

    json_decref(json);
    return arena_own(arena, text, free);
}

/* Sends the call with everything that may be due before and after: token, prefix, another token. */
static bool call(struct dcs *dcs, struct arena *arena, struct call call, deadline_t deadline, struct http_reply *reply,
                 struct etcd3_error *error, struct err *err)
{
    const char *body = to_body(arena, call.json);
    bool credentials = wants_token(dcs) && !call.anonymous;

    if (!body)
        return err_set(err, arena, ERR_FAILED, "the credentials of section %s are not UTF-8", dcs->backend->section);
    if (credentials && !dcs->token && !authenticate(dcs, deadline, err))
        return false;
    if (!send_once(dcs, arena, &call, body, deadline, reply, err))
        return false;
    if (!call.write && is_other_prefix(reply) &&
        (!find_prefix(dcs, arena, deadline, err) || !send_once(dcs, arena, &call, body, deadline, reply, err)))
        return false;
    if (reply->status < 300)
        return true;
    *error = etcd3_parse_error(arena, reply->body, reply->body_length, reply->status);
    if (!credentials || !wants_token(dcs) || !is_stale_token(error) || (call.write && !error->refusal))
        return true;
    if (!authenticate(dcs, deadline, err) || !send_once(dcs, arena, &call, body, deadline, reply, err))
        return false;
    if (reply->status >= 300)
        *error = etcd3_parse_error(arena, reply->body, reply->body_length, reply->status);
    return true;
}

static struct call authentication(const struct dcs *dcs)
{
    json_t *json = json_pack("{s:s,s:s}", "name", dcs->endpoints.user, "password", dcs->endpoints.password);

    return (struct call){.method = "/auth/authenticate", .json = json, .anonymous = true};
}

static bool take_token(struct dcs *dcs, const struct http_reply *reply, struct err *err)
{
    struct arena *arena = dcs->arena;

    if (reply->status >= 300) {
        struct etcd3_error error = etcd3_parse_error(arena, reply->body, reply->body_length, reply->status);

        /* Credentials where none are wanted do no harm (recorded case: config-user-unneeded). */
        if (strstr(error.message, "authentication is not enabled")) {
            dcs->no_credentials = true;
            return true;
        }
        return refused(dcs, arena, &error, err);
    }
    json_t *answer = json_loadb(reply->body, reply->body_length, 0, NULL);
    const char *token = json_string_value(json_object_get(answer, "token"));
    /* It goes into a header. */
    bool usable = token && *token && !strpbrk(token, "\r\n");
    if (usable)
        dcs->token = arena_strdup(arena, token);
    json_decref(answer);
    return usable || err_set(err, arena, ERR_FAILED, "the reply of etcd has no token");
}

static bool authenticate(struct dcs *dcs, deadline_t deadline, struct err *err)
{
    struct http_reply reply;
    struct etcd3_error error;

    dcs->token = NULL;
    return call(dcs, dcs->arena, authentication(dcs), deadline, &reply, &error, err) && take_token(dcs, &reply, err);
}

bool etcd3_call(struct dcs *dcs, struct arena *arena, const char *method, json_t *json, deadline_t deadline,
                struct http_reply *reply, struct err *err)
{
    struct etcd3_error error;

    return call(dcs, arena, (struct call){.method = method, .json = json}, deadline, reply, &error, err) &&
           (reply->status < 300 || refused(dcs, arena, &error, err));
}

/* The same for a write to `path`, which fails with ERR_CONFLICT as well, and with ERR_UNKNOWN. */
static bool call_to_write(struct dcs *dcs, struct arena *arena, const char *method, json_t *json,
                          enum etcd3_write write, const char *path, deadline_t deadline, struct err *err)
{
    struct http_reply reply;
    struct etcd3_error error;

    dcs->write_ended = false;
    if (!call(dcs, arena, (struct call){.method = method, .json = json, .write = true}, deadline, &reply, &error, err))
        return false;
    if (reply.status >= 300 && error.refusal)
        return refused(dcs, arena, &error, err);
    if (reply.status >= 300 && error.ended) {
        dcs->write_ended = true;
        return err_set(err, arena, ERR_UNKNOWN, "etcd says: %s", error.message);
    }
    enum etcd3_outcome outcome =
        reply.status == 200 ? etcd3_parse_write(write, reply.body, reply.body_length, dcs->seen) : ETCD3_NO_ANSWER;
    if (outcome == ETCD3_COMPARE_FAILED)
        return err_set(err, arena, ERR_CONFLICT, "%s was changed by somebody else", path);
    return outcome == ETCD3_WRITTEN ||
           err_set(err, arena, ERR_UNKNOWN, "what %s answers (HTTP status %d) is not etcd's answer to a write",
                   dcs->endpoints.bases[dcs->endpoints.preferred], reply.status);
}

json_t *etcd3_encoded(struct arena *arena, const char *text)
{
    return json_string_nocheck(base64_encode(arena, text, strlen(text)));
}

/* The first key behind all that start with `prefix`. */
static json_t *range_end(struct arena *arena, const char *prefix)
{
    size_t length = strlen(prefix);
    unsigned char *end = arena_memdup(arena, prefix, length + 1);

    while (length && end[length - 1] == 0xff)
        length--;
    if (!length)
        return json_string("AA=="); /* a zero byte: no end */
    end[length - 1]++;
    return json_string_nocheck(base64_encode(arena, end, length));
}

static json_t *range_request(const struct dcs *dcs, struct arena *arena, const char *prefix)
{
    return json_pack("{s:o,s:o,s:b}", "key", etcd3_encoded(arena, prefix), "range_end", range_end(arena, prefix),
                     "serializable", (int)dcs->unverified);
}

static bool read_range(struct dcs *dcs, struct arena *arena, const char *path, bool keys_only, deadline_t deadline,
                       struct dcs_tree *tree, struct err *err)
{
    const char *prefix = arena_printf(arena, "%s/", path);
    struct http_reply reply;
    json_t *json = range_request(dcs, arena, prefix);

    if (keys_only)
        json_object_set_new(json, "keys_only", json_true());
    return etcd3_call(dcs, arena, "/kv/range", json, deadline, &reply, err) &&
           etcd3_parse_range(arena, reply.body, reply.body_length, prefix, tree, err);
}

/* Many at once; those that get an error are asked alone once more, which takes care of tokens and prefixes. */
static bool read_trees(struct dcs *dcs, struct arena *arena, const char *const *paths, size_t count,
                       deadline_t deadline, struct dcs_tree *trees, struct err *err)
{
    const struct call range = {.method = "/kv/range"};

    if (count == 1)
        return read_range(dcs, arena, paths[0], false, deadline, trees, err);
    if (wants_token(dcs) && !dcs->token && !authenticate(dcs, deadline, err))
        return false;
    struct ask *asks = arena_calloc(arena, count, sizeof *asks);
    struct http_reply *replies = arena_calloc(arena, count, sizeof *replies);
    for (size_t i = 0; i < count; i++) {
        const char *prefix = arena_printf(arena, "%s/", paths[i]);

        asks[i] = to_ask(dcs, arena, &range, to_body(arena, range_request(dcs, arena, prefix)));
    }
    if (!ask_send_all(dcs, arena, asks, count, deadline, replies, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        const char *prefix = arena_printf(arena, "%s/", paths[i]);

        if (replies[i].status >= 300
                ? !read_range(dcs, arena, paths[i], false, deadline, &trees[i], err)
                : !etcd3_parse_range(arena, replies[i].body, replies[i].body_length, prefix, &trees[i], err))
            return false;
    }
    return true;
}

static bool list(struct dcs *dcs, struct arena *arena, const char *path, deadline_t deadline, const char ***names,
                 size_t *count, struct err *err)
{
    struct dcs_tree tree;

    if (!read_range(dcs, arena, path, true, deadline, &tree, err))
        return false;
    dcs_tree_names(arena, &tree, names, count);
    return true;
}

/* How much of the key is the namespace of a cluster of that name; false when it is no key of such a cluster. */
static bool find_namespace(struct arena *arena, const char *key, const char *name, size_t *length)
{
    static const char *const parts[] = {"initialize", "config", "leader", "members/", "status", "0/"};
    const char *folder = arena_printf(arena, "/%s/", name);

    for (const char *at = key; (at = strstr(at, folder)); at++)
        for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
            if (str_starts_with(at + strlen(folder), parts[i])) {
                *length = (size_t)(at - key);
                return true;
            }
    return false;
}

static bool find(struct dcs *dcs, struct arena *arena, const char *name, deadline_t deadline, const char ***names,
                 size_t *count, struct err *err)
{
    struct http_reply reply;
    struct dcs_tree tree;
    json_t *json = range_request(dcs, arena, "/");
    size_t length;

    json_object_set_new(json, "keys_only", json_true());
    json_object_set_new(json, "limit", json_integer(MAX_KEYS));
    if (!etcd3_call(dcs, arena, "/kv/range", json, deadline, &reply, err) ||
        !etcd3_parse_range(arena, reply.body, reply.body_length, "", &tree, err))
        return false;
    for (size_t i = 0; i < tree.count; i++)
        if (find_namespace(arena, tree.nodes[i].key, name, &length))
            dcs_names_add(arena, names, count, tree.nodes[i].key, length);
    return true;
}

/* One operation, if the key's revision is still the one that was read. */
static json_t *transaction(struct arena *arena, const char *path, const char *operation, json_t *fields,
                           int64_t revision)
{
    json_t *compare = json_pack("{s:o,s:s,s:s}", "key", etcd3_encoded(arena, path), "target", "MOD", "mod_revision",
                                arena_printf(arena, "%lld", (long long)revision));

    return json_pack("{s:[o],s:[{s:o}]}", "compare", compare, "success", operation, fields);
}

static bool put_if(struct dcs *dcs, struct arena *arena, const char *path, const char *value, int64_t revision,
                   deadline_t deadline, struct err *err)
{
    json_t *put = json_pack("{s:o,s:o}", "key", etcd3_encoded(arena, path), "value", etcd3_encoded(arena, value));

    if (revision == DCS_ANY)
        return call_to_write(dcs, arena, "/kv/put", put, ETCD3_PUT, path, deadline, err);
    return call_to_write(dcs, arena, "/kv/txn", transaction(arena, path, "request_put", put, revision), ETCD3_PUT_IF,
                         path, deadline, err);
}

static bool delete_if(struct dcs *dcs, struct arena *arena, const char *path, int64_t revision, deadline_t deadline,
                      struct err *err)
{
    json_t *key = json_pack("{s:o}", "key", etcd3_encoded(arena, path));

    if (revision == DCS_ANY)
        return call_to_write(dcs, arena, "/kv/deleterange", key, ETCD3_DELETE, path, deadline, err);
    return call_to_write(dcs, arena, "/kv/txn", transaction(arena, path, "request_delete_range", key, revision),
                         ETCD3_DELETE_IF, path, deadline, err);
}

static bool remove_tree(struct dcs *dcs, struct arena *arena, const char *path, deadline_t deadline, struct err *err)
{
    const char *prefix = arena_printf(arena, "%s/", path);
    json_t *json = json_pack("{s:o,s:o}", "key", etcd3_encoded(arena, prefix), "range_end", range_end(arena, prefix));

    return call_to_write(dcs, arena, "/kv/deleterange", json, ETCD3_DELETE, path, deadline, err);
}

/* What has to be known before the tree can be asked for: the prefix of an old server, a token. */
static bool peek_ask(struct dcs *dcs, struct arena *arena, const char *path, bool names, struct ask *ask,
                     struct err *err)
{
    struct call call = {.method = "/kv/range"};

    if (!dcs->prefix) {
        *ask = version_ask;
        return true;
    }
    if (wants_token(dcs) && !dcs->token)
        call = authentication(dcs);
    else
        call.json = range_request(dcs, arena, arena_printf(arena, "%s/", path));
    if (names && !call.anonymous)
        json_object_set_new(call.json, "keys_only", json_true());
    const char *body = to_body(arena, call.json);
    if (!body)
        return err_set(err, arena, ERR_FAILED, "what etcd is to be asked is not UTF-8");
    *ask = to_ask(dcs, arena, &call, body);
    return true;
}

static bool peek_take(struct dcs *dcs, struct arena *arena, const char *path, bool names, struct http_reply *reply,
                      bool *done, struct dcs_tree *tree, struct err *err)
{
    (void)names;
    if (!dcs->prefix)
        return take_version(dcs, arena, reply, err);
    if (is_other_prefix(reply)) {
        dcs->prefix = NULL;
        return true;
    }
    if (wants_token(dcs) && !dcs->token)
        return take_token(dcs, reply, err);
    if (reply->status < 300)
        return *done = etcd3_parse_range(arena, reply->body, reply->body_length, arena_printf(arena, "%s/", path), tree,
                                         err);
    struct etcd3_error error = etcd3_parse_error(arena, reply->body, reply->body_length, reply->status);
    if (!wants_token(dcs) || !is_stale_token(&error))
        return refused(dcs, arena, &error, err);
    dcs->token = NULL;
    return true;
}

static void learn(struct dcs *dcs, struct arena *arena, const char *base, deadline_t deadline)
{
    const struct call list = {.method = "/cluster/member/list"};
    struct ask ask = to_ask(dcs, arena, &list, "{}");
    struct http_reply reply = ask_one(dcs, arena, &ask, base, deadline);
    json_t *json = reply.outcome == HTTP_ANSWERED ? json_loadb(reply.body, reply.body_length, 0, NULL) : NULL;
    json_t *member, *url;
    size_t i, k;
    bool more = true;

    json_array_foreach(json_object_get(json, "members"), i, member)
    {
        json_array_foreach(json_object_get(member, "clientURLs"), k, url)
        {
            if (json_is_string(url))
                more = endpoints_learn(dcs->arena, &dcs->endpoints, base, json_string_value(url));
            if (!more)
                break;
        }
        if (!more)
            break;
    }
    json_decref(json);
}

const struct dcs_backend dcs_etcd3 = {
    .section = "etcd3",
    .read_trees = read_trees,
    .read_key = etcd3_read_key,
    .first_change = etcd3_first_change,
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
