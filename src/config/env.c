#include "env.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "pgha/arena.h"
#include "pgha/conceal.h"
#include "pgha/log.h"
#include "pgha/number.h"
#include "pgha/str.h"
#include "pgha/yaml.h"

#define PREFIX "PATRONI_"

enum env_type { ENV_TEXT, ENV_BOOL, ENV_INT, ENV_LIST, ENV_DICT };

struct reading {
    struct arena *arena;
    const char *const *environment;
    const struct log *log;
    struct value *tree;
};

const char *env_find(const char *const *environment, const char *name)
{
    size_t length = strlen(name);

    for (; *environment; environment++)
        if (strncmp(*environment, name, length) == 0 && (*environment)[length] == '=')
            return *environment + length + 1;
    return NULL;
}

/* PATRONI_<SECTION>_<KEY>, or NULL when it is not set or empty. */
static const char *find(const struct reading *reading, const char *section, const char *key)
{
    char *name = arena_printf(reading->arena, PREFIX "%s%s%s", section ? section : "", section ? "_" : "", key);

    for (char *c = name; *c; c++)
        if (*c >= 'a' && *c <= 'z')
            *c = (char)(*c - 'a' + 'A');
    const char *value = env_find(reading->environment, name);
    return value && *value ? value : NULL;
}

static bool parse_bool(const char *text, struct value *value)
{
    static const char *const words[] = {"off", "on", "false", "true", "no", "yes", "0", "1"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcasecmp(text, words[i]) == 0) {
            *value = value_bool(i % 2);
            return true;
        }
    }
    return false;
}

/* As PostgreSQL reads integers: decimal, octal, hexadecimal, or a float that is rounded. Units mean nothing here. */
static bool parse_int(struct arena *arena, const char *text, struct value *value)
{
    const char *trimmed = str_trim(arena, text), *digits = trimmed + (*trimmed == '-' || *trimmed == '+');
    size_t length = strlen(digits);
    int base = 10;

    if (digits[0] == '0' && digits[1] == 'x') {
        base = 16;
        digits += 2;
        length -= 2;
    } else if (digits[0] == '0') {
        base = 8;
    }
    if (number_read(arena, digits, length, base, *trimmed == '-', value))
        return true;
    if (base == 16 || !strpbrk(trimmed, ".eE") || strspn(trimmed, "+-0123456789.eE") != strlen(trimmed))
        return false;
    char *end;
    double real = strtod(trimmed, &end);
    if (*end || fabs(real) > 1e15)
        return false;
    *value = value_int((int64_t)rint(real));
    return true;
}

/* A list or a dictionary in YAML, whose brackets may be left out. Null when there is none. */
static struct value parse_yaml(const struct reading *reading, const char *text, bool list)
{
    const char *trimmed = str_trim(reading->arena, text), *document = text;
    struct value value = value_null();
    struct err err = ERR_INIT;

    if (list && *trimmed != '-' && !strchr(text, '['))
        document = arena_printf(reading->arena, "[%s]", text);
    if (!list && *trimmed != '{')
        document = arena_printf(reading->arena, "{%s}", text);
    if (yaml_read(reading->arena, document, strlen(document), "environment", NULL, &value, &err))
        return value;
    /* Patroni's words; a dictionary may hold credentials, and is not shown. */
    if (list)
        log_error(reading->log, "Exception when parsing list %s", conceal_address(reading->arena, text));
    else
        log_error(reading->log, "Exception when parsing dict");
    return value_null();
}

static bool set(struct reading *reading, const char *section, const char *key, struct value value, struct err *err)
{
    struct value *map = value_get(reading->tree, section);

    if (!map) {
        value_map_set(reading->arena, reading->tree, section, value_map());
        map = value_get(reading->tree, section);
    }
    if (!value_is(map, VALUE_MAP))
        return err_set(err, reading->arena, ERR_FAILED,
                       "environment: \"%s\" is set as text and as a section with \"%s\"", section, key);
    value_map_set(reading->arena, map, key, value);
    return true;
}

