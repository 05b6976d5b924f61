#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../../src/dcs/backend.h"
#include "fake_dcs.h"
#include "store.h"

static const char *const pairs[] = {"/s/b/c", "v", NULL};

static struct fake_answer says(struct arena *arena, int status, const char *body)
{
    return (struct fake_answer){
        .text = arena_printf(arena, "HTTP/1.1 %d x\r\nContent-Length: %zu\r\n\r\n%s", status, strlen(body), body),
        .keep = true};
}

/* What comes of a look at the tree, all steps taken. */
static enum dcs_peek_state peek_at(struct dcs *dcs, struct arena *arena, bool names, struct dcs_tree *tree)
{
    struct dcs_peek *peek = dcs_peek_start(dcs, arena, "/s/b", names, deadline_in(4));
    enum dcs_peek_state state = peek ? DCS_PEEK_WAITING : DCS_PEEK_FAILED;

    while (state == DCS_PEEK_WAITING) {
        struct http_transfer *transfer = http_wait(dcs->http, deadline_in(9));

        assert_non_null(transfer);
        assert_ptr_equal(http_transfer_owner(transfer), peek);
        state = dcs_peek_take(peek, transfer, tree);
    }
    return state;
}

static enum dcs_peek_state look(struct dcs *dcs, struct arena *arena, struct dcs_tree *tree)
{
    return peek_at(dcs, arena, false, tree);
}

static void takes_all_steps(void **state)
{
    struct arena *arena = arena_new(NULL);
    const struct fake_answer answers[] = {
        says(arena, 404, "404 page not found"),
        says(arena, 200, "{\"etcdcluster\": \"3.3.1\"}"),
        says(arena, 200, "{\"token\": \"t.1\"}"),
        says(arena, 401, "{\"error\":\"etcdserver: invalid auth token\",\"code\":16}"),
        says(arena, 200, "{\"token\": \"t.2\"}"),
        store_range(arena, pairs),
    };
    struct fake_http *etcd = fake_http_start(answers, 6);
    struct dcs *dcs = fake_dcs_open(arena, "etcd3",
                                    arena_printf(arena, "host: '%s', username: u, password: p", fake_http_place(etcd)));
    struct dcs_tree tree;

    (void)state;
    /* The first server is one too old, the first token one too stale: six requests are as many as it takes. */
    enum dcs_peek_state first = look(dcs, arena, &tree);
    assert_int_equal(first, DCS_PEEK_DONE);
    assert_int_equal(tree.count, 1);
    assert_string_equal(tree.nodes[0].key, "c");
    assert_non_null(strstr(fake_http_request(etcd, 5), "POST /v3beta/kv/range"));
    assert_non_null(strstr(fake_http_request(etcd, 5), "Authorization: t.2"));
    assert_int_equal(look(dcs, arena, &tree), DCS_PEEK_DONE);
    assert_int_equal(fake_http_count(etcd), 7);
    arena_free(arena);
    fake_http_stop(etcd);
}

static void asks_the_next_server(void **state)
{
    struct arena *arena = arena_new(NULL);
    const struct fake_answer silent = {.hang = true}, answer = store_range(arena, pairs);
    struct fake_http *dead = fake_http_start(&silent, 1), *well = fake_http_start(&answer, 1);
    struct dcs *dcs = fake_dcs_open(
        arena, "etcd3", arena_printf(arena, "hosts: ['%s', '%s']", fake_http_place(dead), fake_http_place(well)));
    struct dcs_tree tree;

    (void)state;
    assert_int_equal(look(dcs, arena, &tree), DCS_PEEK_DONE);
    assert_int_equal(look(dcs, arena, &tree), DCS_PEEK_DONE);
    assert_int_equal(fake_http_count(dead), 1);
    assert_int_equal(fake_http_count(well), 2);
    arena_free(arena);
    fake_http_stop(dead);
    fake_http_stop(well);
}

static void reads_etcd2(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct fake_http *etcd =
        fake_http_serve("{\"node\":{\"key\":\"/s/b\",\"dir\":true,\"nodes\":["
                        "{\"key\":\"/s/b/y\",\"value\":\"1\"},{\"key\":\"/s/b/x\",\"value\":\"2\"}]}}");
    struct dcs *dcs = fake_dcs_open(arena, "etcd", arena_printf(arena, "host: '%s'", fake_http_place(etcd)));
    struct dcs_tree tree;

    (void)state;
    assert_int_equal(look(dcs, arena, &tree), DCS_PEEK_DONE);
    assert_int_equal(tree.count, 2);
    assert_string_equal(tree.nodes[0].key, "x");
    arena_free(arena);
    fake_http_stop(etcd);
}

static void reads_names(void **state)
{
    static const char *const deep[] = {
        "/s/b/x/leader", "", "/s/b/x/members/a", "", "/s/b/y", "", "/s/b/z/leader", "", NULL};
    struct arena *arena = arena_new(NULL);
    const struct fake_answer range = store_range(arena, deep);
    struct fake_http *etcd3 = fake_http_start(&range, 1);
    struct fake_http *etcd2 = fake_http_serve("{\"node\":{\"key\":\"/s/b\",\"dir\":true,\"nodes\":["
                                              "{\"key\":\"/s/b/z\",\"dir\":true},{\"key\":\"/s/b/y\",\"value\":\"\"},"
                                              "{\"key\":\"/s/b/x\",\"dir\":true}]}}");
    struct fake_http *const servers[] = {etcd2, etcd3};

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct dcs *dcs =
            fake_dcs_open(arena, i ? "etcd3" : "etcd", arena_printf(arena, "host: '%s'", fake_http_place(servers[i])));
        const char **names = NULL;
        struct dcs_tree tree;
        size_t count = 0;

        assert_int_equal(peek_at(dcs, arena, true, &tree), DCS_PEEK_DONE);
        dcs_tree_names(arena, &tree, &names, &count);
        assert_int_equal(count, 2);
        assert_string_equal(names[0], "x");
        assert_string_equal(names[1], "z");
        assert_non_null(
            strstr(fake_http_request(servers[i], 0), i ? "\"keys_only\":true" : "GET /v2/keys/s/b/?quorum=true "));
    }
    arena_free(arena);
    fake_http_stop(etcd2);
    fake_http_stop(etcd3);
}

static void fails(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct fake_http *odd = fake_http_serve("{");
    struct dcs_tree tree;

    (void)state;
    assert_int_equal(
        look(fake_dcs_open(arena, "etcd3", arena_printf(arena, "host: '%s'", fake_http_nowhere())), arena, &tree),
        DCS_PEEK_FAILED);
    assert_int_equal(
        look(fake_dcs_open(arena, "etcd3", arena_printf(arena, "host: '%s'", fake_http_place(odd))), arena, &tree),
        DCS_PEEK_FAILED);
    assert_int_equal(look(fake_dcs_open(arena, "etcd3", "srv: nowhere.invalid"), arena, &tree), DCS_PEEK_FAILED);
    arena_free(arena);
    fake_http_stop(odd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_all_steps), cmocka_unit_test(asks_the_next_server),
        cmocka_unit_test(reads_etcd2),     cmocka_unit_test(reads_names),
        cmocka_unit_test(fails),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
