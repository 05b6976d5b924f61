#include <string.h>

#include "pgha/arena.h"
#include "pgha/postgres.h"
#include "pgha/str.h"

/* The method that sends a password as it is: LDAP, PAM and RADIUS need it, and so does who collects passwords. */
#define NOT_IN_CLEAR "!password"

/* Values of a parameter from lax to strict; the first stands for all that are laxer. */
static const struct strictness {
    const char *name;
    const char *values[5];
} strictnesses[] = {
    {"sslmode", {"prefer", "require", "verify-ca", "verify-full"}},
    {"channel_binding", {"prefer", "require"}},
};

static const char *user_setting(const PQconninfoOption *defaults, const char *name)
{
    for (; defaults && defaults->keyword; defaults++)
        if (str_equal(defaults->keyword, name))
            return defaults->val ? defaults->val : "";
    return NULL;
}

/* 0 for what is not known, too. */
static size_t rank_of(const struct strictness *strictness, const char *text)
{
    for (size_t i = 0; text && strictness->values[i]; i++)
        if (str_equal(strictness->values[i], text))
            return i;
    return 0;
}

/* Text that C sees to its end. */
static const char *whole_text(const struct value *value)
{
    const char *text = value_as_string(value);

    return text && strlen(text) == value->length ? text : NULL;
}

static bool is_host(const char *text)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._:%";

    return text && *text && *text != '-' && !text[strspn(text, allowed)];
}

bool postgres_address(struct arena *arena, const struct value *found, const char **host, int *port, struct err *err)
{
    const struct value *named = value_get(found, "host"), *given = value_get(found, "port");
    const char *text = whole_text(given);
    int64_t number = 0;

    if (!named || !given || value_is(named, VALUE_NULL) || value_is(given, VALUE_NULL))
        return err_set(err, arena, ERR_FAILED, "no address of its PostgreSQL is in the store");
    if (!is_host(whole_text(named)))
        return err_set(err, arena, ERR_FAILED,
                       "what the store has for the host of its PostgreSQL is no name and no address of a host");
    if (value_is(given, VALUE_INT))
        number = given->integer;
    else if (text && !str_to_int64(text, 1, 65535, &number))
        number = 0;
    if (number < 1 || number > 65535)
        return err_set(err, arena, ERR_FAILED, "what the store has for the port of its PostgreSQL is no port");
    *host = named->text;
    *port = (int)number;
    return true;
}

bool postgres_trust(struct arena *arena, const PQconninfoOption *defaults, const struct value *found,
                    struct value *parameters, struct err *err)
{
    struct value made = value_map();
    const char *host;
    int port;

    if (!postgres_address(arena, found, &host, &port, err))
        return false;
    value_map_set(arena, &made, "host", value_string(host));
    value_map_set(arena, &made, "port", value_int(port));
    for (size_t i = 0; i < sizeof strictnesses / sizeof *strictnesses; i++) {
        const struct strictness *strictness = &strictnesses[i];
        const char *text = whole_text(value_get(found, strictness->name));
        const char *setting = user_setting(defaults, strictness->name);

        if (setting && rank_of(strictness, text) > rank_of(strictness, setting))
            value_map_set(arena, &made, strictness->name, value_string(text));
    }
    const char *mode = value_as_string(value_get(&made, "sslmode"));
    if (!mode)
        mode = user_setting(defaults, "sslmode");
    if (str_equal(user_setting(defaults, "require_auth"), "") && !(mode && str_starts_with(mode, "verify-")))
        value_map_set(arena, &made, "require_auth", value_string(NOT_IN_CLEAR));
    *parameters = made;
    return true;
}
