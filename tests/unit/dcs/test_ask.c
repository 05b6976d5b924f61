#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../../src/dcs/ask.h"
#include "fake_dcs.h"
#include "fake_http.h"
#include "pgha/signals.h"

#define OK_HEAD "HTTP/1.1 200 OK\r\nContent-Length: "
#define EMPTY OK_HEAD "2\r\n\r\n{}"
#define BUSY                                                                                                           \
    "HTTP/1.1 503 x\r\nContent-Length: 52\r\n\r\n{\"error\":\"etcdserver: no leader\",\"code\":14,\"x\":\"yz\"}"

static const struct fake_answer hang = {.hang = true};
static const struct fake_answer empty = {.text = EMPTY, .keep = true};
static const struct ask question = {.method = "POST", .path = "/v3/kv/range", .body = "{}", .body_length = 2};
static const struct ask order = {.method = "POST", .path = "/v3/kv/put", .body = "{}", .body_length = 2, .write = true};

static struct dcs *open_at(struct arena *arena, const char *first, const char *second)
{
    return fake_dcs_open(arena, "etcd3",
                         second ? arena_printf(arena, "hosts: ['%s', '%s']", first, second)
                                : arena_printf(arena, "hosts: ['%s']", first));
}

static void next_when_refused(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct fake_http *good = fake_http_start(&empty, 1);
    struct dcs *dcs = open_at(arena, fake_http_nowhere(), fake_http_place(good));
    struct http_reply reply;
    int64_t start = clock_ms();

    (void)state;
    assert_true(ask_send(dcs, arena, &question, deadline_in(5), &reply, NULL));
    assert_string_equal(reply.body, "{}");
    assert_in_range(clock_ms() - start, 0, ASK_HEDGE_MS - 1);
    assert_int_equal(dcs->endpoints.preferred, 1);
    arena_free(arena);
    fake_http_stop(good);
}

static void next_when_slow(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct fake_http *dead = fake_http_start(&hang, 1), *good = fake_http_start(&empty, 1);
    struct dcs *dcs = open_at(arena, fake_http_place(dead), fake_http_place(good));
    struct http_reply reply;
    int64_t start = clock_ms();

    (void)state;
    assert_true(ask_send(dcs, arena, &question, deadline_in(5), &reply, NULL));
    assert_in_range(clock_ms() - start, ASK_HEDGE_MS - 20, ASK_HEDGE_MS + 1000);
    /* The one that answered is asked first from now on. */
    assert_true(ask_send(dcs, arena, &question, deadline_in(5), &reply, NULL));
    assert_int_equal(fake_http_count(dead), 1);
    assert_int_equal(fake_http_count(good), 2);
    arena_free(arena);
    fake_http_stop(dead);
    fake_http_stop(good);
}

static void slow_is_better_than_none(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct fake_http *slow = fake_http_start(&(struct fake_answer){.text = EMPTY, .delay_ms = 400}, 1);
    struct fake_http *dead = fake_http_start(&hang, 1);
    struct dcs *dcs = open_at(arena, fake_http_place(slow), fake_http_place(dead));
    struct http_reply reply;

    (void)state;
    assert_true(ask_send(dcs, arena, &question, deadline_in(5), &reply, NULL));
    assert_int_equal(fake_http_count(dead), 1);
    assert_int_equal(dcs->endpoints.preferred, 0);
    arena_free(arena);
    fake_http_stop(slow);
    fake_http_stop(dead);
}

static void one_request_when_healthy(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct fake_http *first = fake_http_start(&empty, 1), *second = fake_http_start(&empty, 1);
    struct dcs *dcs = open_at(arena, fake_http_place(first), fake_http_place(second));
    struct http_reply reply;
    int64_t start = clock_ms();

    (void)state;
    assert_true(ask_send(dcs, arena, &question, deadline_in(5), &reply, NULL));
    assert_int_equal(fake_http_count(first), 1);
    /* On a busy machine, or under valgrind, the healthy may be slow. */
    if (clock_ms() - start < ASK_HEDGE_MS)
        assert_int_equal(fake_http_count(second), 0);
    arena_free(arena);
    fake_http_stop(first);
    fake_http_stop(second);
}

