#include "pgha/node.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "pgha/arena.h"
#include "pgha/config.h"
#include "pgha/json.h"
#include "pgha/rest.h"
#include "pgha/str.h"
#include "pgha/witness.h"

/* Members that a node may name: a list from outside, compared with itself. */
#define MOST_KNOWN 256

/* Seconds for GET /cluster, even if there are more: what takes longer is Patroni's own waiting for the store. */
#define CLUSTER_SECONDS 1.0

/* A cluster's keys as they are put together from what the node says. */
struct keys {
    struct arena *arena;
    const char *prefix; /* "0/" for a group of a Citus cluster that is read as a whole, else "" */
    struct dcs_tree tree;
    struct value config;
    struct value sync_standbys; /* a list of names */
    const char *leader;
    int64_t position; /* the cluster's, 0 for unknown */
};

static const char *text_in(const struct config *config, const char *key)
{
    const char *text = value_as_string(config_get(config, "restapi", key));

    /* With an @ it would be somebody's password, and no address that Patroni takes. */
    return text && *text && !strchr(text, '@') ? text : NULL;
}

/* Where one listens at every address it can be asked at this one. */
static const char *asked_at(struct arena *arena, const char *listen)
{
    char *first = arena_strndup(arena, listen, strcspn(listen, ","));
    const char *colon = strrchr(first, ':');

    if (!colon)
        return first;
    const char *host = arena_strndup(arena, first, (size_t)(colon - first));
    if (!*host || str_equal(host, "*") || str_equal(host, "0.0.0.0"))
        return arena_printf(arena, "127.0.0.1%s", colon);
    if (str_equal(host, "::") || str_equal(host, "[::]"))
        return arena_printf(arena, "[::1]%s", colon);
    return first;
}

static const char *api_url(struct arena *arena, const struct config *config)
{
    const char *place = text_in(config, "connect_address"), *listen = text_in(config, "listen");

    if (!place && listen)
        place = asked_at(arena, listen);
    return arena_printf(arena, "%s://%s", text_in(config, "certfile") ? "https" : "http", place);
}

/* The group that the node belongs to; CLUSTER_NO_GROUP outside of Citus. */
static int64_t own_group(const struct config *config)
{
    const struct value *group = config_get(config, "citus", "group");

    return value_is(group, VALUE_INT) ? group->integer : CLUSTER_NO_GROUP;
}

bool node_knows(const struct ctx *ctx, const struct cluster_id *id)
{
    int64_t own = own_group(ctx->config);

    return str_equal(ctx->config->scope, id->name) && (id->group == CLUSTER_NO_GROUP || id->group == own) &&
           (text_in(ctx->config, "connect_address") || text_in(ctx->config, "listen"));
}

static void add_text(struct keys *keys, const char *key, const char *text)
{
    dcs_tree_add(keys->arena, &keys->tree,
                 (struct dcs_node){.key = arena_printf(keys->arena, "%s%s", keys->prefix, key),
                                   .value = text,
                                   .length = strlen(text)});
}

static void add_json(struct keys *keys, const char *key, const struct value *value)
{
    struct str text;

    str_init(&text, keys->arena);
    json_write(value, true, &text);
    add_text(keys, key, text.text);
}

/* "0/4000000" in bytes, 0 for none. */
static int64_t position_of(const struct value *text)
{
    const char *high = value_as_string(text), *slash = high ? strchr(high, '/') : NULL;
    unsigned long long top = slash ? strtoull(high, NULL, 16) : 0, bottom = slash ? strtoull(slash + 1, NULL, 16) : 0;

    return top > INT32_MAX || bottom > UINT32_MAX ? 0 : (int64_t)(top << 32 | bottom);
}

/* The position of the cluster is nowhere in the answer, but some member is so far behind it. */
static void note_position(struct keys *keys, int64_t position, const struct value *lag)
{
    int64_t behind = value_is(lag, VALUE_INT) && lag->integer > 0 ? lag->integer : 0;

    if (position && behind <= INT64_MAX - position && position + behind > keys->position)
        keys->position = position + behind;
}

static void copy(struct keys *keys, const struct value *from, const char *key, struct value *to, const char *name)
{
    const struct value *value = value_get(from, key);

    if (value)
        value_map_set(keys->arena, to, name, *value);
}

