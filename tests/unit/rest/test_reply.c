#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../../src/rest/reply.h"
#include "pgha/arena.h"

/* A page of Python's http.server, as Patroni's send_error() makes it. */
#define PYTHON                                                                                                         \
    "<!DOCTYPE HTML>\n<html lang=\"en\">\n    <head>\n        <title>Error response</title>\n    </head>\n    "        \
    "<body>\n"                                                                                                         \
    "        <h1>Error response</h1>\n        <p>Error code: 503</p>\n    </body>\n</html>\n"
#define NGINX                                                                                                          \
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<hr><center>nginx</center>\r\n</body></html>"
#define PORTAL "<html><body>Log in to the guest network. restarted successfully</body></html>"

struct row {
    const char *method, *endpoint;
    int status;
    const char *body;
    bool patronis;
    struct {
        const char *key, *value;
    } asked; /* in the body of the request */
};

#define LATER                                                                                                          \
    {                                                                                                                  \
        "scheduled_at", "2030-01-01T00:00:00+00:00"                                                                    \
    }
#define PG2                                                                                                            \
    {                                                                                                                  \
        "candidate", "pg2"                                                                                             \
    }
#define PLAIN                                                                                                          \
    {                                                                                                                  \
        NULL, NULL                                                                                                     \
    }

