#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fake_dcs.h"
#include "fake_http.h"
#include "pgha/config.h"
#include "pgha/yaml.h"

/* A store behind one server that gives these answers. */
struct world {
    struct arena *arena;
    struct fake_http *fake;
    struct dcs *dcs;
};

static struct world world_with(const char *section, const struct fake_answer *answers, size_t count)
{
    struct world world = {.arena = arena_new(NULL), .fake = fake_http_start(answers, count)};

    world.dcs = fake_dcs_open(world.arena, section, arena_printf(world.arena, "url: '%s'", fake_http_url(world.fake)));
    return world;
}

static void end(struct world *world)
{
    arena_free(world->arena);
    fake_http_stop(world->fake);
}

static struct fake_answer ok(struct arena *arena, const char *body)
{
    return (struct fake_answer){
        .text = arena_printf(arena, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%s", strlen(body), body)};
}

static bool opens(const char *yaml, struct arena *arena, struct dcs **dcs, struct err *err)
{
    struct config config = {.namespace_path = "/service", .differences.as_patronictl = true};
    struct http *http;

    assert_true(yaml_read(arena, yaml, strlen(yaml), "test", NULL, &config.tree, NULL));
    assert_true(http_new(arena, NULL, &http, NULL));
    return dcs_open(arena, &config, http, NULL, dcs, err);
}

static void opens_the_first_section(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct dcs *dcs;

    (void)state;
    assert_true(opens("etcd3: {host: a}", arena, &dcs, NULL));
    assert_string_equal(dcs_kind(dcs), "etcd3");
    assert_true(opens("etcd3: {host: a}\netcd: {host: a}", arena, &dcs, NULL));
    assert_string_equal(dcs_kind(dcs), "etcd");
    assert_true(opens("etcd3: {host: a}\netcd: null\nzookeeper: {}", arena, &dcs, NULL));
    assert_string_equal(dcs_kind(dcs), "etcd3");
    arena_free(arena);
}

static void refuses_other_stores(void **state)
{
    static const char none[] = "Can not find suitable configuration of distributed configuration store: ";
    static const char *const rows[][2] = {
        {"scope: a", "there is neither a section etcd nor etcd3"},
        {"etcd3: null", "there is neither a section etcd nor etcd3"},
        {"consul: {}\netcd3: {host: a}", "section consul is not supported, only etcd and etcd3 are"},
        {"zookeeper: {}", "section zookeeper is not supported, only etcd and etcd3 are"},
        {"kubernetes: {}", "section kubernetes is not supported, only etcd and etcd3 are"},
    };
    struct arena *arena = arena_new(NULL);
    struct dcs *dcs;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct err err = ERR_INIT;

        assert_false(opens(rows[i][0], arena, &dcs, &err));
        assert_string_equal(err.message, arena_printf(arena, "%s%s", none, rows[i][1]));
    }
    struct err err = ERR_INIT;
    assert_false(opens("etcd: 127.0.0.1", arena, &dcs, &err));
    assert_string_equal(err.message, "section etcd is text, not a mapping");
    arena_free(arena);
}

static void trees_are_sorted(void **state)
{
    struct arena *arena = arena_new(NULL);
    const struct fake_answer answer = ok(arena, "{\"header\":{\"revision\":\"9\"},\"kvs\":[{\"key\":\"L2IvYg==\",\"mod_"
                                                "revision\":\"1\"},{\"key\":\"L2IvYQ==\",\"mod_revision\":\"2\"}]}");
    struct world world = world_with("etcd3", &answer, 1);
    struct dcs_tree tree;

    (void)state;
    assert_true(dcs_read_tree(world.dcs, world.arena, "/b", deadline_in(5), &tree, NULL));
    assert_int_equal(tree.count, 2);
    assert_string_equal(tree.nodes[0].key, "a");
    assert_string_equal(tree.nodes[1].key, "b");
    end(&world);
    arena_free(arena);
}

static void one_server_is_enough_without_verification(void **state)
{
    struct arena *arena = arena_new(NULL);
    const struct fake_answer answers[] = {
        ok(arena, "{\"header\":{\"revision\":\"9\"},\"kvs\":[{\"key\":\"L2IvYg==\",\"mod_revision\":\"1\"}]}"),
        ok(arena, "{\"action\":\"get\",\"node\":{\"key\":\"/b\",\"dir\":true,\"nodes\":"
                  "[{\"key\":\"/b/b\",\"value\":\"\"}]}}"),
    };
    static const struct {
        const char *section;
        const char *unverified;
        const char *verified;
    } rows[] = {{"etcd3", "\"serializable\":true", "\"serializable\":false"}, {"etcd", "quorum=false", "quorum=true"}};
    const char *path = "/b";

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        const struct fake_answer both[] = {answers[i], answers[i]};
        struct world world = world_with(rows[i].section, both, 2);
        struct dcs_tree tree;
        const char *server = NULL;

        assert_true(dcs_read_trees_unverified(world.dcs, world.arena, &path, 1, deadline_in(5), &tree, &server, NULL));
        assert_int_equal(tree.count, 1);
        assert_non_null(strstr(server, "http://127.0.0.1:"));
        assert_non_null(strstr(fake_http_request(world.fake, 0), rows[i].unverified));
        assert_true(dcs_read_tree(world.dcs, world.arena, path, deadline_in(5), &tree, NULL));
        assert_non_null(strstr(fake_http_request(world.fake, 1), rows[i].verified));
        end(&world);
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opens_the_first_section),
        cmocka_unit_test(refuses_other_stores),
        cmocka_unit_test(trees_are_sorted),
        cmocka_unit_test(one_server_is_enough_without_verification),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
