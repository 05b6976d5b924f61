#include "pgha/cluster.h"

#include <stdlib.h>
#include <string.h>

#include "integer.h"
#include "parts.h"
#include "pgha/arena.h"
#include "pgha/pytext.h"
#include "pgha/str.h"
#include "pgha/url.h"
#include "pgha/utf8.h"

/* What commands use of a member's data. The rest is not kept: a cluster may have thousands of members. */
static const char *const known_keys[] = {
    "conn_url",
    "conn_kwargs",
    "api_url",
    "state",
    "role",
    "version",
    "timeline",
    "pause",
    "xlog_location",
    "receive_lsn",
    "replay_lsn",
    "tags",
    "replication_state",
    "pending_restart",
    "pending_restart_reason",
    "scheduled_restart",
};

static const char *known_key(const struct value *key)
{
    for (size_t i = 0; value_is(key, VALUE_STRING) && i < sizeof known_keys / sizeof *known_keys; i++)
        if (str_equal(key->text, known_keys[i]))
            return known_keys[i];
    return NULL;
}

/* Copies what is known into `arena`, with keys that need no memory there. */
static struct value pick(struct arena *arena, const struct value *parsed)
{
    struct value data = value_map();
    size_t room = 1, count = 0;

    for (uint32_t i = 0; i < parsed->length; i++)
        count += known_key(&parsed->pairs[i].key) != NULL;
    while (room < count) /* the room that value.c expects, so that the map stays one like any other */
        room *= 2;
    data.pairs = arena_calloc(arena, room, sizeof *data.pairs);
    for (uint32_t i = 0; i < parsed->length; i++) {
        const char *key = known_key(&parsed->pairs[i].key);

        if (key)
            data.pairs[data.length++] =
                (struct value_pair){value_string(key), value_copy(arena, &parsed->pairs[i].value)};
    }
    return data;
}

static int hex_value(char c)
{
    const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c | 0x20) : NULL;

    return at ? (int)(at - digits) : -1;
}

/* A value of a query string: plus signs and percent escapes resolved, what is no UTF-8 then replaced. */
static const char *unquote(struct arena *arena, const char *text, size_t length)
{
    struct str bytes, result;
    uint32_t code;

    str_init(&bytes, arena);
    str_init(&result, arena);
    for (size_t i = 0; i < length; i++) {
        int high = text[i] == '%' && i + 2 < length ? hex_value(text[i + 1]) : -1;
        int low = high >= 0 ? hex_value(text[i + 2]) : -1;

        str_add_char(&bytes, low >= 0 ? (char)(high * 16 + low) : text[i] == '+' ? ' ' : text[i]);
        i += low >= 0 ? 2 : 0;
    }
    for (size_t at = 0, size; (size = utf8_next(bytes.text + at, bytes.length - at, &code)); at += size)
        utf8_add(&result, code >= 0xD800 && code <= 0xDFFF ? 0xFFFD : code);
    return result.text;
}

/* The first value of a parameter that has one, or NULL. */
static const char *query_value(struct arena *arena, const char *query, const char *name)
{
    for (; *query; query += strspn(query, "&")) {
        size_t length = strcspn(query, "&");
        const char *equals = memchr(query, '=', length);
        size_t name_length = equals ? (size_t)(equals - query) : length;

        if (equals && equals + 1 < query + length && str_equal(unquote(arena, query, name_length), name))
            return unquote(arena, equals + 1, length - name_length - 1);
        query += length;
    }
    return NULL;
}

/* The form of old: a connection URL whose application_name is the URL of the REST API. */
static bool from_url(struct arena *arena, const char *text, struct value *data, struct err *err)
{
    struct url url;

    if (!url_parse(arena, text, &url, err))
        return false;
    bool slash = *url.authority && *url.path && *url.path != '/';
    char *conn_url =
        arena_printf(arena, "%s%s%s%s%s%s%s%s", url.scheme, *url.scheme ? ":" : "", *url.authority ? "//" : "",
                     url.authority, slash ? "/" : "", url.path, *url.fragment ? "#" : "", url.fragment);
    *data = value_map();
    value_map_set(arena, data, "conn_url", value_string(conn_url));
    value_map_set(arena, data, "api_url", value_string(query_value(arena, url.query, "application_name")));
    return true;
}

bool member_build(struct arena *arena, struct arena *scratch, const struct dcs_node *node, const char *name,
                  struct member *member, struct err *err)
{
    struct value parsed;

    if (str_starts_with(node->value, "postgres")) {
        if (!from_url(scratch, node->value, &parsed, err))
            return err_wrap(err, arena, "member %s", name);
    } else if (!document_parse(scratch, node, &parsed) || !value_is(&parsed, VALUE_MAP)) {
        parsed = value_map();
    }
    member->name = arena_strdup(arena, name);
    member->revision = node->revision;
    member->data = pick(arena, &parsed);
    const char *api_url = value_as_string(value_get(&member->data, "api_url"));
    member->api_url = api_url && *api_url ? api_url : NULL;
    return true;
}