static void take_role(struct keys *keys, const char *name, const char *role)
{
    struct value unknown = value_map();

    if (str_equal(role, "leader") || str_equal(role, "standby_leader"))
        keys->leader = name;
    if (str_equal(role, "standby_leader")) {
        value_map_set(keys->arena, &unknown, "host", value_string("unknown"));
        value_map_set(keys->arena, &keys->config, "standby_cluster", unknown);
    }
    if (str_equal(role, "sync_standby") || str_equal(role, "quorum_standby")) {
        value_map_set(keys->arena, &keys->config, "synchronous_mode", value_string(*role == 'q' ? "quorum" : "on"));
        value_list_add(keys->arena, &keys->sync_standbys, value_string(name));
    }
}

static void take_member(struct keys *keys, const struct value *given)
{
    static const char *const same[] = {
        "state", "api_url", "timeline", "tags", "pending_restart", "pending_restart_reason", "scheduled_restart"};
    static const struct {
        const char *lsn;
        const char *lag;
        const char *key;
    } positions[] = {{"receive_lsn", "receive_lag", "receive_lsn"},
                     {"replay_lsn", "replay_lag", "replay_lsn"},
                     {"lsn", "lag", "xlog_location"}};
    const char *name = value_as_string(value_get(given, "name")), *role = value_as_string(value_get(given, "role"));
    struct value data = value_map(), address = value_map();

    if (!name || strchr(name, '/'))
        return;
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        copy(keys, given, same[i], &data, same[i]);
    for (size_t i = 0; i < sizeof positions / sizeof *positions; i++) {
        int64_t position = position_of(value_get(given, positions[i].lsn));

        value_map_set(keys->arena, &data, positions[i].key, value_int(position));
        note_position(keys, position, value_get(given, positions[i].lag));
    }
    copy(keys, given, "host", &address, "host");
    copy(keys, given, "port", &address, "port");
    value_map_set(keys->arena, &data, "conn_kwargs", address);
    take_role(keys, name, role ? role : "");
    add_json(keys, arena_printf(keys->arena, "members/%s", name), &data);
}

static void take_switchover(struct keys *keys, const struct value *given)
{
    struct value failover = value_map();

    copy(keys, given, "at", &failover, "scheduled_at");
    copy(keys, given, "from", &failover, "leader");
    copy(keys, given, "to", &failover, "member");
    if (failover.length)
        add_json(keys, "failover", &failover);
}

static void take_sync(struct keys *keys)
{
    struct value sync = value_map();
    struct str names;

    str_init(&names, keys->arena);
    for (uint32_t i = 0; i < keys->sync_standbys.length; i++)
        str_printf(&names, "%s%s", i ? "," : "", keys->sync_standbys.items[i].text);
    if (!names.length)
        return;
    value_map_set(keys->arena, &sync, "leader", value_string(keys->leader ? keys->leader : ""));
    value_map_set(keys->arena, &sync, "sync_standby", value_string(names.text));
    add_json(keys, "sync", &sync);
}

static struct dcs_tree to_tree(struct arena *arena, const struct value *answer, const char *prefix)
{
    const struct value *members = value_get(answer, "members");
    struct keys keys = {.arena = arena, .prefix = prefix, .config = value_map(), .sync_standbys = value_list()};

    for (uint32_t i = 0; i < members->length; i++)
        take_member(&keys, &members->items[i]);
    if (value_truth(value_get(answer, "pause")))
        value_map_set(arena, &keys.config, "pause", value_bool(true));
    take_switchover(&keys, value_get(answer, "scheduled_switchover"));
    take_sync(&keys);
    add_json(&keys, "config", &keys.config);
    if (keys.leader)
        add_text(&keys, "leader", keys.leader);
    add_text(&keys, "initialize", "unknown"); /* the answer does not have it */
    add_text(&keys, "status", arena_printf(arena, "%lld", (long long)keys.position));
    dcs_tree_sort(&keys.tree);
    return keys.tree;
}

static bool is_of(struct arena *arena, const char *scope, const char *name, struct err *err)
{
    return !scope || str_equal(scope, name) ||
           err_set(err, arena, ERR_UNREACHABLE, "it belongs to another cluster, %s", scope);
}

/* The answer to a question, if it is Patroni's. */
static bool understand(struct arena *arena, const struct rest_request *request, const struct http_reply *reply,
                       struct value *answer, struct err *err)
{
    struct err ignored = ERR_INIT;

