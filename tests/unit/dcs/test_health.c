#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../../src/dcs/health.h"
#include "fake_dcs.h"
#include "fake_http.h"

#define HEAD(length) "HTTP/1.1 200 OK\r\nContent-Length: " length "\r\n\r\n"

static const struct fake_answer hang = {.hang = true};

/*
 * Reads from a server whose first answer does not come, and gives the message; `health` is its second one. A tenth of
 * the time is left for that, which has to be enough under valgrind on a busy machine.
 */
static const char *message(struct arena *arena, struct fake_answer health, bool as_patronictl, bool lost,
                           size_t requests)
{
    int seconds = requests == 2 ? 4 : 1;
    const struct fake_answer answers[] = {hang, health};
    struct fake_http *fake = fake_http_start(answers, 2);
    struct dcs *dcs = fake_dcs_open(arena, "etcd3", arena_printf(arena, "hosts: ['%s']", fake_http_place(fake)));
    const char *paths[] = {"/service/a"};
    struct dcs_tree tree;
    struct err err = ERR_INIT;

    dcs->differences.as_patronictl = as_patronictl;
    int64_t start = clock_ms();
    assert_false(dcs_read_trees(dcs, arena, paths, 1, deadline_in(seconds), &tree, &err));
    assert_in_range(clock_ms() - start, seconds * 800, seconds * 1000 + 1500);
    assert_int_equal(err.kind, ERR_UNREACHABLE);
    assert_int_equal(dcs_quorum_lost(dcs), lost);
    assert_int_equal(fake_http_count(fake), requests);
    if (requests == 2)
        assert_int_equal(strncmp(fake_http_request(fake, 1), "GET /health HTTP/1.1\r\n", 22), 0);
    fake_http_stop(fake);
    return err.message;
}

static void without_quorum(void **state)
{
    const struct fake_answer no = {.text = HEAD("18") "{\"health\":\"false\"}"};
    struct arena *arena = arena_new(NULL);

    (void)state;
    const char *text = message(arena, no, false, true, 2);
    assert_non_null(strstr(text, "etcd3 has lost its quorum, as http://127.0.0.1:"));
    assert_non_null(strstr(text, " says (no answer from "));
    arena_free(arena);
}

/* A server that is well, one that is not etcd, and one that says nothing here either. */
static void for_another_reason(void **state)
{
    const struct fake_answer yes = {.text = HEAD("17") "{\"health\":\"true\"}"}, no_json = {.text = HEAD("2") "no"};
    struct arena *arena = arena_new(NULL);

    (void)state;
    assert_null(strstr(message(arena, yes, false, false, 2), "quorum"));
    assert_null(strstr(message(arena, no_json, false, false, 2), "quorum"));
    assert_null(strstr(message(arena, hang, false, false, 2), "quorum"));
    arena_free(arena);
}

/* Holds DIFF_NO_QUORUM. */
static void not_as_patronictl(void **state)
{
    struct arena *arena = arena_new(NULL);

    (void)state;
    assert_null(strstr(message(arena, hang, true, false, 1), "quorum"));
    arena_free(arena);
}

/* There is time left, and everything is known. */
static void not_when_it_was_refused(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct dcs *dcs = fake_dcs_open(arena, "etcd3", arena_printf(arena, "hosts: ['%s']", fake_http_nowhere()));
    struct dcs_tree tree;
    struct err err = ERR_INIT;
    int64_t start = clock_ms();

    (void)state;
    assert_false(dcs_read_tree(dcs, arena, "/service/a", deadline_in(5), &tree, &err));
    assert_in_range(clock_ms() - start, 0, 2000);
    assert_false(dcs_quorum_lost(dcs));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(not_when_it_was_refused), /* first: under valgrind, libcurl's first steps take long */
        cmocka_unit_test(without_quorum),
        cmocka_unit_test(for_another_reason),
        cmocka_unit_test(not_as_patronictl),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
