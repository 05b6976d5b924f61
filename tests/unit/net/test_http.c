#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake_http.h"
#include "pgha/arena.h"
#include "pgha/http.h"
#include "pgha/log.h"
#include "pgha/signals.h"

struct world {
    struct arena *arena;
    struct http *http;
    char *logged;
    size_t logged_size;
    struct log log;
};

static int set_up(void **state)
{
    struct world *world = test_calloc(1, sizeof *world);

    world->arena = arena_new(NULL);
    world->log = (struct log){open_memstream(&world->logged, &world->logged_size), LOG_LEVEL_DEBUG};
    assert_true(http_new(world->arena, &world->log, &world->http, NULL));
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;

    arena_free(world->arena);
    fclose(world->log.stream);
    free(world->logged);
    test_free(world);
    return 0;
}

static struct http_request get(const struct fake_http *fake)
{
    return (struct http_request){.method = "GET", .url = fake_http_url(fake), .deadline = deadline_in(5)};
}

static struct http_reply send_one(struct world *world, const struct http_request *request)
{
    return http_send(world->http, world->arena, request);
}

/* The outcome of a GET that gets this answer. */
static struct http_reply outcome_of(struct world *world, struct fake_answer answer, double seconds)
{
    struct fake_http *fake = fake_http_start(&answer, 1);
    struct http_request request = get(fake);

    request.deadline = deadline_in(seconds);
    struct http_reply reply = send_one(world, &request);
    fake_http_stop(fake);
    return reply;
}

static void answers(void **state)
{
    struct world *world = *state;
    struct fake_http *fake = fake_http_serve("{\"a\": 1}");
    struct http_request request = get(fake);
    struct http_reply reply = send_one(world, &request);

    assert_int_equal(reply.outcome, HTTP_ANSWERED);
    assert_int_equal(reply.status, 200);
    assert_string_equal(reply.body, "{\"a\": 1}");
    assert_int_equal(reply.body_length, 8);
    assert_non_null(strstr(fake_http_request(fake, 0), "GET / HTTP/1.1\r\n"));
    assert_null(strstr(fake_http_request(fake, 0), "Authorization"));
    assert_null(strstr(fake_http_request(fake, 0), "Accept-Encoding"));
    fake_http_stop(fake);
}

static void any_status_is_an_answer(void **state)
{
    struct http_reply reply =
        outcome_of(*state, (struct fake_answer){.text = "HTTP/1.1 503 x\r\nContent-Length: 2\r\n\r\nno"}, 5);

    assert_int_equal(reply.outcome, HTTP_ANSWERED);
    assert_int_equal(reply.status, 503);
    assert_string_equal(reply.body, "no");
}

static void sends_bodies(void **state)
{
    struct world *world = *state;
    struct fake_http *fake = fake_http_serve("");
    struct http_request request = get(fake);

    request.method = "PATCH";
    request.body = "{\"pause\":true}";
    request.body_length = strlen("{\"pause\":true}");
    request.content_type = "application/json";
    assert_int_equal(send_one(world, &request).outcome, HTTP_ANSWERED);
    assert_true(strncmp(fake_http_request(fake, 0), "PATCH / ", 8) == 0);
    assert_non_null(strstr(fake_http_request(fake, 0), "\r\nContent-Type: application/json\r\n"));
    assert_non_null(strstr(fake_http_request(fake, 0), "\r\n\r\n{\"pause\":true}"));
    request = get(fake);
    request.method = "POST";
    assert_int_equal(send_one(world, &request).outcome, HTTP_ANSWERED);
    assert_non_null(strstr(fake_http_request(fake, 1), "\r\nContent-Length: 0\r\n"));
    assert_null(strstr(fake_http_request(fake, 1), "Content-Type"));
    request.method = "DELETE";
    assert_int_equal(send_one(world, &request).outcome, HTTP_ANSWERED);
    assert_true(strncmp(fake_http_request(fake, 2), "DELETE / ", 9) == 0);
    fake_http_stop(fake);
}

