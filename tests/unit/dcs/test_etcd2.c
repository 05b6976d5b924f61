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

static struct world world_with(const char *yaml, int status, const char *body)
{
    struct world world = {.arena = arena_new(NULL)};

    world.fake = fake_http_start(
        &(struct fake_answer){.text = arena_printf(world.arena, "HTTP/1.1 %d x\r\nContent-Length: %zu\r\n\r\n%s",
                                                   status, strlen(body), body)},
        1);
    world.dcs = fake_dcs_open(world.arena, "etcd",
                              arena_printf(world.arena, "host: '%s', %s", fake_http_place(world.fake), yaml));
    return world;
}

static void end(struct world *world)
{
    arena_free(world->arena);
    fake_http_stop(world->fake);
}

static bool asked(const struct world *world, const char *text)
{
    return strstr(fake_http_request(world->fake, 0), text);
}

static bool reads(struct world *world, struct dcs_tree *tree, struct err *err)
{
    return dcs_read_tree(world->dcs, world->arena, "/s/b c", deadline_in(5), tree, err);
}

static const char tree_text[] =
    "{\"action\":\"get\",\"node\":{\"key\":\"/s/b c\",\"dir\":true,\"nodes\":["
    "{\"key\":\"/s/b c/members\",\"dir\":true,\"nodes\":[{\"key\":\"/s/b c/members/p1\",\"value\":\"{}\","
    "\"ttl\":30,\"modifiedIndex\":7}]},"
    "{\"key\":\"/s/b c/empty\",\"dir\":true},"
    "{\"key\":\"/s/b c/config\",\"value\":\"\\u00fc\",\"modifiedIndex\":9007199254740993}]}}";

static void reads_a_tree_in_one_request(void **state)
{
    struct world world = world_with("username: u, password: p", 200, tree_text);
    struct dcs_tree tree;

    (void)state;
    assert_true(reads(&world, &tree, NULL));
    assert_int_equal(fake_http_count(world.fake), 1);
    assert_true(asked(&world, "GET /v2/keys/s/b%20c/?recursive=true&quorum=true HTTP/1.1\r\n"));
    assert_true(asked(&world, "\r\nAuthorization: Basic dTpw\r\n"));
    assert_int_equal(tree.count, 2);
    assert_string_equal(tree.nodes[0].key, "config");
    assert_string_equal(tree.nodes[0].value, "\xc3\xbc");
    assert_int_equal(tree.nodes[0].length, 2);
    assert_true(tree.nodes[0].revision == 9007199254740993);
    assert_false(tree.nodes[0].leased);
    assert_string_equal(tree.nodes[1].key, "members/p1");
    assert_true(tree.nodes[1].leased);
    end(&world);
}

static void no_key_is_an_empty_tree(void **state)
{
    struct world world = world_with("", 404, "{\"errorCode\":100,\"message\":\"Key not found\"}");
    struct dcs_tree tree = {.count = 42};

    (void)state;
    assert_true(reads(&world, &tree, NULL));
    assert_int_equal(tree.count, 0);
    end(&world);
}

