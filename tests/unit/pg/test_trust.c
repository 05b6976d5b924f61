#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pgha/arena.h"
#include "pgha/json.h"
#include "pgha/postgres.h"

static struct value json(struct arena *arena, const char *text)
{
    struct value value;

    assert_true(json_read(arena, text, strlen(text), &value, NULL));
    return value;
}

static void addresses(void **state)
{
    static const struct {
        const char *found;
        const char *host; /* NULL: refused */
        int port;
    } rows[] = {
        {"{\"host\": \"10.0.0.1\", \"port\": 5432}", "10.0.0.1", 5432},
        {"{\"host\": \"pg-1.example.com\", \"port\": \"6000\"}", "pg-1.example.com", 6000},
        {"{\"host\": \"fe80::1%eth0\", \"port\": 65535}", "fe80::1%eth0", 65535},
        {"{\"host\": null, \"port\": 5432}", NULL, 0},
        {"{\"host\": \"h\", \"port\": null}", NULL, 0},
        {"{\"host\": \"h\"}", NULL, 0},
        {"{}", NULL, 0},
        {"{\"host\": \"\", \"port\": 5432}", NULL, 0},
        {"{\"host\": 7, \"port\": 5432}", NULL, 0},
        {"{\"host\": \"/tmp\", \"port\": 5432}", NULL, 0},
        {"{\"host\": \"@x\", \"port\": 5432}", NULL, 0},
        {"{\"host\": \"a,b\", \"port\": 5432}", NULL, 0},
        {"{\"host\": \"a service=x\", \"port\": 5432}", NULL, 0},
        {"{\"host\": \"a'\", \"port\": 5432}", NULL, 0},
        {"{\"host\": \"a\\\\\", \"port\": 5432}", NULL, 0},
        {"{\"host\": \"-c\", \"port\": 5432}", NULL, 0},
        {"{\"host\": \"a\\u0000b\", \"port\": 5432}", NULL, 0},
        {"{\"host\": \"h\", \"port\": 0}", NULL, 0},
        {"{\"host\": \"h\", \"port\": 65536}", NULL, 0},
        {"{\"host\": \"h\", \"port\": -1}", NULL, 0},
        {"{\"host\": \"h\", \"port\": true}", NULL, 0},
        {"{\"host\": \"h\", \"port\": 5432.0}", NULL, 0},
        {"{\"host\": \"h\", \"port\": \"5432,5433\"}", NULL, 0},
        {"{\"host\": \"h\", \"port\": \"5432 options=x\"}", NULL, 0},
    };
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct value found = json(arena, rows[i].found);
        struct err err = ERR_INIT;
        const char *host = NULL;
        int port = 0;

        assert_int_equal(postgres_address(arena, &found, &host, &port, &err), rows[i].host != NULL);
        assert_int_equal(err.kind, rows[i].host ? ERR_NONE : ERR_FAILED);
        assert_int_equal(port, rows[i].port);
        if (rows[i].host)
            assert_string_equal(host, rows[i].host);
    }
    arena_free(arena);
}

#define SERVER "\"host\": \"h\", \"port\": 1"

/* What the user has set, or libpq by itself; a parameter that is NULL is not known to this libpq. */
struct settings {
    const char *sslmode;
    const char *channel_binding;
    const char *require_auth;
};

static void add_setting(struct arena *arena, const char *name, const char *text, PQconninfoOption *defaults,
                        size_t *count)
{
    if (text)
        defaults[(*count)++] =
            (PQconninfoOption){.keyword = arena_strdup(arena, name), .val = *text ? arena_strdup(arena, text) : NULL};
}

static void check(const struct settings *settings, const char *found, const char *expected)
{
    struct arena *arena = arena_new(NULL);
    PQconninfoOption defaults[4] = {{0}};
    struct value made, wanted = json(arena, expected), given = json(arena, found);
    struct err err = ERR_INIT;
    size_t count = 0;

    add_setting(arena, "sslmode", settings->sslmode, defaults, &count);
    add_setting(arena, "channel_binding", settings->channel_binding, defaults, &count);
    add_setting(arena, "require_auth", settings->require_auth, defaults, &count);
    assert_true(postgres_trust(arena, defaults, &given, &made, &err));
    assert_true(value_equal(&made, &wanted));
    arena_free(arena);
}

static void only_what_is_stricter(void **state)
{
    static const char hostile[] =
        "{" SERVER ", \"dbname\": \"postgres://x\", \"service\": \"s\", \"passfile\": \"/f\", \"options\": \"-c a=b\","
        "\"hostaddr\": \"6.6.6.6\", \"sslrootcert\": \"/f\", \"sslcert\": \"/f\", \"target_session_attrs\": \"any\","
        "\"user\": \"u\", \"password\": \"p\", \"sslmode\": \"disable\", \"channel_binding\": \"disable\","
        "\"require_auth\": \"password\", \"krbsrvname\": \"k\", \"gssencmode\": \"disable\", \"load_balance_hosts\": "
        "\"x\"}";
    struct settings old = {"prefer", "prefer", NULL}, verifying = {"verify-full", "require", NULL};
    struct settings odd = {"allow", NULL, NULL};

    (void)state;
    check(&old, hostile, "{" SERVER "}");
    check(&verifying, hostile, "{" SERVER "}");
    check(&old, "{" SERVER ", \"sslmode\": \"require\", \"channel_binding\": \"require\"}",
          "{" SERVER ", \"sslmode\": \"require\", \"channel_binding\": \"require\"}");
    check(&verifying, "{" SERVER ", \"sslmode\": \"verify-ca\"}", "{" SERVER "}");
    check(&odd, "{" SERVER ", \"sslmode\": \"verify-full\", \"channel_binding\": \"require\"}",
          "{" SERVER ", \"sslmode\": \"verify-full\"}");
    check(&odd, "{" SERVER ", \"sslmode\": \"prefer\"}", "{" SERVER "}");
    check(&odd, "{" SERVER ", \"sslmode\": 7}", "{" SERVER "}");
}

/* Holds DIFF_QUERY_CLEAR_PASSWORD. */
static void no_password_in_clear(void **state)
{
    struct settings new = {"prefer", "prefer", ""}, chosen = {"prefer", "prefer", "password"};
    struct settings verifying = {"verify-ca", "prefer", ""}, unset = {NULL, NULL, ""};

    (void)state;
    check(&new, "{" SERVER "}", "{" SERVER ", \"require_auth\": \"!password\"}");
    check(&unset, "{" SERVER "}", "{" SERVER ", \"require_auth\": \"!password\"}");
    check(&chosen, "{" SERVER "}", "{" SERVER "}");
    check(&verifying, "{" SERVER "}", "{" SERVER "}");
    check(&new, "{" SERVER ", \"sslmode\": \"verify-full\"}", "{" SERVER ", \"sslmode\": \"verify-full\"}");
    check(&new, "{" SERVER ", \"sslmode\": \"require\"}",
          "{" SERVER ", \"sslmode\": \"require\", \"require_auth\": \"!password\"}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses),
        cmocka_unit_test(only_what_is_stricter),
        cmocka_unit_test(no_password_in_clear),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