    if (reply->status != 200)
        return err_set(err, arena, ERR_UNREACHABLE, "it answers GET /%s with status %d", request->endpoint,
                       reply->status);
    return (json_read(arena, reply->body, reply->body_length, answer, &ignored) && value_is(answer, VALUE_MAP)) ||
           err_set(err, arena, ERR_UNREACHABLE, "it does not answer GET /%s as Patroni does", request->endpoint);
}

/* The members as the node's Patroni was told them last. Before Patroni 3.0 there was no name in the answer. */
static bool take_cluster(struct arena *arena, const struct cluster_id *id, const struct value *answer, struct err *err)
{
    if (!value_is(value_get(answer, "members"), VALUE_LIST))
        return err_set(err, arena, ERR_UNREACHABLE, "it does not answer GET /cluster as Patroni does");
    return is_of(arena, value_as_string(value_get(answer, "scope")), id->name, err);
}

static bool has_member(const struct value *members, const char *name)
{
    for (uint32_t i = 0; i < members->length; i++)
        if (str_equal(value_as_string(value_get(&members->items[i], "name")), name))
            return true;
    return false;
}

/* A name of somebody that the node knows, with the address of its API or of its PostgreSQL; neither may be there. */
static void add_known(struct arena *arena, struct value *members, const char *name, const char *key,
                      const struct value *address, const struct value *state)
{
    struct value member = value_map();

    if (!name || members->length >= MOST_KNOWN || has_member(members, name))
        return;
    value_map_set(arena, &member, "name", value_string(name));
    if (value_is(address, VALUE_STRING))
        value_map_set(arena, &member, key, *address);
    if (value_is(state, VALUE_STRING))
        value_map_set(arena, &member, "state", *state);
    value_list_add(arena, members, member);
}

/* Where the node's PostgreSQL is: not in its answer, but in its configuration. */
static void add_own_address(struct arena *arena, const struct config *config, struct value *own)
{
    const char *place = value_as_string(config_get(config, "postgresql", "connect_address"));
    const char *colon = place && !strchr(place, '@') ? strrchr(place, ':') : NULL;
    int64_t port;

    if (!colon || !str_to_int64(colon + 1, 1, 65535, &port))
        return;
    value_map_set(arena, own, "host", value_string(arena_strndup(arena, place, (size_t)(colon - place))));
    value_map_set(arena, own, "port", value_int(port));
}

/*
 * What the node says of itself, in the form of GET /cluster: itself, the members of the failsafe topology, and those
 * that replicate from it.
 */
static bool take_node(struct ctx *ctx, const struct cluster_id *id, const struct member *node,
                      const struct value *answer, const struct value *failsafe, struct value *made, struct err *err)
{
    const struct value *patroni = value_get(answer, "patroni"), *replication = value_get(answer, "replication");
    const char *role = witness_role(answer), *name = value_as_string(value_get(patroni, "name"));
    struct value own = value_map(), members = value_list();
    struct arena *arena = ctx->arena;

    if (!role)
        return err_set(err, arena, ERR_UNREACHABLE, "it does not answer GET /patroni as Patroni does");
    if (!is_of(arena, value_as_string(value_get(patroni, "scope")), id->name, err))
        return false;
    value_map_set(arena, &own, "name", value_string(name ? name : node->name));
    value_map_set(arena, &own, "role", value_string(role));
    value_map_set(arena, &own, "api_url", value_string(node->api_url));
    add_own_address(arena, ctx->config, &own);
    value_list_add(arena, &members, own);
    for (uint32_t i = 0; value_is(failsafe, VALUE_MAP) && i < failsafe->length; i++)
        add_known(arena, &members, value_as_string(&failsafe->pairs[i].key), "api_url", &failsafe->pairs[i].value,
                  NULL);
    for (uint32_t i = 0; value_is(replication, VALUE_LIST) && i < replication->length; i++)
        add_known(arena, &members, value_as_string(value_get(&replication->items[i], "application_name")), "host",
                  value_get(&replication->items[i], "client_addr"), value_get(&replication->items[i], "state"));
    *made = value_map();
    value_map_set(arena, made, "members", members);
    if (value_truth(value_get(answer, "pause")))
        value_map_set(arena, made, "pause", value_bool(true));
    return true;
}

