#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake_http.h"
#include "pgha/arena.h"
#include "pgha/config.h"
#include "pgha/json.h"
#include "pgha/rest.h"

struct world {
    struct ctx ctx;
    struct config config;
    struct member member;
};

static int set_up(void **state)
{
    struct world *world = test_calloc(1, sizeof *world);
    struct err err = ERR_INIT;

    world->ctx =
        (struct ctx){.arena = arena_new(NULL), .config = &world->config, .timeout = 5, .operation_timeout = 2000};
    world->config.tree = value_map();
    world->member.name = "pg1";
    assert_true(http_new(world->ctx.arena, NULL, &world->ctx.http, &err));
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;

    arena_free(world->ctx.arena);
    test_free(world);
    return 0;
}

static void configure(struct world *world, const char *text)
{
    struct err err = ERR_INIT;

    assert_true(json_read(world->ctx.arena, text, strlen(text), &world->config.tree, &err));
}

static struct rest_request request_to(struct world *world, const char *method, const char *endpoint)
{
    return (struct rest_request){
        .member = &world->member, .method = method, .endpoint = endpoint, .deadline = deadline_in(5)};
}

static struct http_reply ask(struct world *world, const struct rest_request *request)
{
    struct http_reply reply;
    struct err err = ERR_INIT;

    assert_true(rest_send(&world->ctx, request, &reply, &err));
    return reply;
}

static void check(struct world *world, const struct rest_request *request, const struct http_reply *reply,
                  enum err_kind kind, const char *message)
{
    struct err err = ERR_INIT;

    assert_int_equal(rest_check(&world->ctx, request, reply, &err), kind == ERR_NONE);
    assert_int_equal(err.kind, kind);
    if (message)
        assert_string_equal(err.message, message);
}

static void sends(void **state)
{
    struct world *world = *state;
    struct fake_http *fake = fake_http_serve("restarted successfully");
    struct rest_request request = request_to(world, "POST", "restart");
    struct value body = value_map();

    configure(world, "{\"ctl\": {\"auth\": \"admin:secret\"}}");
    value_map_set(world->ctx.arena, &body, "timeout", value_string("5"));
    value_map_set(world->ctx.arena, &body, "restart_pending", value_bool(true));
    request.body = &body;
    world->member.api_url = arena_printf(world->ctx.arena, "http://me:pw@%s/patroni?x#y", fake_http_place(fake));
    struct http_reply reply = ask(world, &request);
    assert_int_equal(reply.outcome, HTTP_ANSWERED);
    assert_string_equal(reply.body, "restarted successfully");
    const char *sent = fake_http_request(fake, 0);
    assert_int_equal(strncmp(sent, "POST /restart HTTP/1.1\r\n", 24), 0);
    assert_non_null(strstr(sent, "\r\nAuthorization: Basic YWRtaW46c2VjcmV0\r\n"));
    assert_non_null(strstr(sent, "\r\n\r\n{\"timeout\": \"5\", \"restart_pending\": true}"));
    check(world, &request, &reply, ERR_NONE, NULL);

    request = request_to(world, "GET", NULL);
    ask(world, &request);
    assert_int_equal(strncmp(fake_http_request(fake, 1), "GET /patroni?x HTTP/1.1\r\n", 25), 0);

    world->member.api_url = arena_printf(world->ctx.arena, "%s/patroni", fake_http_place(fake));
    ask(world, &request);
    assert_int_equal(strncmp(fake_http_request(fake, 2), "GET /patroni HTTP/1.1\r\n", 23), 0);
    request.endpoint = "reload";
    world->member.api_url = arena_printf(world->ctx.arena, "//%s/patroni", fake_http_place(fake));
    ask(world, &request);
    assert_int_equal(strncmp(fake_http_request(fake, 3), "GET /reload HTTP/1.1\r\n", 22), 0);
    fake_http_stop(fake);
}

static void no_address(void **state)
{
    static const char *const urls[] = {NULL, "10.0.0.1:8008", "ftp://10.0.0.1/", "http://", "http://[::1/", "patroni"};
    struct world *world = *state;
    struct rest_request request = request_to(world, "POST", "reload");

    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        world->member.api_url = urls[i];
        struct http_reply reply = ask(world, &request);
        assert_int_equal(reply.outcome, HTTP_UNREACHABLE);
        check(world, &request, &reply, ERR_UNREACHABLE,
              urls[i] ? "member pg1 has an unusable api_url" : "member pg1 has no api_url");
    }
}

static void unreachable(void **state)
{
    struct world *world = *state;
    struct rest_request request = request_to(world, "POST", "reload");

    world->member.api_url = arena_printf(world->ctx.arena, "http://%s/patroni", fake_http_nowhere());
    struct http_reply reply = ask(world, &request);
    check(world, &request, &reply, ERR_UNREACHABLE, NULL);
    world->member.api_url = "https://127.0.0.1:1/";
    configure(world, "{\"ctl\": {\"cacert\": \"/nowhere/ca.pem\"}}");
    reply = ask(world, &request);
    check(world, &request, &reply, ERR_TLS, "ctl.cacert: /nowhere/ca.pem: No such file or directory");
}

/* Whether a request that was sent and not answered was acted upon nobody knows, unless it only asked. */
static void unanswered(void **state)
{
    const struct fake_answer none = {.text = NULL};
    struct world *world = *state;
    struct fake_http *fake = fake_http_start(&none, 1);
    struct rest_request post = request_to(world, "POST", "restart");
    struct rest_request get = request_to(world, "GET", NULL);

    world->member.api_url = fake_http_url(fake);
    struct http_reply reply = ask(world, &post);
    check(world, &post, &reply, ERR_UNKNOWN, NULL);
    reply = ask(world, &get);
    check(world, &get, &reply, ERR_UNREACHABLE, NULL);
    assert_int_equal(fake_http_count(fake), 2);
    fake_http_stop(fake);
}

