#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../../src/rest/settings.h"
#include "pgha/arena.h"
#include "pgha/json.h"

/* A configuration from JSON. */
static struct config make(struct arena *arena, const char *text, bool as_patronictl)
{
    struct config config = {.differences.as_patronictl = as_patronictl};
    struct err err = ERR_INIT;

    assert_true(json_read(arena, text, strlen(text), &config.tree, &err));
    return config;
}

static struct rest_settings read_settings(struct arena *arena, const struct config *config)
{
    struct rest_settings settings;
    struct err err = ERR_INIT;

    if (!rest_settings_read(arena, config, &settings, &err))
        fail_msg("%s", err.message);
    return settings;
}

static void authorization(void **state)
{
    static const struct {
        const char *config;
        bool as_patronictl;
        const char *expected;
        const char *section;
    } rows[] = {
        {"{}", true, NULL, NULL},
        {"{\"ctl\": {\"auth\": \"admin:secret\"}}", true, "Basic YWRtaW46c2VjcmV0", "ctl"},
        {"{\"restapi\": {\"auth\": \"admin:secret\"}}", true, "Basic YWRtaW46c2VjcmV0", "restapi"},
        {"{\"ctl\": {\"auth\": \"admin:secret\"}, \"restapi\": {\"auth\": \"other:x\"}}", false,
         "Basic YWRtaW46c2VjcmV0", "ctl"},
        {"{\"ctl\": {\"auth\": \"\"}, \"restapi\": {\"auth\": \"admin:\"}}", true, "Basic YWRtaW46", "restapi"},
        {"{\"ctl\": {\"auth\": \"admin:gr\xc3\xb6\xc3\x9f"
         "e\"}}",
         true, "Basic YWRtaW46Z3L232U=", "ctl"},
        {"{\"ctl\": {\"auth\": \"admin:gr\xc3\xb6\xc3\x9f"
         "e\"}}",
         false, "Basic YWRtaW46Z3LDtsOfZQ==", "ctl"},
        {"{\"ctl\": {\"auth\": \"admin:5\xe2\x82\xac\"}}", false, "Basic YWRtaW46NeKCrA==", "ctl"},
    };
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct config config = make(arena, rows[i].config, rows[i].as_patronictl);
        struct rest_settings settings = read_settings(arena, &config);
        if (rows[i].expected) {
            assert_string_equal(settings.authorization, rows[i].expected);
            assert_string_equal(settings.authorization_from, rows[i].section);
        } else {
            assert_null(settings.authorization);
        }
    }
    arena_free(arena);
}

static void cannot_be_sent(void **state)
{
    static const struct {
        const char *config;
        const char *message;
    } rows[] = {
        {"{\"ctl\": {\"auth\": \"admin:5\xe2\x82\xac\"}}",
         "'latin-1' codec can't encode character '\\u20ac' in position 7: ordinal not in range(256)"},
        {"{\"restapi\": {\"auth\": 5}}", "restapi.auth is a number where text is due"},
        {"{\"ctl\": {\"cacert\": [1]}}", "ctl.cacert is a list where text is due"},
        {"{\"ctl\": {\"certfile\": \"/x\", \"keyfile_password\": 5}}",
         "ctl.keyfile_password is a number where text is due"},
    };
    struct arena *arena = arena_new(NULL);
    struct rest_settings settings = {.authorization_from = "untouched"};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct config config = make(arena, rows[i].config, true);
        struct err err = ERR_INIT;
        assert_false(rest_settings_read(arena, &config, &settings, &err));
        assert_int_equal(err.kind, ERR_FAILED);
        assert_string_equal(err.message, rows[i].message);
    }
    assert_string_equal(settings.authorization_from, "untouched");
    arena_free(arena);
}

/* Holds DIFF_INSECURE_CERTIFICATE. */
static void certificates(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct config config = make(arena,
                                "{\"ctl\": {\"keyfile\": \"/k\", \"keyfile_password\": \"p\"},"
                                " \"restapi\": {\"cafile\": \"/ca\", \"certfile\": \"/server\"}}",
                                true);
    struct rest_settings settings = read_settings(arena, &config);

    (void)state;
    assert_string_equal(settings.tls.cafile, "/ca");
    assert_null(settings.tls.certfile);
    assert_null(settings.tls.keyfile);
    assert_string_equal(rest_settings_tls_text(arena, &settings), "restapi.cafile: /ca");
    config.insecure = true;
    settings = read_settings(arena, &config);
    assert_true(settings.tls.no_verify_peer);

    config = make(arena,
                  "{\"ctl\": {\"certfile\": \"/c\", \"keyfile\": \"/k\", \"keyfile_password\": \"p\","
                  " \"cacert\": \"/own\"}, \"restapi\": {\"cafile\": \"/ca\"}}",
                  true);
    config.insecure = true;
    settings = read_settings(arena, &config);
    assert_string_equal(settings.tls.cafile, "/own");
    assert_string_equal(settings.tls.key_password, "p");
    assert_false(settings.tls.no_verify_peer);
    assert_true(settings.tls.no_verify_name);
    assert_string_equal(rest_settings_tls_text(arena, &settings),
                        "ctl.cacert: /own, ctl.certfile: /c, ctl.keyfile: /k");

    config.differences.as_patronictl = false;
    settings = read_settings(arena, &config);
    assert_true(settings.tls.no_verify_peer);

    config = make(arena, "{}", true);
    settings = read_settings(arena, &config);
    assert_string_equal(rest_settings_tls_text(arena, &settings), "no ctl.cacert");
    arena_free(arena);
}

static void unreadable(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct rest_settings settings = {.cafile_from = "ctl.cacert"};

    (void)state;
    assert_null(rest_settings_unreadable(arena, &settings));
    settings.tls.cafile = "/dev/null";
    assert_null(rest_settings_unreadable(arena, &settings));
    settings.tls.certfile = "/nowhere/cert.pem";
    assert_string_equal(rest_settings_unreadable(arena, &settings),
                        "ctl.certfile: /nowhere/cert.pem: No such file or directory");
    arena_free(arena);
}

static void not_in_clear(void **state)
{
    static const struct {
        const char *config;
        bool as_patronictl, https, sent;
    } rows[] = {
        {"{\"ctl\": {\"auth\": \"a:b\"}}", false, false, true},
        {"{\"ctl\": {\"auth\": \"a:b\"}, \"restapi\": {\"cafile\": \"/ca\"}}", false, false, true},
        {"{\"ctl\": {\"auth\": \"a:b\", \"cacert\": \"/ca\"}}", false, false, false},
        {"{\"ctl\": {\"auth\": \"a:b\", \"cacert\": \"/ca\"}}", false, true, true},
        {"{\"ctl\": {\"auth\": \"a:b\", \"cacert\": \"/ca\"}}", true, false, true},
        {"{\"ctl\": {\"auth\": \"a:b\", \"certfile\": \"/c\"}}", false, false, false},
    };
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct config config = make(arena, rows[i].config, rows[i].as_patronictl);
        struct rest_settings settings = read_settings(arena, &config);

        assert_int_equal(rest_settings_authorization(&config, &settings, rows[i].https) != NULL, rows[i].sent);
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(authorization), cmocka_unit_test(cannot_be_sent), cmocka_unit_test(not_in_clear),
        cmocka_unit_test(certificates),  cmocka_unit_test(unreadable),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