static bool read_sections(struct reading *reading, struct err *err)
{
    static const struct {
        const char *section;
        const char *key;
        enum env_type type;
    } variables[] = {
        {"ctl", "insecure", ENV_BOOL},         {"ctl", "cacert", ENV_TEXT},
        {"ctl", "certfile", ENV_TEXT},         {"ctl", "keyfile", ENV_TEXT},
        {"ctl", "keyfile_password", ENV_TEXT}, {"restapi", "cafile", ENV_TEXT},
        {"restapi", "listen", ENV_TEXT},       {"restapi", "connect_address", ENV_TEXT},
        {"restapi", "certfile", ENV_TEXT},     {"raft", "self_addr", ENV_TEXT},
        {"raft", "partner_addrs", ENV_LIST},
    };
    static const char *const names[] = {"name", "namespace", "scope"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *text = find(reading, NULL, names[i]);

        if (text)
            value_map_set(reading->arena, reading->tree, names[i], value_string(text));
    }
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        const char *text = find(reading, variables[i].section, variables[i].key);
        struct value value = value_string(text);

        if (!text)
            continue;
        if (variables[i].type == ENV_BOOL && !parse_bool(text, &value))
            continue;
        if (variables[i].type == ENV_LIST)
            value = parse_yaml(reading, text, true);
        if (value_truth(&value) || variables[i].type == ENV_BOOL)
            if (!set(reading, variables[i].section, variables[i].key, value, err))
                return false;
    }
    return true;
}

/* User and password of a section; an empty map when neither is set. */
static struct value read_credentials(const struct reading *reading, const char *section)
{
    static const char *const keys[] = {"username", "password"};
    struct value credentials = value_map();

    for (size_t i = 0; i < 2; i++) {
        const char *text = find(reading, section, keys[i]);

        if (text)
            value_map_set(reading->arena, &credentials, keys[i], value_string(text));
    }
    return credentials;
}

static const struct suffix {
    const char *name;
    enum env_type type;
} suffixes[] = {
    {"HOST", ENV_TEXT},
    {"HOSTS", ENV_LIST},
    {"PORT", ENV_INT},
    {"USE_PROXIES", ENV_BOOL},
    {"PROTOCOL", ENV_TEXT},
    {"SRV", ENV_TEXT},
    {"SRV_SUFFIX", ENV_TEXT},
    {"URL", ENV_TEXT},
    {"PROXY", ENV_TEXT},
    {"CACERT", ENV_TEXT},
    {"CERT", ENV_TEXT},
    {"KEY", ENV_TEXT},
    {"VERIFY", ENV_BOOL},
    {"TOKEN", ENV_TEXT},
    {"CHECKS", ENV_LIST},
    {"DC", ENV_TEXT},
    {"CONSISTENCY", ENV_TEXT},
    {"REGISTER_SERVICE", ENV_BOOL},
    {"SERVICE_CHECK_INTERVAL", ENV_TEXT},
    {"SERVICE_CHECK_TLS_SERVER_NAME", ENV_TEXT},
    {"SERVICE_TAGS", ENV_LIST},
    {"NAMESPACE", ENV_TEXT},
    {"CONTEXT", ENV_TEXT},
    {"USE_ENDPOINTS", ENV_BOOL},
    {"SCOPE_LABEL", ENV_TEXT},
    {"ROLE_LABEL", ENV_TEXT},
    {"POD_IP", ENV_TEXT},
    {"PORTS", ENV_LIST},
    {"LABELS", ENV_DICT},
    {"BYPASS_API_SERVICE", ENV_BOOL},
    {"RETRIABLE_HTTP_CODES", ENV_LIST},
    {"KEY_PASSWORD", ENV_TEXT},
    {"USE_SSL", ENV_TEXT},
    {"SET_ACLS", ENV_DICT},
    {"GROUP", ENV_TEXT},
    {"DATABASE", ENV_TEXT},
    {"LEADER_LABEL_VALUE", ENV_TEXT},
    {"FOLLOWER_LABEL_VALUE", ENV_TEXT},
    {"STANDBY_LEADER_LABEL_VALUE", ENV_TEXT},
    {"TMP_ROLE_LABEL", ENV_TEXT},
    {"AUTH_DATA", ENV_DICT},
    {"BOOTSTRAP_LABELS", ENV_DICT},
};

