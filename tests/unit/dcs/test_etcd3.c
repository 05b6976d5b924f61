#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fake_dcs.h"
#include "fake_http.h"

struct world {
    struct arena *arena;
    struct fake_http *fake;
    struct dcs *dcs;
};

static struct fake_answer says(struct arena *arena, int status, const char *body)
{
    return (struct fake_answer){
        .text = arena_printf(arena, "HTTP/1.1 %d x\r\nContent-Length: %zu\r\n\r\n%s", status, strlen(body), body),
        .keep = true};
}

#define ERROR(code, message) "{\"error\":\"etcdserver: " message "\",\"code\":" #code "}"
#define KEY "{\"key\":\"L3MvYi9j\",\"mod_revision\":\"5\",\"value\":\"dg==\"}"
#define EMPTY "{\"header\":{\"revision\":\"9\"}}"
#define WITH(more) "{\"header\":{\"revision\":\"9\"}," more "}"
#define DONE(response) WITH("\"succeeded\":true,\"responses\":[{\"" response "\":{}}]")
#define TOKEN "{\"token\":\"t.1\"}"

/* The answers end with one that has no body. */
struct row {
    int status;
    const char *body;
};

static struct world world_with(const char *yaml, const struct row *rows)
{
    struct world world = {.arena = arena_new(NULL)};
    struct fake_answer answers[8];
    size_t count = 0;

    for (; rows[count].body; count++)
        answers[count] = says(world.arena, rows[count].status, rows[count].body);
    world.fake = fake_http_start(answers, count);
    world.dcs = fake_dcs_open(world.arena, "etcd3",
                              arena_printf(world.arena, "host: '%s', %s", fake_http_place(world.fake), yaml));
    return world;
}

static void end(struct world *world)
{
    arena_free(world->arena);
    fake_http_stop(world->fake);
}

static bool asked(const struct world *world, size_t number, const char *text)
{
    return strstr(fake_http_request(world->fake, number), text);
}

static bool reads(struct world *world, struct dcs_tree *tree, struct err *err)
{
    return dcs_read_tree(world->dcs, world->arena, "/s/b", deadline_in(5), tree, err);
}

static void reads_a_tree_in_one_request(void **state)
{
    struct world world = world_with("", (struct row[]){{200, WITH("\"kvs\":[" KEY "],\"count\":\"1\"")}, {0, NULL}});
    struct dcs_tree tree;

    (void)state;
    assert_true(reads(&world, &tree, NULL));
    assert_int_equal(tree.count, 1);
    assert_string_equal(tree.nodes[0].key, "c");
    assert_string_equal(tree.nodes[0].value, "v");
    assert_int_equal(fake_http_count(world.fake), 1);
    assert_true(asked(&world, 0, "POST /v3/kv/range HTTP/1.1\r\n"));
    /* "/s/b/" up to "/s/b0", and not from what one server happens to know. */
    assert_true(asked(&world, 0, "{\"key\":\"L3MvYi8=\",\"range_end\":\"L3MvYjA=\",\"serializable\":false}"));
    end(&world);
}

static void authenticates(void **state)
{
    struct world world =
        world_with("username: u, password: 'p\"'", (struct row[]){{200, TOKEN}, {200, EMPTY}, {0, NULL}});
    struct dcs_tree tree;

    (void)state;
    assert_true(reads(&world, &tree, NULL));
    assert_int_equal(fake_http_count(world.fake), 2);
    assert_true(asked(&world, 0, "POST /v3/auth/authenticate "));
    assert_true(asked(&world, 0, "{\"name\":\"u\",\"password\":\"p\\\"\"}"));
    assert_true(asked(&world, 1, "\r\nAuthorization: t.1\r\n"));
    /* The token is kept. */
    assert_true(reads(&world, &tree, NULL));
    assert_int_equal(fake_http_count(world.fake), 3);
    end(&world);
}