static void credentials_are_sent_and_not_logged(void **state)
{
    struct world *world = *state;
    struct fake_http *fake = fake_http_serve("");
    struct http_request request = get(fake);

    request.user = "m\xc3\xbcller";
    request.password = "p:\xe2\x82\xac";
    assert_int_equal(send_one(world, &request).outcome, HTTP_ANSWERED);
    assert_non_null(strstr(fake_http_request(fake, 0), "\r\nAuthorization: Basic bcO8bGxlcjpwOuKCrA==\r\n"));
    request = get(fake);
    request.authorization = "token.5";
    assert_int_equal(send_one(world, &request).outcome, HTTP_ANSWERED);
    assert_non_null(strstr(fake_http_request(fake, 1), "\r\nAuthorization: token.5\r\n"));
    /* What stands in the URL is not sent. */
    request = get(fake);
    request.url = arena_printf(world->arena, "http://me:secret@%s/x", fake_http_place(fake));
    assert_int_equal(send_one(world, &request).outcome, HTTP_ANSWERED);
    assert_null(strstr(fake_http_request(fake, 2), "Authorization"));
    fflush(world->log.stream);
    assert_non_null(strstr(world->logged, "Authorization: <redacted>"));
    assert_null(strstr(world->logged, "token.5"));
    assert_null(strstr(world->logged, "secret"));
    assert_null(strstr(world->logged, "bcO8"));
    fake_http_stop(fake);
}

static void redirects_are_not_followed(void **state)
{
    struct world *world = *state;
    struct fake_http *other = fake_http_serve("");
    const char *text =
        arena_printf(world->arena, "HTTP/1.1 302 x\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n", fake_http_url(other));
    struct http_reply reply = outcome_of(world, (struct fake_answer){.text = text}, 5);

    assert_int_equal(reply.status, 302);
    assert_int_equal(fake_http_count(other), 0);
    fake_http_stop(other);
}

static void proxies_of_the_environment_are_ignored(void **state)
{
    struct world *world = *state;
    struct fake_http *fake = fake_http_serve("");
    struct http_request request = get(fake);

    setenv("http_proxy", "http://127.0.0.1:1", 1);
    setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
    assert_int_equal(send_one(world, &request).outcome, HTTP_ANSWERED);
    unsetenv("http_proxy");
    unsetenv("ALL_PROXY");
    fake_http_stop(fake);
}

static void large_bodies_are_refused(void **state)
{
    static char block[65537];
    struct world *world = *state;

    memset(block, 'x', sizeof block - 1);
    struct fake_answer endless = {.text = "HTTP/1.1 200 OK\r\n\r\n", .tail = block, .repeat = 1024};
    struct http_reply reply = outcome_of(world, endless, 30);
    assert_int_equal(reply.outcome, HTTP_BROKEN);
    assert_non_null(strstr(reply.error, "too large"));
    /* Announced: nothing needs to be read at all. */
    struct fake_answer announced = {.text = "HTTP/1.1 200 OK\r\nContent-Length: 67108864\r\n\r\n", .hang = true};
    reply = outcome_of(world, announced, 30);
    assert_int_equal(reply.outcome, HTTP_BROKEN);
    assert_non_null(strstr(reply.error, "too large"));
    /* Exactly as much as is allowed. */
    struct fake_http *fake = fake_http_serve("12345");
    struct http_request request = get(fake);
    request.max_body = 5;
    assert_int_equal(send_one(world, &request).outcome, HTTP_ANSWERED);
    request.max_body = 4;
    assert_int_equal(send_one(world, &request).outcome, HTTP_BROKEN);
    fake_http_stop(fake);
}

/* libcurl takes a field of such a size for a lack of memory. */
static void heads_without_end_are_refused(void **state)
{
    static char block[65537];
    struct world *world = *state;

    memset(block, 'x', sizeof block - 1);
    struct fake_answer endless = {.text = "HTTP/1.1 200 OK\r\nA: ", .tail = block, .repeat = 64};
    struct http_reply reply = outcome_of(world, endless, 30);
    assert_int_equal(reply.outcome, HTTP_BROKEN);
    assert_non_null(strstr(reply.error, "too large, or has no end"));
}