static const struct row rows[] = {
    /* What Patroni says, of any release from 1.6 on. */
    {"POST", "restart", 200, "restarted successfully", true, PLAIN},
    {"POST", "restart", 202, "Restart scheduled", true, {"schedule", "2030-01-01T00:00:00+00:00"}},
    {"POST", "reload", 202, "reload scheduled", true, PLAIN},
    {"POST", "reload", 200, "nothing changed", true, PLAIN},
    {"POST", "reload", 202, "reload scheduled\n", true, PLAIN},
    {"POST", "reinitialize", 200, "reinitialize started", true, PLAIN},
    {"DELETE", "restart", 200, "scheduled restart deleted", true, PLAIN},
    {"DELETE", "switchover", 200, "scheduled switchover deleted", true, PLAIN},
    {"POST", "switchover", 200, "Successfully switched over to \"pg2\"", true, PLAIN},
    {"POST", "switchover", 200, "Successfully switched over to \"pg2\"", true, PG2},
    {"POST", "failover", 200, "Successfully switched over to \"pg2\"", true, PG2},
    {"POST", "switchover", 200, "Switched over to \"pg3\" instead of \"pg2\"", true, PG2},
    {"POST", "failover", 200, "Failed over to \"pg3\" instead of \"pg2\"", true, PG2},
    {"POST", "switchover", 202, "Switchover scheduled", true, LATER},
    {"POST", "failover", 200, "Successfully failed over to \"pg2\"", true, PLAIN},
    {"POST", "failover", 202, "Failover scheduled", true, LATER},
    {"POST", "restart", 503, "restart conditions are not satisfied", true, PLAIN},
    {"POST", "restart", 503, "postgres is still starting", true, PLAIN},
    {"POST", "restart", 500, "Can't schedule restart in the paused state", true, PLAIN},
    {"POST", "restart", 409, "Another restart is already scheduled", true, PLAIN},
    {"POST", "switchover", 503, "Switchover status unknown", true, PLAIN},
    {"POST", "failover", 504, "Failover status unknown", true, PLAIN},
    {"POST", "switchover", 501, PYTHON, true, PLAIN},
    {"DELETE", "restart", 404, "no restarts are scheduled", true, PLAIN},
    {"PATCH", "config", 503, PYTHON, true, PLAIN},
    {"PATCH", "config", 409, PYTHON, true, PLAIN},
    {"POST", "switchover", 503, "Switchover failed", true, PLAIN},
    {"POST", "failover", 503, "Failover failed", true, PLAIN},
    {"POST", "failover", 503, "failed to write failover key into DCS", true, PLAIN},
    {"POST", "restart", 503, "restart failed", true, PLAIN},
    {"POST", "restart", 503, "reinitialize already in progress", true, PLAIN},
    {"POST", "reinitialize", 503, "I am the leader, can not reinitialize", true, PLAIN},
    {"POST", "reinitialize", 503, "Cluster has no leader, can not reinitialize", true, PLAIN},
    /* Nothing was passed on. */
    {"POST", "restart", 401, NGINX, true, PLAIN},
    {"POST", "restart", 403, "", true, PLAIN},
    {"POST", "restart", 404, NGINX, true, PLAIN},
    /* Other answers. */
    {"POST", "restart", 200, "", false, PLAIN},
    {"POST", "restart", 202, "", false, PLAIN},
    {"POST", "restart", 204, "", false, PLAIN},
    {"POST", "restart", 200, "restarted succ", false, PLAIN},
    {"POST", "restart", 200, "reload scheduled", false, PLAIN},
    {"POST", "restart", 201, "restarted successfully", false, PLAIN},
    {"POST", "restart", 302, "", false, PLAIN},
    {"POST", "reload", 200, "", false, PLAIN},
    {"POST", "reload", 204, "", false, PLAIN},
    {"POST", "reload", 200, "null", false, PLAIN},
    {"POST", "reinitialize", 200, "{}", false, PLAIN},
    {"DELETE", "restart", 200, "reload scheduled", false, PLAIN},
    {"DELETE", "switchover", 200, "[]", false, PLAIN},
    {"POST", "switchover", 200, "Successfully switched over to \"pg", false, PLAIN},
    {"POST", "switchover", 200, "Successfully switched over to \"", false, PLAIN},
    {"POST", "switchover", 200, "<p>Successfully switched over to \"pg2\"", false, PLAIN},
    {"POST", "switchover", 200, "", false, PLAIN},
    /* Of another candidate, another moment, another status, or with something around it. */
    {"POST", "switchover", 200, "Successfully switched over to \"pg3\"", false, PG2},
    {"POST", "failover", 200, "Successfully failed over to \"evil\"", false, PG2},
    {"POST", "switchover", 200, "Switched over to \"pg3\" instead of \"pg1\"", false, PG2},
    {"POST", "switchover", 202, "Switchover scheduled", false, PLAIN},
    {"POST", "switchover", 200, "Successfully switched over to \"pg2\"", false, LATER},
    {"POST", "switchover", 202, "Successfully switched over to \"pg2\"", false, PLAIN},
    {"POST", "switchover", 200, "not Successfully switched over to \"pg2\"", false, PLAIN},
    {"POST", "switchover", 202, "proxy: Switchover scheduled", false, LATER},
    {"POST", "switchover", 202, "shutdown scheduled", false, LATER},
    {"POST", "restart", 202, "restarted successfully", false, PLAIN},
    {"POST", "restart", 202, "Restart scheduled", false, PLAIN},
    {"POST", "restart", 200, "restarted successfully", false, {"schedule", "2030-01-01T00:00:00+00:00"}},
    {"POST", "reload", 200, "reload scheduled", false, PLAIN},
    /* Proxies, which may have passed the request on. */
    {"POST", "restart", 520, "error code: 520", false, PLAIN},
    {"POST", "restart", 505, "not now", false, PLAIN},
    {"POST", "restart", 999, "restarted successfully", false, PLAIN},
    {"POST", "restart", 502, NGINX, false, PLAIN},
    {"POST", "restart", 504, "", false, PLAIN},
    {"POST", "restart", 502, "Bad Gateway", false, PLAIN},
    {"POST", "restart", 503, "upstream connect error or disconnect/reset before headers", false, PLAIN},
    {"POST", "restart", 503, "no healthy upstream", false, PLAIN},
    {"POST", "restart", 503, "Service Unavailable", false, PLAIN},
    {"POST", "restart", 503, "{\"message\":\"Service Unavailable\"}", false, PLAIN},
    {"POST", "restart", 500, "", false, PLAIN},
    {"POST", "restart", 503, "Try again later.", false, PLAIN},
    {"POST", "switchover", 503, "backend pool is empty", false, PLAIN},
    {"POST", "reload", 503, "maintenance", false, PLAIN},
    {"POST", "reload", 202, "", false, PLAIN},
    {"POST", "reload", 511, PORTAL, false, PLAIN},
};

static const char *const methods[] = {"POST", "DELETE", "PATCH"};
static const char *const endpoints[] = {"restart", "reload", "reinitialize", "switchover", "failover", "config"};

static bool is_patronis(const char *method, const char *endpoint, const struct value *body, int status,
                        const char *text)
{
    struct arena *arena = arena_new(NULL);
    const struct rest_request request = {.method = method, .endpoint = endpoint, .body = body};
    const struct http_reply reply = {
        .outcome = HTTP_ANSWERED, .status = status, .body = arena_strdup(arena, text), .body_length = strlen(text)};
    bool found = reply_is_patronis(arena, &request, &reply);

    arena_free(arena);
    return found;
}