/* "; the DCS last answered it 63 seconds ago", where it says so. */
static const char *since(struct arena *arena, const struct value *answer)
{
    const struct value *seen = value_get(answer, "dcs_last_seen");
    int64_t now = (int64_t)time(NULL);

    if (!value_is(seen, VALUE_INT) || seen->integer <= 0 || seen->integer > now)
        return "";
    return arena_printf(arena, " (the DCS last answered it %lld s ago)", (long long)(now - seen->integer));
}

/* Questions to the node, all at once. */
enum question { QUESTION_CLUSTER, QUESTION_PATRONI, QUESTION_FAILSAFE, QUESTION_COUNT };

static bool ask(struct ctx *ctx, const struct member *member, deadline_t deadline, struct value *answers,
                struct err *problems, struct err *err)
{
    static const char *const endpoints[QUESTION_COUNT] = {"cluster", "patroni", "failsafe"};
    struct rest_request requests[QUESTION_COUNT];
    struct http_reply replies[QUESTION_COUNT];
    deadline_t soon = deadline_in(CLUSTER_SECONDS);

    for (int i = 0; i < QUESTION_COUNT; i++)
        requests[i] =
            (struct rest_request){.member = member, .method = "GET", .endpoint = endpoints[i], .deadline = deadline};
    if (soon < deadline)
        requests[QUESTION_CLUSTER].deadline = soon;
    if (!rest_send_all(ctx, requests, QUESTION_COUNT, replies, err))
        return false;
    for (int i = 0; i < QUESTION_COUNT; i++) {
        answers[i] = value_null();
        if (!rest_check(ctx, &requests[i], &replies[i], &problems[i]) && problems[i].kind == ERR_ABORTED) {
            *err = problems[i];
            return false;
        }
        if (problems[i].kind == ERR_NONE)
            understand(ctx->arena, &requests[i], &replies[i], &answers[i], &problems[i]);
    }
    return true;
}

bool node_read(struct ctx *ctx, const struct cluster_id *id, deadline_t deadline, struct cluster *cluster,
               struct node_source *source, struct err *err)
{
    struct arena *arena = ctx->arena;
    const char *name = value_as_string(value_get(&ctx->config->tree, "name"));
    const struct member member = {.name = name ? name : "of this configuration",
                                  .api_url = api_url(arena, ctx->config)};
    int64_t own = own_group(ctx->config);
    struct value answers[QUESTION_COUNT], *patroni = &answers[QUESTION_PATRONI];
    struct err problems[QUESTION_COUNT] = {ERR_INIT};
    struct node_source found = {.by = "GET /cluster"};
    struct value *answer = &answers[QUESTION_CLUSTER], made;

    if (!ask(ctx, &member, deadline, answers, problems, err))
        return false;
    bool whole =
        problems[QUESTION_CLUSTER].kind == ERR_NONE && take_cluster(arena, id, answer, &problems[QUESTION_CLUSTER]);
    if (whole) {
        found.text = arena_printf(arena, "the state that the Patroni at %s has", member.api_url);
    } else if (problems[QUESTION_PATRONI].kind == ERR_NONE &&
               take_node(ctx, id, &member, patroni, &answers[QUESTION_FAILSAFE], &made, &problems[QUESTION_PATRONI])) {
        answer = &made;
        found.by = member.name;
        found.text = arena_printf(arena, "what the Patroni at %s says of itself and of members that it knows%s",
                                  member.api_url, since(arena, patroni));
    } else {
        /* GET /patroni says why nobody can be asked; an answer that is Patroni's says what is wrong with it. */
        bool other = problems[QUESTION_CLUSTER].kind != ERR_NONE && value_is(answer, VALUE_MAP);

        *err = problems[other ? QUESTION_CLUSTER : QUESTION_PATRONI];
        return false;
    }
    bool part = id->citus && id->group == CLUSTER_NO_GROUP && own != CLUSTER_NO_GROUP;
    struct dcs_tree tree = to_tree(arena, answer, part ? arena_printf(arena, "%lld/", (long long)own) : "");
    if (!cluster_build(arena, id, &tree, cluster, err))
        return false;
    const char *identifier = value_as_string(value_get(patroni, "database_system_identifier"));
    if (identifier && !part)
        cluster->initialize = identifier;
    *source = found;
    return true;
}