/* As urllib3 does: what does no harm twice is sent four times, the rest once. */
static void repeats_as_patronictl(void **state)
{
    const struct fake_answer none = {.text = NULL};
    const struct fake_answer second[] = {{.text = NULL}, {.text = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"}};
    struct world *world = *state;
    struct fake_http *fake = fake_http_start(&none, 1);
    struct rest_request post = request_to(world, "POST", "restart");
    struct rest_request delete = request_to(world, "DELETE", "switchover");

    world->ctx.differences.as_patronictl = true;
    world->member.api_url = fake_http_url(fake);
    assert_int_equal(ask(world, &post).outcome, HTTP_BROKEN);
    assert_int_equal(fake_http_count(fake), 1);
    assert_int_equal(ask(world, &delete).outcome, HTTP_BROKEN);
    assert_int_equal(fake_http_count(fake), 5);
    fake_http_stop(fake);

    fake = fake_http_start(second, 2);
    world->member.api_url = fake_http_url(fake);
    assert_string_equal(ask(world, &delete).body, "ok");
    assert_int_equal(fake_http_count(fake), 2);
    fake_http_stop(fake);
}

static void credentials(void **state)
{
    const struct fake_answer refusal = {.text = "HTTP/1.1 401 no\r\nContent-Length: 2\r\n\r\nno"};
    struct world *world = *state;
    struct fake_http *fake = fake_http_start(&refusal, 1);
    struct rest_request request = request_to(world, "POST", "reload");

    world->member.api_url = fake_http_url(fake);
    world->config.path = "/etc/patroni.yml";
    struct http_reply reply = ask(world, &request);
    check(world, &request, &reply, ERR_CREDENTIALS,
          "member pg1 wants credentials (status code=401), and /etc/patroni.yml has neither ctl.authentication nor "
          "restapi.authentication");
    configure(world, "{\"restapi\": {\"auth\": \"admin:secret\"}}");
    check(world, &request, &reply, ERR_CREDENTIALS,
          "member pg1 does not accept the credentials (status code=401) of restapi.authentication in /etc/patroni.yml");
    fake_http_stop(fake);
}

/* What is not Patroni's tells nothing, but to patronictl. */
/* Holds DIFF_ODD_ANSWERS. */
static void foreign_answers(void **state)
{
    struct world *world = *state;
    struct fake_http *fake = fake_http_serve("<html>Log in</html>");
    struct rest_request request = request_to(world, "POST", "reload"), get = request_to(world, "GET", "patroni");
    struct http_reply reply;
    struct err err = ERR_INIT;

    world->member.api_url = fake_http_url(fake);
    reply = ask(world, &request);
    assert_int_equal(reply.outcome, HTTP_BROKEN);
    assert_false(rest_check(&world->ctx, &request, &reply, &err));
    assert_int_equal(err.kind, ERR_UNKNOWN);
    assert_string_equal(err.message, "member pg1 does not answer POST /reload as Patroni does (HTTP status 200)");
    assert_int_equal(ask(world, &get).outcome, HTTP_ANSWERED);
    world->ctx.differences.as_patronictl = true;
    assert_int_equal(ask(world, &request).outcome, HTTP_ANSWERED);
    fake_http_stop(fake);
}

/* Holds DIFF_SEQUENTIAL_MEMBERS. */
static void all_at_once(void **state)
{
    const struct fake_answer slow = {.text = "HTTP/1.1 202 OK\r\nContent-Length: 16\r\n\r\nreload scheduled",
                                     .delay_ms = 300};
    struct world *world = *state;
    struct fake_http *fakes[3] = {fake_http_start(&slow, 1), fake_http_start(&slow, 1),
                                  fake_http_serve("nothing changed")};
    struct member members[4] = {{.name = "a"}, {.name = "b"}, {.name = "c"}, {.name = "d"}};
    struct rest_request requests[4];
    struct http_reply replies[4];
    struct err err = ERR_INIT;
    int64_t start = clock_ms();

    for (size_t i = 0; i < 4; i++) {
        if (i < 3)
            members[i].api_url = fake_http_url(fakes[i]);
        requests[i] = request_to(world, "POST", "reload");
        requests[i].member = &members[i];
    }
    assert_true(rest_send_all(&world->ctx, requests, 4, replies, &err));
    assert_in_range(clock_ms() - start, 300, 590);
    assert_string_equal(replies[0].body, "reload scheduled");
    assert_int_equal(replies[1].status, 202);
    assert_string_equal(replies[2].body, "nothing changed");
    assert_int_equal(replies[3].outcome, HTTP_UNREACHABLE);
    for (size_t i = 0; i < 3; i++)
        fake_http_stop(fakes[i]);
}

/* Holds DIFF_TIMEOUTS. */
static void deadlines(void **state)
{
    struct world *world = *state;

    assert_in_range(rest_deadline(&world->ctx, false), deadline_in(4), deadline_in(6));
    assert_true(rest_deadline(&world->ctx, true) > deadline_in(1000));
    world->ctx.differences.as_patronictl = true;
    assert_true(rest_deadline(&world->ctx, false) > deadline_in(1000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(sends, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_address, set_up, tear_down),
        cmocka_unit_test_setup_teardown(unreachable, set_up, tear_down),
        cmocka_unit_test_setup_teardown(unanswered, set_up, tear_down),
        cmocka_unit_test_setup_teardown(repeats_as_patronictl, set_up, tear_down),
        cmocka_unit_test_setup_teardown(credentials, set_up, tear_down),
        cmocka_unit_test_setup_teardown(foreign_answers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(all_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(deadlines, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