static bool answers_patch(const struct value *body, const struct value *config, const char *text)
{
    struct arena *arena = arena_new(NULL);
    const struct rest_request request = {.method = "PATCH", .endpoint = "config", .body = body, .config = config};
    const struct http_reply reply = {
        .outcome = HTTP_ANSWERED, .status = 200, .body = arena_strdup(arena, text), .body_length = strlen(text)};
    bool found = reply_is_patronis(arena, &request, &reply);

    arena_free(arena);
    return found;
}

static void test_texts(void **state)
{
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct value body = value_map();

        if (rows[i].asked.key)
            value_map_set(arena, &body, rows[i].asked.key, value_string(rows[i].asked.value));
        if (is_patronis(rows[i].method, rows[i].endpoint, &body, rows[i].status, rows[i].body) != rows[i].patronis)
            fail_msg("%s %s: %d %s", rows[i].method, rows[i].endpoint, rows[i].status, rows[i].body);
    }
    arena_free(arena);
}

/* What follows a NUL byte is not seen by a comparison of text. */
static void test_nul(void **state)
{
    struct arena *arena = arena_new(NULL);
    const struct rest_request request = {.method = "POST", .endpoint = "restart"};
    struct http_reply reply = {
        .outcome = HTTP_ANSWERED, .status = 200, .body = arena_strdup(arena, "restarted successfully")};

    (void)state;
    reply.body_length = strlen(reply.body);
    assert_true(reply_is_patronis(arena, &request, &reply));
    reply.body_length += strlen("?not really");
    assert_false(reply_is_patronis(arena, &request, &reply));
    arena_free(arena);
}

/* None of these is an answer to any call. */
static void test_foreign_answers(void **state)
{
    static const char *const bodies[] = {PORTAL, "null", "[]", "{\"succeeded\":\"true\"}", "{", "OK", "\"\"", PYTHON};
    struct arena *arena = arena_new(NULL);
    struct value body = value_map();

    (void)state;
    value_map_set(arena, &body, "pause", value_bool(true));
    for (size_t m = 0; m < sizeof methods / sizeof *methods; m++)
        for (size_t e = 0; e < sizeof endpoints / sizeof *endpoints; e++)
            for (size_t b = 0; b < sizeof bodies / sizeof *bodies; b++)
                if (is_patronis(methods[m], endpoints[e], &body, 200, bodies[b]))
                    fail_msg("%s %s: %s", methods[m], endpoints[e], bodies[b]);
    arena_free(arena);
}

static void test_patch(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct value paused = value_map(), resumed = value_map(), config = value_map();

    (void)state;
    value_map_set(arena, &paused, "pause", value_bool(true));
    value_map_set(arena, &resumed, "pause", value_null());
    assert_true(is_patronis("PATCH", "config", &paused, 200, "{\"ttl\": 30, \"pause\": true}"));
    assert_false(is_patronis("PATCH", "config", &paused, 202, "{\"ttl\": 30, \"pause\": true}"));
    assert_false(is_patronis("PATCH", "config", &paused, 200, "{\"ttl\": 30, \"pause\": false}"));
    assert_false(is_patronis("PATCH", "config", &paused, 200, "{}"));
    assert_false(is_patronis("PATCH", "config", &paused, 200, ""));
    assert_true(is_patronis("PATCH", "config", &resumed, 200, "{\"ttl\": 30}"));
    assert_true(is_patronis("PATCH", "config", &resumed, 200, "{}"));
    assert_false(is_patronis("PATCH", "config", &resumed, 200, "{\"pause\": true}"));
    assert_false(is_patronis("PATCH", "config", &resumed, 200, "[]"));
    assert_false(is_patronis("PATCH", "config", &resumed, 200, "null"));
    assert_false(is_patronis("PATCH", "config", &resumed, 204, ""));
    value_map_set(arena, &config, "pause", value_bool(true));
    assert_true(answers_patch(&resumed, &config, "{}"));
    assert_true(answers_patch(&resumed, &config, "{\"ttl\": 30}"));
    value_map_set(arena, &config, "ttl", value_int(30));
    value_map_set(arena, &config, "nothing", value_null());
    assert_false(answers_patch(&resumed, &config, "{}"));
    assert_false(answers_patch(&resumed, &config, "{\"ttl\": 30}"));
    assert_true(answers_patch(&resumed, &config, "{\"ttl\": 20, \"nothing\": null}"));
    assert_true(answers_patch(&paused, &config, "{\"ttl\": 20, \"nothing\": null, \"pause\": true, \"more\": 1}"));
    assert_true(answers_patch(&paused, &config, "{\"pause\": true}"));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_nul),
        cmocka_unit_test(test_foreign_answers),
        cmocka_unit_test(test_patch),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
