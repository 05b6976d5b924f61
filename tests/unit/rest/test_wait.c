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
#include "pgha/rest.h"

#define TIMEOUT 1.5 /* seconds in which whoever lives says so, even under valgrind on a busy machine */

static struct http_reply ask(const struct fake_http *fake, bool as_patronictl, struct err *checked)
{
    struct http_reply reply;
    struct config config = {.tree = value_map()};
    struct ctx ctx = {
        .arena = arena_new(NULL), .config = &config, .timeout = TIMEOUT, .differences.as_patronictl = as_patronictl};
    struct member member = {.name = "pg1", .api_url = fake_http_url(fake)};
    struct rest_request request = {
        .member = &member, .method = "POST", .endpoint = "restart", .works = true, .deadline = deadline_in(10)};

    assert_true(http_new(ctx.arena, NULL, &ctx.http, checked));
    assert_true(rest_send(&ctx, &request, &reply, checked));
    if (!rest_check(&ctx, &request, &reply, checked))
        checked->message = strdup(checked->message);
    arena_free(ctx.arena);
    reply.body = NULL;
    return reply;
}

static const char alive[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

static void waits_for_who_works(void **state)
{
    const struct fake_answer answers[] = {
        {.text = "HTTP/1.1 200 OK\r\nContent-Length: 22\r\n\r\nrestarted successfully", .delay_ms = 2200},
        {.text = alive}};
    struct fake_http *fake = fake_http_start(answers, 2);
    struct err err = ERR_INIT;

    (void)state;
    assert_int_equal(ask(fake, false, &err).status, 200);
    assert_in_range(fake_http_count(fake), 2, 6);
    assert_int_equal(strncmp(fake_http_request(fake, 1), "GET /liveness HTTP/1.1\r\n", 24), 0);
    fake_http_stop(fake);
}

static void gives_up_who_is_silent(void **state)
{
    const struct fake_answer frozen = {.hang = true};
    struct fake_http *fake = fake_http_start(&frozen, 1);
    struct err err = ERR_INIT;
    int64_t start = clock_ms();

    (void)state;
    assert_int_equal(ask(fake, false, &err).outcome, HTTP_TIMED_OUT);
    assert_in_range(clock_ms() - start, 1490, 9000);
    assert_int_equal(err.kind, ERR_UNKNOWN);
    assert_string_equal(err.message, "member pg1 does not answer any more");
    free(err.message);
    fake_http_stop(fake);
}

/* No requests but those that patronictl makes. */
/* Holds DIFF_HUNG_MEMBER. */
static void does_not_ask_as_patronictl(void **state)
{
    const struct fake_answer slow = {.text = alive, .delay_ms = 2200};
    struct fake_http *fake = fake_http_start(&slow, 1);
    struct err err = ERR_INIT;

    (void)state;
    assert_int_equal(ask(fake, true, &err).status, 200);
    assert_int_equal(fake_http_count(fake), 1);
    fake_http_stop(fake);
}

/* More members than are asked at once; the last one's deadline has passed before its turn. */
static void asks_many(void **state)
{
    enum { COUNT = 130 };
    const struct fake_answer answer = {.text = "HTTP/1.1 202 OK\r\nContent-Length: 16\r\n\r\nreload scheduled"};
    struct fake_http *fake = fake_http_start(&answer, 1);
    struct config config = {.tree = value_map()};
    struct ctx ctx = {.arena = arena_new(NULL), .config = &config, .timeout = 5};
    struct member member = {.name = "pg1", .api_url = fake_http_url(fake)};
    struct rest_request requests[COUNT];
    struct http_reply replies[COUNT];
    struct err err = ERR_INIT;

    (void)state;
    for (size_t i = 0; i < COUNT; i++)
        requests[i] = (struct rest_request){
            .member = &member, .method = "POST", .endpoint = "reload", .deadline = deadline_in(i + 1 < COUNT ? 30 : 0)};
    assert_true(http_new(ctx.arena, NULL, &ctx.http, &err));
    assert_true(rest_send_all(&ctx, requests, COUNT, replies, &err));
    for (size_t i = 0; i + 1 < COUNT; i++)
        assert_int_equal(replies[i].status, 202);
    assert_int_equal(replies[COUNT - 1].outcome, HTTP_TIMED_OUT);
    assert_false(replies[COUNT - 1].sent);
    assert_false(rest_check(&ctx, &requests[COUNT - 1], &replies[COUNT - 1], &err));
    assert_int_equal(err.kind, ERR_UNREACHABLE);
    assert_int_equal(fake_http_count(fake), COUNT - 1);
    arena_free(ctx.arena);
    fake_http_stop(fake);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(does_not_ask_as_patronictl), /* first: under valgrind, libcurl's first steps take long */
        cmocka_unit_test(waits_for_who_works),
        cmocka_unit_test(gives_up_who_is_silent),
        cmocka_unit_test(asks_many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