static void says_why_all_failed(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct fake_http *dead = fake_http_start(&hang, 1);
    struct dcs *dcs = open_at(arena, fake_http_place(dead), fake_http_nowhere());
    struct http_reply reply;
    struct err err = ERR_INIT;
    int64_t start = clock_ms();

    (void)state;
    assert_false(ask_send(dcs, arena, &question, deadline_in(0.4), &reply, &err));
    assert_in_range(clock_ms() - start, 350, 600);
    assert_int_equal(err.kind, ERR_UNREACHABLE);
    assert_non_null(
        strstr(err.message, "etcd3 is not reachable: cannot connect to 127.0.0.1:1: Connection refused; no"));
    assert_non_null(strstr(err.message, fake_http_place(dead)));
    arena_free(arena);
    fake_http_stop(dead);
}

static void asks_again_in_an_election(void **state)
{
    const struct fake_answer answers[] = {{.text = BUSY}, {.text = EMPTY}, {.text = BUSY}, {.text = EMPTY}};
    struct arena *arena = arena_new(NULL);
    struct fake_http *server = fake_http_start(answers, 4);
    struct dcs *dcs = open_at(arena, fake_http_place(server), NULL);
    struct http_reply reply;

    (void)state;
    /* The second request is the one for etcd's members, asked once; they are none. */
    assert_true(ask_send(dcs, arena, &question, deadline_in(5), &reply, NULL));
    assert_int_equal(fake_http_count(server), 4);
    assert_non_null(strstr(fake_http_request(server, 1), "POST /v3/cluster/member/list "));
    arena_free(arena);
    fake_http_stop(server);
}

/* One that does not answer must not keep the others from being asked again. */
static void asks_again_beside_a_dead_server(void **state)
{
    const struct fake_answer answers[] = {{.text = BUSY}, {.text = EMPTY}, {.text = BUSY}, {.text = EMPTY}};
    struct arena *arena = arena_new(NULL);
    struct fake_http *dead = fake_http_start(&hang, 1), *server = fake_http_start(answers, 4);
    struct dcs *dcs = open_at(arena, fake_http_place(dead), fake_http_place(server));
    struct http_reply reply;
    int64_t start = clock_ms();

    (void)state;
    assert_true(ask_send(dcs, arena, &question, deadline_in(10), &reply, NULL));
    assert_in_range(clock_ms() - start, 0, 5000);
    assert_int_equal(fake_http_count(server), 4);
    assert_int_equal(fake_http_count(dead), 1);
    arena_free(arena);
    fake_http_stop(dead);
    fake_http_stop(server);
}

static void learns_other_servers(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct fake_http *good = fake_http_start(&empty, 1);
    const char *members = arena_printf(arena, "{\"members\":[{\"clientURLs\":[\"%s\"]}]}", fake_http_url(good));
    const struct fake_answer answers[] = {
        {.text = BUSY}, {.text = arena_printf(arena, OK_HEAD "%zu\r\n\r\n%s", strlen(members), members)}};
    struct fake_http *busy = fake_http_start(answers, 2);
    struct dcs *dcs = open_at(arena, fake_http_place(busy), NULL);
    struct http_reply reply;

    (void)state;
    assert_true(ask_send(dcs, arena, &question, deadline_in(5), &reply, NULL));
    assert_int_equal(fake_http_count(busy), 2);
    assert_int_equal(fake_http_count(good), 1);
    arena_free(arena);
    fake_http_stop(busy);
    fake_http_stop(good);
}

static void proxies_are_not_asked_for_servers(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct fake_http *busy = fake_http_start(&(struct fake_answer){.text = BUSY}, 1);
    struct dcs *dcs = fake_dcs_open(arena, "etcd3", arena_printf(arena, "proxy: '%s'", fake_http_url(busy)));
    struct http_reply reply;
    struct err err = ERR_INIT;

    (void)state;
    assert_false(ask_send(dcs, arena, &question, deadline_in(0.4), &reply, &err));
    assert_non_null(strstr(err.message, "says: no leader"));
    for (size_t i = 0; i < fake_http_count(busy); i++)
        assert_null(strstr(fake_http_request(busy, i), "member"));
    arena_free(arena);
    fake_http_stop(busy);
}

