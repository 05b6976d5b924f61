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
};

static const struct row rows[] = {
    /* What Patroni says, of any release from 1.6 on. */
    {"POST", "restart", 200, "restarted successfully", true},
    {"POST", "restart", 202, "Restart scheduled", true},
    {"POST", "reload", 202, "reload scheduled", true},
    {"POST", "reload", 200, "nothing changed", true},
    {"POST", "reload", 202, "reload scheduled\n", true},
    {"POST", "reinitialize", 200, "reinitialize started", true},
    {"DELETE", "restart", 200, "scheduled restart deleted", true},
    {"DELETE", "switchover", 200, "scheduled switchover deleted", true},
    {"POST", "switchover", 200, "Successfully switched over to \"pg2\"", true},
    {"POST", "switchover", 200, "Switchovered over to \"pg3\" instead of \"pg2\"", true},
    {"POST", "switchover", 202, "Switchover scheduled", true},
    {"POST", "failover", 200, "Successfully failed over to \"pg2\"", true},
    {"POST", "failover", 202, "Failover scheduled", true},
    {"POST", "restart", 503, "restart conditions are not satisfied", true},
    {"POST", "restart", 503, "postgres is still starting", true},
    {"POST", "restart", 500, "Can't schedule restart in the paused state", true},
    {"POST", "restart", 409, "Another restart is already scheduled", true},
    {"POST", "switchover", 503, "Switchover status unknown", true},
    {"POST", "failover", 504, "Failover status unknown", true},
    {"POST", "switchover", 501, PYTHON, true},
    {"DELETE", "restart", 404, "no restarts are scheduled", true},
    {"PATCH", "config", 503, PYTHON, true},
    {"PATCH", "config", 409, PYTHON, true},
    {"POST", "switchover", 503, "Switchover failed", true},
    {"POST", "failover", 503, "Failover failed", true},
    {"POST", "failover", 503, "failed to write failover key into DCS", true},
    {"POST", "restart", 503, "restart failed", true},
    {"POST", "restart", 503, "reinitialize already in progress", true},
    {"POST", "reinitialize", 503, "I am the leader, can not reinitialize", true},
    {"POST", "reinitialize", 503, "Cluster has no leader, can not reinitialize", true},
    /* Nothing was passed on. */
    {"POST", "restart", 401, NGINX, true},
    {"POST", "restart", 403, "", true},
    {"POST", "restart", 404, NGINX, true},
    /* Other answers. */
    {"POST", "restart", 200, "", false},
    {"POST", "restart", 202, "", false},
    {"POST", "restart", 204, "", false},
    {"POST", "restart", 200, "restarted succ", false},
    {"POST", "restart", 200, "reload scheduled", false},
    {"POST", "restart", 201, "restarted successfully", false},
    {"POST", "restart", 302, "", false},
    {"POST", "reload", 200, "", false},
    {"POST", "reload", 204, "", false},
    {"POST", "reload", 200, "null", false},
    {"POST", "reinitialize", 200, "{}", false},
    {"DELETE", "restart", 200, "reload scheduled", false},
    {"DELETE", "switchover", 200, "[]", false},
    {"POST", "switchover", 200, "Successfully switched over to \"pg", false},
    {"POST", "switchover", 200, "Successfully switched over to \"", false},
    {"POST", "switchover", 200, "<p>Successfully switched over to \"pg2\"", false},
    {"POST", "switchover", 200, "", false},
    /* Proxies, which may have passed the request on. */
    {"POST", "restart", 502, NGINX, false},
    {"POST", "restart", 504, "", false},
    {"POST", "restart", 502, "Bad Gateway", false},
    {"POST", "restart", 503, "upstream connect error or disconnect/reset before headers", false},
    {"POST", "restart", 503, "no healthy upstream", false},
    {"POST", "restart", 503, "Service Unavailable", false},
    {"POST", "restart", 503, "{\"message\":\"Service Unavailable\"}", false},
    {"POST", "restart", 500, "", false},
    {"POST", "restart", 503, "Try again later.", false},
    {"POST", "switchover", 503, "backend pool is empty", false},
    {"POST", "reload", 503, "maintenance", false},
    {"POST", "reload", 202, "", false},
    {"POST", "reload", 511, PORTAL, false},
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
    const struct value body = value_map();

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (is_patronis(rows[i].method, rows[i].endpoint, &body, rows[i].status, rows[i].body) != rows[i].patronis)
            fail_msg("%s %s: %d %s", rows[i].method, rows[i].endpoint, rows[i].status, rows[i].body);
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
        cmocka_unit_test(test_foreign_answers),
        cmocka_unit_test(test_patch),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