static void authenticates_again_once(void **state)
{
    static const char *const stale[] = {ERROR(16, "invalid auth token"), ERROR(3, "revision of auth store is old"),
                                        ERROR(3, "user name is empty")};
    struct dcs_tree tree;

    (void)state;
    for (size_t i = 0; i < sizeof stale / sizeof *stale; i++) {
        struct err err = ERR_INIT;

        struct world world = world_with(
            "username: u, password: p",
            (struct row[]){{200, TOKEN}, {401, stale[i]}, {200, "{\"token\":\"t.2\"}"}, {200, EMPTY}, {0, NULL}});
        assert_true(reads(&world, &tree, NULL));
        assert_true(asked(&world, 3, "\r\nAuthorization: t.2\r\n"));
        end(&world);
        world = world_with("username: u, password: p",
                           (struct row[]){{200, TOKEN}, {401, stale[i]}, {200, TOKEN}, {401, stale[i]}, {0, NULL}});
        assert_false(reads(&world, &tree, &err));
        assert_int_equal(err.kind, ERR_CREDENTIALS);
        assert_int_equal(fake_http_count(world.fake), 4);
        end(&world);
    }
}

static void credentials_that_nobody_wants(void **state)
{
    struct world world =
        world_with("username: u, password: p",
                   (struct row[]){{412, ERROR(9, "authentication is not enabled")}, {200, EMPTY}, {0, NULL}});
    struct dcs_tree tree;

    (void)state;
    assert_true(reads(&world, &tree, NULL));
    assert_true(reads(&world, &tree, NULL));
    assert_int_equal(fake_http_count(world.fake), 3);
    assert_false(asked(&world, 1, "Authorization"));
    end(&world);
}