/* What dict.update() takes besides maps: a list of pairs, each a list or a text of two, or a map of two keys. */
static bool pair_from(struct arena *arena, const struct value *item, struct value *key, struct value *value)
{
    if (value_is(item, VALUE_LIST) && item->length == 2) {
        *key = item->items[0];
        *value = item->items[1];
    } else if (value_is(item, VALUE_MAP) && item->length == 2) {
        *key = item->pairs[0].key;
        *value = item->pairs[1].key;
    } else if (value_is(item, VALUE_STRING) && utf8_count(item->text) == 2) {
        uint32_t code;
        size_t size = utf8_next(item->text, item->length, &code);

        *key = value_string(arena_strndup(arena, item->text, size));
        *value = value_string(item->text + size);
    } else {
        return false;
    }
    return !value_is(key, VALUE_LIST) && !value_is(key, VALUE_MAP);
}

static bool add_kwargs(struct arena *arena, const struct value *from, struct value *kwargs)
{
    if (value_is(from, VALUE_MAP)) {
        for (uint32_t i = 0; i < from->length; i++)
            value_map_append(arena, kwargs, from->pairs[i].key, from->pairs[i].value);
        value_map_unique(kwargs);
        return true;
    }
    for (uint32_t i = 0; value_is(from, VALUE_LIST) && i < from->length; i++) {
        struct value key, value;

        if (!pair_from(arena, &from->items[i], &key, &value))
            return false;
        value_map_append(arena, kwargs, key, value);
    }
    value_map_unique(kwargs);
    return value_is(from, VALUE_LIST);
}

static bool kwargs_from_url(const struct member *member, struct arena *arena, struct value *kwargs, struct err *err)
{
    const struct value *conn_url = value_get(&member->data, "conn_url");
    struct url url;
    uint32_t code;
    int port;

    if (!value_truth(conn_url)) {
        *kwargs = value_map();
        return true;
    }
    if (!value_is(conn_url, VALUE_STRING))
        return err_set(err, arena, ERR_FAILED, "member %s: conn_url is %s", member->name, value_kind_name(conn_url));
    if (!url_parse(arena, conn_url->text, &url, err) || !url_port(&url, arena, &port, err))
        return err_wrap(err, arena, "member %s: conn_url", member->name);
    value_map_set(arena, kwargs, "host", value_string(url.host));
    value_map_set(arena, kwargs, "port", value_int(port ? port : 5432));
    value_map_set(arena, kwargs, "dbname", value_string(url.path + utf8_next(url.path, strlen(url.path), &code)));
    return true;
}

bool member_conn_kwargs(const struct member *member, struct arena *arena, struct value *kwargs, struct err *err)
{
    const struct value *given = value_get(&member->data, "conn_kwargs");
    struct value found = value_map();

    value_map_set(arena, &found, "host", value_null());
    value_map_set(arena, &found, "port", value_null());
    value_map_set(arena, &found, "dbname", value_null());
    if (!value_truth(given)) {
        if (!kwargs_from_url(member, arena, &found, err))
            return false;
    } else if (!add_kwargs(arena, given, &found)) {
        return err_set(err, arena, ERR_FAILED, "member %s: conn_kwargs is %s", member->name, value_kind_name(given));
    }
    *kwargs = found;
    return true;
}

bool member_address(const struct member *member, struct arena *arena, struct value *host, struct value *port,
                    struct err *err)
{
    struct value kwargs, found = value_null();
    lsn_t number;

    if (!member_conn_kwargs(member, arena, &kwargs, err))
        return false;
    const struct value *named = value_get(&kwargs, "host"), *given = value_get(&kwargs, "port");
    if (value_truth(named) && value_truth(given)) {
        enum integer outcome = integer_convert(given, arena, &number);

        if (outcome == INTEGER_NONE)
            return err_set(err, arena, ERR_FAILED, "member %s: the port is no number", member->name);
        found =
            outcome == INTEGER_OK && number >= INT64_MIN && number <= INT64_MAX ? value_int((int64_t)number) : *given;
    }
    *host = value_truth(named) ? *named : value_null();
    *port = found;
    return true;
}

static bool too_large(const struct member *member, struct arena *arena, const char *key, struct err *err)
{
    return err_set(err, arena, ERR_FAILED, "member %s: %s is too large", member->name, key);
}

bool member_lsn(const struct member *member, struct arena *arena, const char *key, lsn_t *lsn, struct err *err)
{
    lsn_t found = 0;

    if (integer_parse(value_get(&member->data, key), arena, &found) == INTEGER_OVERFLOW)
        return too_large(member, arena, key, err);
    *lsn = found;
    return true;
}

enum health member_health(const struct value *state)
{
    static const char *const well[] = {"running", "streaming", "in archive recovery"};
    const char *text = value_as_string(state);

    for (size_t i = 0; i < sizeof well / sizeof *well; i++)
        if (str_equal(text, well[i]))
            return HEALTH_WELL;
    if (text && (str_ends_with(text, "failed") || str_equal(text, "stopped") || str_equal(text, "crashed")))
        return HEALTH_BAD;
    return HEALTH_CHANGING;
}

bool member_is_nofailover(const struct member *member, struct arena *arena, bool *nofailover, struct err *err)
{
    const struct value *tags = value_get(&member->data, "tags"), *tag = value_get(tags, "nofailover");
    lsn_t priority = 1;

    if (tags && !value_is(tags, VALUE_MAP))
        return err_set(err, arena, ERR_FAILED, "member %s: tags is %s", member->name, value_kind_name(tags));
    if (!tag || value_is(tag, VALUE_NULL)) {
        if (integer_parse(value_get(tags, "failover_priority"), arena, &priority) == INTEGER_OVERFLOW)
            return too_large(member, arena, "failover_priority", err);
        *nofailover = priority <= 0;
    } else {
        *nofailover = value_truth(tag);
    }
    return true;
}