static const struct suffix *find_suffix(const char *name)
{
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
        if (str_equal(name, suffixes[i].name))
            return &suffixes[i];
    return NULL;
}

/* The value with its type; null for what Patroni leaves out. An empty text stays one. */
static struct value typed(const struct reading *reading, enum env_type type, const char *text)
{
    struct value value = value_null();

    switch (type) {
    case ENV_BOOL:
        return parse_bool(text, &value) ? value : value_null();
    case ENV_INT:
        if (*text)
            return parse_int(reading->arena, text, &value) ? value : value_null();
        break;
    case ENV_LIST:
        if (*text)
            return parse_yaml(reading, text, true);
        break;
    case ENV_DICT:
        return parse_yaml(reading, text, false);
    case ENV_TEXT:
        break;
    }
    return value_string(text);
}

/* PATRONI_<STORE>_<KEY>: the store can have any name, the key is one of those that stores have. */
static bool read_stores(struct reading *reading, struct err *err)
{
    for (const char *const *variable = reading->environment; *variable; variable++) {
        if (!str_starts_with(*variable, PREFIX))
            continue;
        const char *name = *variable + strlen(PREFIX), *equals = strchr(name, '=');
        const char *underscore = equals ? memchr(name, '_', (size_t)(equals - name)) : NULL;
        if (!underscore || underscore == name)
            continue;
        char *store = arena_strndup(reading->arena, name, (size_t)(underscore - name));
        char *key = arena_strndup(reading->arena, underscore + 1, (size_t)(equals - underscore - 1));
        const struct suffix *suffix = find_suffix(key);
        if (!suffix)
            continue;
        enum env_type type = suffix->type;
        if (str_equal(store, "CITUS")) {
            if (!str_equal(key, "GROUP") && !str_equal(key, "DATABASE"))
                continue;
            type = *key == 'G' ? ENV_INT : ENV_TEXT;
        }
        struct value value = typed(reading, type, equals + 1);
        if (value.kind == VALUE_NULL || (*key == 'G' && value.kind == VALUE_STRING && str_equal(store, "CITUS")))
            continue;
        for (char *c = store; *c; c++)
            *c = (char)(*c >= 'A' && *c <= 'Z' ? *c | 0x20 : *c);
        for (char *c = key; *c; c++)
            *c = (char)(*c >= 'A' && *c <= 'Z' ? *c | 0x20 : *c);
        if (!set(reading, store, key, value, err))
            return false;
    }
    return true;
}

bool env_read(struct arena *arena, const char *const *environment, const struct log *log, struct value *tree,
              struct err *err)
{
    static const char *const members[] = {"ctl", "restapi"}, *const stores[] = {"etcd", "etcd3"};
    struct value read = value_map();
    struct reading reading = {arena, environment, log, &read};

    if (!read_sections(&reading, err))
        return false;
    for (size_t i = 0; i < 2; i++) {
        struct value credentials = read_credentials(&reading, members[i]);

        if (credentials.length && !set(&reading, members[i], "authentication", credentials, err))
            return false;
    }
    if (!read_stores(&reading, err))
        return false;
    /* Credentials alone do not make a section. */
    for (size_t i = 0; i < 2; i++) {
        struct value credentials = read_credentials(&reading, stores[i]);

        if (value_get(&read, stores[i]))
            for (uint32_t j = 0; j < credentials.length; j++)
                if (!set(&reading, stores[i], credentials.pairs[j].key.text, credentials.pairs[j].value, err))
                    return false;
    }
    *tree = read;
    return true;
}