static void errors_have_kinds(void **state)
{
    static const struct {
        const char *yaml;
        struct row rows[3];
        enum err_kind kind;
        const char *says;
    } cases[] = {
        {"username: u, password: secret",
         {{400, ERROR(3, "authentication failed, invalid user ID or password")}},
         ERR_CREDENTIALS,
         "section etcd3 of the environment (PATRONI_*): authentication failed, invalid user ID or password"},
        {"username: u, password: secret",
         {{200, TOKEN}, {403, ERROR(7, "permission denied")}},
         ERR_CREDENTIALS,
         "permission denied"},
        {"", {{400, ERROR(3, "user name is empty")}}, ERR_CREDENTIALS, "etcd wants credentials"},
        {"", {{400, ERROR(8, "mvcc: database space exceeded")}}, ERR_FAILED, "etcd says: mvcc: database space"},
        {"", {{200, "<html>"}}, ERR_FAILED, "no valid JSON"},
        {"", {{400, "Client sent an HTTP request to an HTTPS server."}}, ERR_TLS, "wants TLS, and was asked without"},
        {"", {{404, "404 page not found"}, {404, "404 page not found"}}, ERR_FAILED, "does not serve etcd's v3 API"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world world = world_with(cases[i].yaml, cases[i].rows);
        struct dcs_tree tree;
        struct err err = ERR_INIT;

        assert_false(reads(&world, &tree, &err));
        if (err.kind != cases[i].kind || !strstr(err.message, cases[i].says))
            fail_msg("%zu: %d %s", i, err.kind, err.message);
        assert_null(strstr(err.message, "secret"));
        end(&world);
    }
}

static void finds_the_prefix_of_old_servers(void **state)
{
    static const char *const rows[][3] = {
        {"3.3.0", "POST /v3beta/kv/range ", "{\"etcdserver\":\"3.3.27\",\"etcdcluster\":\"3.3.0\"}"},
        {"3.2.0", "POST /v3alpha/kv/range ", "{\"etcdserver\":\"3.2.1\",\"etcdcluster\":\"3.2.0\"}"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct world world =
            world_with("", (struct row[]){{404, "404 page not found\n"}, {200, rows[i][2]}, {200, EMPTY}, {0, NULL}});
        struct dcs_tree tree;

        assert_true(reads(&world, &tree, NULL));
        assert_true(asked(&world, 1, "GET /version "));
        assert_true(asked(&world, 2, rows[i][1]));
        end(&world);
    }
}

static void writes(void **state)
{
    static const struct {
        int64_t revision;
        bool deletes;
        const char *path;
        const char *body;
        const char *answer;
    } rows[] = {
        {DCS_ANY, false, "POST /v3/kv/put ", "{\"key\":\"L2s=\",\"value\":\"dg==\"}", EMPTY},
        {7, false, "POST /v3/kv/txn ",
         "{\"compare\":[{\"key\":\"L2s=\",\"target\":\"MOD\",\"mod_revision\":\"7\"}],"
         "\"success\":[{\"request_put\":{\"key\":\"L2s=\",\"value\":\"dg==\"}}]}",
         DONE("response_put")},
        {DCS_ABSENT, false, "POST /v3/kv/txn ",
         "{\"compare\":[{\"key\":\"L2s=\",\"target\":\"MOD\",\"mod_revision\":\"0\"}],"
         "\"success\":[{\"request_put\":{\"key\":\"L2s=\",\"value\":\"dg==\"}}]}",
         DONE("response_put")},
        {DCS_ANY, true, "POST /v3/kv/deleterange ", "{\"key\":\"L2s=\"}", EMPTY},
        {7, true, "POST /v3/kv/txn ",
         "{\"compare\":[{\"key\":\"L2s=\",\"target\":\"MOD\",\"mod_revision\":\"7\"}],"
         "\"success\":[{\"request_delete_range\":{\"key\":\"L2s=\"}}]}",
         DONE("response_delete_range")},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct world world = world_with("", (struct row[]){{200, rows[i].answer}, {200, EMPTY}, {0, NULL}});
        struct err err = ERR_INIT;

        for (int attempt = 0; attempt < 2; attempt++) {
            bool done = rows[i].deletes
                            ? dcs_delete_if(world.dcs, world.arena, "/k", rows[i].revision, deadline_in(5), &err)
                            : dcs_put_if(world.dcs, world.arena, "/k", "v", rows[i].revision, deadline_in(5), &err);

            /* The second time, the transaction does not succeed. */
            assert_int_equal(done, attempt == 0 || rows[i].revision == DCS_ANY);
            assert_true(asked(&world, (size_t)attempt, rows[i].path));
            assert_true(asked(&world, (size_t)attempt, rows[i].body));
        }
        if (rows[i].revision != DCS_ANY)
            assert_int_equal(err.kind, ERR_CONFLICT);
        end(&world);
    }
}

static void removes_and_lists(void **state)
{
    struct world world = world_with(
        "", (struct row[]){
                {200, "{\"header\":{\"revision\":\"9\"},\"kvs\":[{\"key\":\"L3MvYi9j\",\"mod_revision\":\"5\"},"
                      "{\"key\":\"L3MvYi9k\",\"mod_revision\":\"5\"},"
                      "{\"key\":\"L3MvZS9j\",\"mod_revision\":\"5\"},{\"key\":\"L3MveA==\",\"mod_revision\":\"5\"}]}"},
                {200, WITH("\"deleted\":\"2\"")},
                {0, NULL}});
    const char **names;
    size_t count;

    (void)state;
    assert_true(dcs_list(world.dcs, world.arena, "/s", deadline_in(5), &names, &count, NULL));
    assert_int_equal(count, 2);
    assert_string_equal(names[0], "b");
    assert_string_equal(names[1], "e");
    assert_true(asked(&world, 0, "\"keys_only\":true"));
    /* A slash at the end of a name makes another name: what lies below "/s/b/" stays. */
    assert_true(dcs_remove_tree(world.dcs, world.arena, "/s/b/", deadline_in(5), NULL));
    assert_true(asked(&world, 1, "POST /v3/kv/deleterange "));
    assert_true(asked(&world, 1, "{\"key\":\"L3MvYi8v\",\"range_end\":\"L3MvYi8w\"}"));
    end(&world);
}

static void reads_many_trees(void **state)
{
    const char *const paths[] = {"/s/b", "/s/c", "/s/d"};
    struct world world = world_with("username: u, password: p", (struct row[]){{200, TOKEN},
                                                                               {401, ERROR(16, "invalid auth token")},
                                                                               {401, ERROR(16, "invalid auth token")},
                                                                               {401, ERROR(16, "invalid auth token")},
                                                                               {401, ERROR(16, "invalid auth token")},
                                                                               {200, TOKEN},
                                                                               {200, WITH("\"kvs\":[" KEY "]")},
                                                                               {0, NULL}});
    struct dcs_tree trees[3];

    (void)state;
    assert_true(dcs_read_trees(world.dcs, world.arena, paths, 3, deadline_in(5), trees, NULL));
    assert_int_equal(trees[0].count, 1);
    assert_int_equal(trees[1].count, 0);
    assert_int_equal(trees[2].count, 0);
    end(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_tree_in_one_request),
        cmocka_unit_test(authenticates),
        cmocka_unit_test(authenticates_again_once),
        cmocka_unit_test(credentials_that_nobody_wants),
        cmocka_unit_test(errors_have_kinds),
        cmocka_unit_test(finds_the_prefix_of_old_servers),
        cmocka_unit_test(writes),
        cmocka_unit_test(removes_and_lists),
        cmocka_unit_test(reads_many_trees),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