static void large_heads_are_refused(void **state)
{
    struct fake_answer many = {.text = "HTTP/1.1 200 OK\r\n", .tail = "A: b\r\n", .repeat = 100000};
    struct fake_answer long_one = {.text = "HTTP/1.1 200 OK\r\nA: ", .tail = "bbbbbbbbbbbbbbbbbbbb", .repeat = 100000};

    assert_int_equal(outcome_of(*state, many, 30).outcome, HTTP_BROKEN);
    assert_int_equal(outcome_of(*state, long_one, 30).outcome, HTTP_BROKEN);
}

static void deadlines_hold(void **state)
{
    int64_t start = clock_ms();
    struct http_reply reply = outcome_of(*state, (struct fake_answer){.hang = true}, 0.2);

    assert_int_equal(reply.outcome, HTTP_TIMED_OUT);
    assert_true(reply.sent);
    assert_in_range(clock_ms() - start, 150, 1500);
    assert_non_null(strstr(reply.error, "no answer from 127.0.0.1:"));
    /* A deadline that has passed already. */
    reply = outcome_of(*state, (struct fake_answer){.hang = true}, 0);
    assert_int_equal(reply.outcome, HTTP_TIMED_OUT);
}

static void broken_answers(void **state)
{
    static const struct {
        const char *text;
        const char *says;
    } rows[] = {
        {"", "closed the connection without an answer"},
        {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", "in the middle of its answer"},
        {"SSH-2.0-OpenSSH_9.2\r\n", "is not HTTP"},
        {"\x15\x03\x01\x00\x02\x02\x16", "is not HTTP"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct http_reply reply = outcome_of(*state, (struct fake_answer){.text = rows[i].text}, 5);

        assert_int_equal(reply.outcome, HTTP_BROKEN);
        assert_true(reply.sent);
        assert_non_null(strstr(reply.error, rows[i].says));
    }
}

static void unreachable(void **state)
{
    static const struct {
        const char *url;
        const char *says;
    } rows[] = {
        {"http://127.0.0.1:1/", "cannot connect to 127.0.0.1:1: Connection refused"},
        {"http://nowhere.invalid:2379/", "the name in nowhere.invalid:2379 cannot be resolved"},
        {"ftp://127.0.0.1/", "not a valid http or https address"},
        {"file:///etc/passwd", "not a valid http or https address"},
        {"127.0.0.1:99999", "not a valid http or https address"},
        {"", "not a valid http or https address"},
    };
    struct world *world = *state;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct http_request request = {.method = "GET", .url = rows[i].url, .deadline = deadline_in(10)};
        struct http_reply reply = send_one(world, &request);

        assert_string_equal(reply.error, rows[i].says);
        assert_int_equal(reply.outcome, HTTP_UNREACHABLE);
        assert_false(reply.sent);
        assert_string_equal(reply.body, "");
    }
}

static void tls_where_none_is_spoken(void **state)
{
    struct world *world = *state;
    struct fake_http *fake = fake_http_serve("");
    struct http_request request = {
        .method = "GET",
        .url = arena_printf(world->arena, "https://%s/", fake_http_place(fake)),
        .user = "me",
        .password = "secret",
        .deadline = deadline_in(0.3),
    };

    struct http_reply reply = send_one(world, &request);
    assert_int_not_equal(reply.outcome, HTTP_ANSWERED);
    assert_false(reply.sent);
    request.tls = &(struct http_tls){.cafile = "/nowhere/ca.pem"};
    request.deadline = deadline_in(5);
    reply = send_one(world, &request);
    assert_int_equal(reply.outcome, HTTP_TLS_FAILED);
    assert_non_null(strstr(reply.error, "/nowhere/ca.pem: No such file or directory"));
    fake_http_stop(fake);
}

static void many_at_once(void **state)
{
    struct world *world = *state;
    struct fake_http *slow = fake_http_start(
        &(struct fake_answer){.text = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", .delay_ms = 200}, 1);
    struct fake_http *fast = fake_http_serve("");
    struct http_request request = get(slow);
    int owners[3];

    request.owner = &owners[0];
    struct http_transfer *first = http_start(world->http, world->arena, &request);
    request = get(fast);
    request.owner = &owners[1];
    struct http_transfer *second = http_start(world->http, world->arena, &request);
    request.owner = &owners[2];
    struct http_transfer *third = http_start(world->http, world->arena, &request);
    http_cancel(third);
    assert_int_equal(http_transfer_reply(third)->outcome, HTTP_ABORTED);
    fflush(world->log.stream);
    assert_non_null(strstr(world->logged, ": given up after 0.0"));
    assert_ptr_equal(http_wait(world->http, deadline_in(5)), second);
    assert_ptr_equal(http_transfer_owner(second), &owners[1]);
    assert_null(http_wait(world->http, deadline_in(0.01)));
    assert_ptr_equal(http_wait(world->http, deadline_in(5)), first);
    assert_ptr_equal(http_transfer_owner(first), &owners[0]);
    assert_int_equal(http_transfer_reply(first)->status, 200);
    assert_null(http_wait(world->http, DEADLINE_NEVER));
    fake_http_stop(slow);
    fake_http_stop(fast);
}

static void writes_are_not_repeated(void **state)
{
    static const struct fake_answer rows[] = {
        {.text = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", .keep = true},
        {.text = NULL}, /* closed without an answer */
        {.text = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"},
    };
    struct world *world = *state;
    struct fake_http *fake = fake_http_start(rows, 3);
    struct http_request request = get(fake);

    assert_int_equal(send_one(world, &request).outcome, HTTP_ANSWERED);
    request.method = "POST";
    struct http_reply reply = send_one(world, &request);
    assert_int_equal(reply.outcome, HTTP_BROKEN);
    assert_true(reply.sent);
    assert_int_equal(fake_http_count(fake), 2);
    assert_int_equal(fake_http_connections(fake), 3); /* the last one finds out whether TLS is spoken there */
    fake_http_stop(fake);
}

static void reads_keep_their_connection(void **state)
{
    struct world *world = *state;
    struct fake_http *fake = fake_http_serve("");
    struct http_request request = get(fake);

    request.method = "POST";
    request.repeatable = true;
    for (int i = 0; i < 3; i++)
        assert_int_equal(send_one(world, &request).outcome, HTTP_ANSWERED);
    assert_int_equal(fake_http_connections(fake), 1);
    fake_http_stop(fake);
}

static void signals_end_waits(void **state)
{
    struct world *world = *state;
    struct fake_http *fake = fake_http_start(&(struct fake_answer){.hang = true}, 1);
    struct http_request request = get(fake);
    int64_t start = clock_ms();

    assert_true(signals_install());
    raise(SIGTERM);
    struct http_reply reply = send_one(world, &request);
    assert_int_equal(reply.outcome, HTTP_ABORTED);
    assert_in_range(clock_ms() - start, 0, 1000);
    signals_clear();
    fake_http_stop(fake);
}

/* Transfers may outlive the wish for them, in any order. */
static void nothing_is_left_behind(void **state)
{
    struct world *world = *state;
    struct fake_http *fake = fake_http_start(&(struct fake_answer){.hang = true}, 1);
    struct arena *child = arena_new(world->arena), *sibling = arena_new(NULL);
    struct http_request request = get(fake);

    http_start(world->http, child, &request);
    http_start(world->http, sibling, &request);
    http_wait(world->http, deadline_in(0.05));
    arena_free(child);
    arena_free(world->arena);
    world->arena = arena_new(NULL);
    arena_free(sibling);
    fake_http_stop(fake);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(answers),
        TEST(any_status_is_an_answer),
        TEST(sends_bodies),
        TEST(credentials_are_sent_and_not_logged),
        TEST(redirects_are_not_followed),
        TEST(proxies_of_the_environment_are_ignored),
        TEST(large_bodies_are_refused),
        TEST(large_heads_are_refused),
        TEST(heads_without_end_are_refused),
        TEST(deadlines_hold),
        TEST(broken_answers),
        TEST(unreachable),
        TEST(tls_where_none_is_spoken),
        TEST(many_at_once),
        TEST(writes_are_not_repeated),
        TEST(reads_keep_their_connection),
        TEST(signals_end_waits),
        TEST(nothing_is_left_behind),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