static void errors_have_kinds(void **state)
{
    static const struct {
        int status;
        const char *body;
        enum err_kind kind;
        const char *says;
    } rows[] = {
        {404, "404 page not found\n", ERR_FAILED, "start etcd with --enable-v2, or use a section etcd3"},
        {401, "{\"errorCode\":110,\"message\":\"x\"}", ERR_CREDENTIALS, "username and password in section etcd"},
        {401, "{\"message\":\"Insufficient credentials\"}", ERR_CREDENTIALS, "username and password in section etcd"},
        {200, "<html>", ERR_FAILED, "no valid JSON"},
        {200, "[]", ERR_FAILED, "no valid JSON"},
        {200, "{}", ERR_FAILED, "none of its v2 API"},
        {200, "{\"node\":{\"dir\":true,\"nodes\":[{\"key\":\"/x\"}]}}", ERR_FAILED, "the root of the store"},
        {200, "{\"node\":{\"key\":\"/s\",\"dir\":true,\"nodes\":[{\"key\":\"/s/x\",\"value\":5}]}}", ERR_FAILED,
         "none of its v2 API"},
        {200, "{\"node\":{\"key\":\"/long\",\"dir\":true,\"nodes\":[{\"key\":\"/x\"}]}}", ERR_FAILED, "none of its"},
        {400, "{\"errorCode\":209,\"message\":\"Invalid field\"}", ERR_FAILED, "etcd says: Invalid field"},
        {500, "{\"errorCode\":300,\"message\":\"Raft Internal Error\",\"cause\":\"no leader\"}", ERR_UNREACHABLE,
         "says: Raft Internal Error: no leader"},
        {503, "busy", ERR_UNREACHABLE, "says: HTTP status 503"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct world world = world_with("", rows[i].status, rows[i].body);
        struct dcs_tree tree = {.count = 42};
        struct err err = ERR_INIT;

        assert_false(dcs_read_tree(world.dcs, world.arena, "/s", deadline_in(0.3), &tree, &err));
        if (err.kind != rows[i].kind || !strstr(err.message, rows[i].says))
            fail_msg("%zu: %d %s", i, err.kind, err.message);
        assert_int_equal(tree.count, 42);
        end(&world);
    }
}

#define NODE "\"node\":{\"key\":\"/k\",\"modifiedIndex\":8,\"createdIndex\":8"
#define VALUE ",\"value\":\"a &\u00fc/\"}}"
#define ERROR(code) "{\"errorCode\":" #code ",\"message\":\"x\",\"cause\":\"/k\",\"index\":7}"

static void writes(void **state)
{
    static const struct {
        int64_t revision;
        bool deletes;
        const char *line;
        const char *form;
        const char *answer;
        int status;
        const char *refusal;
    } rows[] = {
        {DCS_ANY, false, "PUT /v2/keys/k HTTP", "\r\n\r\nvalue=a%20%26%C3%BC%2F", "{\"action\":\"set\"," NODE VALUE, 0,
         NULL},
        {7, false, "PUT /v2/keys/k HTTP", "\r\n\r\nvalue=a%20%26%C3%BC%2F&prevIndex=7",
         "{\"action\":\"compareAndSwap\"," NODE VALUE, 412, ERROR(101)},
        {DCS_ABSENT, false, "PUT /v2/keys/k HTTP", "\r\n\r\nvalue=a%20%26%C3%BC%2F&prevExist=false",
         "{\"action\":\"create\"," NODE VALUE, 412, ERROR(105)},
        {DCS_ANY, true, "DELETE /v2/keys/k HTTP", "\r\n\r\n", "{\"action\":\"delete\"," NODE "}}", 0, NULL},
        {7, true, "DELETE /v2/keys/k?prevIndex=7 HTTP", "\r\n\r\n", "{\"action\":\"compareAndDelete\"," NODE "}}", 404,
         ERROR(100)},
    };

    (void)state;
    for (size_t i = 0; i < 2 * sizeof rows / sizeof *rows; i++) {
        int64_t revision = rows[i / 2].revision;
        bool refused = i % 2 && rows[i / 2].refusal;
        struct world world =
            world_with("", refused ? rows[i / 2].status : 200, refused ? rows[i / 2].refusal : rows[i / 2].answer);
        struct err err = ERR_INIT;
        bool done = rows[i / 2].deletes
                        ? dcs_delete_if(world.dcs, world.arena, "/k", revision, deadline_in(5), &err)
                        : dcs_put_if(world.dcs, world.arena, "/k", "a &\xc3\xbc/", revision, deadline_in(5), &err);

        assert_int_equal(done, !refused);
        assert_int_equal(err.kind, refused ? ERR_CONFLICT : ERR_NONE);
        assert_true(asked(&world, rows[i / 2].line));
        assert_true(asked(&world, rows[i / 2].form));
        end(&world);
    }
}

static void removes_and_lists(void **state)
{
    struct world world = world_with("", 200,
                                    "{\"node\":{\"key\":\"/s\",\"dir\":true,\"nodes\":[{\"key\":\"/s/b\",\"dir\":true},"
                                    "{\"key\":\"/s/x\",\"value\":\"\"},{\"key\":\"/s/a\",\"dir\":true}]}}");
    const char **names;
    size_t count;

    (void)state;
    assert_true(dcs_list(world.dcs, world.arena, "/s", deadline_in(5), &names, &count, NULL));
    assert_int_equal(count, 2);
    assert_string_equal(names[0], "a");
    assert_string_equal(names[1], "b");
    end(&world);
    world = world_with("", 200, "{\"action\":\"delete\",\"node\":{\"key\":\"/s/b\",\"dir\":true,\"modifiedIndex\":9}}");
    assert_true(dcs_remove_tree(world.dcs, world.arena, "/s/b", deadline_in(5), NULL));
    assert_non_null(strstr(fake_http_request(world.fake, 0), "DELETE /v2/keys/s/b/?recursive=true HTTP"));
    end(&world);
    world = world_with("", 404, ERROR(100));
    assert_true(dcs_remove_tree(world.dcs, world.arena, "/s/b", deadline_in(5), NULL));
    assert_true(dcs_list(world.dcs, world.arena, "", deadline_in(5), &names, &count, NULL));
    assert_int_equal(count, 0);
    assert_true(dcs_delete_if(world.dcs, world.arena, "/k", DCS_ANY, deadline_in(5), NULL));
    end(&world);
}

/* No answer to a removal: it has no condition that could fail. What became of it is looked up, here in vain. */
static void no_condition_no_conflict(void **state)
{
    struct world world = world_with("", 412, ERROR(101));
    struct err err = ERR_INIT;

    (void)state;
    assert_false(dcs_remove_tree(world.dcs, world.arena, "/s/b", deadline_in(5), &err));
    assert_int_equal(err.kind, ERR_UNKNOWN);
    end(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_tree_in_one_request), cmocka_unit_test(no_key_is_an_empty_tree),
        cmocka_unit_test(errors_have_kinds),           cmocka_unit_test(writes),
        cmocka_unit_test(removes_and_lists),           cmocka_unit_test(no_condition_no_conflict),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