static void many_at_once(void **state)
{
    enum { COUNT = 100 };
    struct arena *arena = arena_new(NULL);
    struct fake_http *dead = fake_http_start(&hang, 1), *good = fake_http_start(&empty, 1);
    struct dcs *dcs = open_at(arena, fake_http_place(dead), fake_http_place(good));
    struct ask asks[COUNT];
    struct http_reply replies[COUNT];

    (void)state;
    for (size_t i = 0; i < COUNT; i++)
        asks[i] = question;
    assert_true(ask_send_all(dcs, arena, asks, COUNT, deadline_in(10), replies, NULL));
    for (size_t i = 0; i < COUNT; i++)
        assert_string_equal(replies[i].body, "{}");
    assert_in_range(fake_http_connections(good), 1, 16);
    assert_in_range(fake_http_count(dead), 1, COUNT / 2);
    arena_free(arena);
    fake_http_stop(dead);
    fake_http_stop(good);
}

static void writes_go_to_one_server(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct fake_http *dead = fake_http_start(&hang, 1), *good = fake_http_start(&empty, 1);
    struct dcs *dcs = open_at(arena, fake_http_place(dead), fake_http_place(good));
    struct http_reply reply;
    struct err err = ERR_INIT;

    (void)state;
    assert_false(ask_send(dcs, arena, &order, deadline_in(1), &reply, &err));
    assert_int_equal(err.kind, ERR_UNKNOWN);
    assert_int_equal(fake_http_count(dead), 1);
    assert_int_equal(fake_http_count(good), 0);
    arena_free(arena);
    fake_http_stop(dead);
    fake_http_stop(good);
}

static void writes_skip_who_is_not_there(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct fake_http *good = fake_http_start(&empty, 1);
    struct dcs *dcs = open_at(arena, fake_http_nowhere(), fake_http_place(good));
    struct http_reply reply;
    struct err err = ERR_INIT;

    (void)state;
    assert_true(ask_send(dcs, arena, &order, deadline_in(1), &reply, NULL));
    assert_int_equal(fake_http_count(good), 1);
    dcs = open_at(arena, fake_http_nowhere(), NULL);
    assert_false(ask_send(dcs, arena, &order, deadline_in(1), &reply, &err));
    assert_int_equal(err.kind, ERR_UNREACHABLE);
    arena_free(arena);
    fake_http_stop(good);
}

static void signals_end_questions(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct fake_http *dead = fake_http_start(&hang, 1);
    struct dcs *dcs = open_at(arena, fake_http_place(dead), NULL);
    struct http_reply reply;
    struct err err = ERR_INIT;

    (void)state;
    assert_true(signals_install());
    raise(SIGTERM);
    assert_false(ask_send(dcs, arena, &question, deadline_in(5), &reply, &err));
    assert_int_equal(err.kind, ERR_ABORTED);
    assert_false(ask_send(dcs, arena, &order, deadline_in(5), &reply, &err));
    assert_int_equal(err.kind, ERR_ABORTED);
    signals_clear();
    arena_free(arena);
    fake_http_stop(dead);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_request_when_healthy), /* first: under valgrind, libcurl's first steps take long */
        cmocka_unit_test(next_when_refused),
        cmocka_unit_test(next_when_slow),
        cmocka_unit_test(slow_is_better_than_none),
        cmocka_unit_test(says_why_all_failed),
        cmocka_unit_test(asks_again_in_an_election),
        cmocka_unit_test(asks_again_beside_a_dead_server),
        cmocka_unit_test(learns_other_servers),
        cmocka_unit_test(proxies_are_not_asked_for_servers),
        cmocka_unit_test(many_at_once),
        cmocka_unit_test(writes_go_to_one_server),
        cmocka_unit_test(writes_skip_who_is_not_there),
        cmocka_unit_test(signals_end_questions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
