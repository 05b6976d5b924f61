#include "pgha/node.h"

#include <stdlib.h>
#include <string.h>

#include "pgha/arena.h"
#include "pgha/config.h"
#include "pgha/json.h"
#include "pgha/rest.h"
#include "pgha/str.h"

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

/* What was answered, if it is what was asked for. */
static bool understand(struct arena *arena, const struct http_reply *reply, const char *name, struct value *answer,
                       struct err *err)
{
    struct err ignored = ERR_INIT;

    if (reply->status != 200)
        return err_set(err, arena, ERR_UNREACHABLE, "it answers GET /cluster with status %d", reply->status);
    if (!json_read(arena, reply->body, reply->body_length, answer, &ignored) ||
        !value_is(value_get(answer, "members"), VALUE_LIST))
        return err_set(err, arena, ERR_UNREACHABLE, "it does not answer GET /cluster as Patroni does");
    /* Before Patroni 3.0 there was no name in it. */
    const char *scope = value_as_string(value_get(answer, "scope"));
    return !scope || str_equal(scope, name) ||
           err_set(err, arena, ERR_UNREACHABLE, "it belongs to another cluster, %s", scope);
}

bool node_read(struct ctx *ctx, struct arena *arena, const struct cluster_id *id, deadline_t deadline,
               struct cluster *cluster, const char **source, struct err *err)
{
    const char *name = value_as_string(value_get(&ctx->config->tree, "name"));
    const struct member member = {.name = name ? name : "of this configuration",
                                  .api_url = api_url(arena, ctx->config)};
    const struct rest_request request = {
        .member = &member, .method = "GET", .endpoint = "cluster", .deadline = deadline};
    int64_t own = own_group(ctx->config);
    struct http_reply reply;
    struct value answer;

    if (!rest_send(ctx, &request, &reply, err) || !rest_check(ctx, &request, &reply, err) ||
        !understand(arena, &reply, id->name, &answer, err))
        return false;
    bool part = id->citus && id->group == CLUSTER_NO_GROUP && own != CLUSTER_NO_GROUP;
    struct dcs_tree tree = to_tree(arena, &answer, part ? arena_printf(arena, "%lld/", (long long)own) : "");
    if (!cluster_build(arena, id, &tree, cluster, err))
        return false;
    *source = arena_printf(arena, "the Patroni at %s", member.api_url);
    return true;
}
