#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "world.h"

/* A file as Debian's pg_createconfig_patroni makes it. */
static void put_cluster(struct world *world, const char *scope, const char *store)
{
    put(world, arena_printf(world->arena, "%s.yml", scope),
        arena_printf(world->arena, "scope: \"%s\"\nnamespace: /postgresql-common/\n%s", scope, store));
}

static void must_miss(struct world *world, const char *message)
{
    must_read(world);
    assert_null(world->config.path);
    if (!world->config.missing || !strstr(world->config.missing, message))
        fail_msg("%s", world->config.missing);
}

static void says_where_it_looked(void **state)
{
    struct world *world = *state;

    must_miss(world,
              arena_printf(world->arena,
                           "there is no %s/patronictl.yaml, no %s/config.yml, no %s/patroni.yml, and no PATRONI_* "
                           "variable names a store",
                           world->root, world->root, world->root));
    world->places.system_folder = world->root;
    must_miss(world, arena_printf(world->arena, "no other %s/*.yml with a scope", world->root));
    world->differences.as_patronictl = true;
    must_read(world);
    assert_null(world->config.missing);
}

static void takes_the_only_one(void **state)
{
    struct world *world = *state;

    world->places.system_folder = world->root;
    put(world, "other.yml", "hosts: all\n");
    put(world, "dcs.yml", "#etcd3:\n");
    put_cluster(world, "16-main", "");
    must_miss(world, "dcs.yml has to hold a mapping");
    put_cluster(world, "16-main", "etcd3: {host: a}\n");
    must_read(world);
    assert_string_equal(world->config.path, path_of(world, "16-main.yml"));
    assert_string_equal(world->config.scope, "16-main");
    assert_string_equal(world->config.namespace_path, "/postgresql-common");
}

/* What pg_createconfig_patroni would put into the file; the file's own store wins. */
static void merges_the_store(void **state)
{
    struct world *world = *state;

    world->places.system_folder = world->root;
    put(world, "dcs.yml", "etcd3: {host: shared}\nnamespace: /dcs/\n");
    put_cluster(world, "16-main", "");
    must_read(world);
    assert_string_equal(config_get(&world->config, "etcd3", "host")->text, "shared");
    assert_string_equal(world->config.namespace_path, "/postgresql-common");
    put_cluster(world, "16-main", "etcd: {host: own}\n");
    must_read(world);
    assert_string_equal(config_get(&world->config, "etcd", "host")->text, "own");
    assert_null(config_get(&world->config, "etcd3", "host"));
}

static void takes_the_one_of_the_scope(void **state)
{
    static const char *const words[] = {"--format", "json", "16-main"}, *const both[] = {"15-main", "16-main"};
    static const char *const environment[] = {"PATRONI_SCOPE=15-main", NULL};
    struct world *world = *state;

    world->places.system_folder = world->root;
    put_cluster(world, "15-main", "etcd3: {host: a}\n");
    put_cluster(world, "16-main", "etcd3: {host: b}\n");
    must_miss(world,
              "15-main.yml (scope \"15-main\"), 16-main.yml (scope \"16-main\"); name the cluster, or one of the "
              "files with -c");
    world->globals.words = words;
    world->globals.word_count = 3;
    must_read(world);
    assert_string_equal(world->config.scope, "16-main");
    assert_null(world->config.missing);
    world->globals.words = both;
    world->globals.word_count = 2;
    must_miss(world, "several configurations");
    world->places.environment = environment;
    must_read(world);
    assert_string_equal(config_get(&world->config, "etcd3", "host")->text, "a");
}

/* A folder or file that must not be read is not one that is not there. */
static void tells_what_it_must_not_read(void **state)
{
    struct world *world = *state;

    if (geteuid() == 0)
        skip(); /* root may read everything */
    world->places.system_folder = world->root;
    put_cluster(world, "16-main", "etcd3: {host: a}\n");
    assert_int_equal(chmod(path_of(world, "16-main.yml"), 0), 0);
    must_miss(world, "16-main.yml: Permission denied; run as a user who can");
    world->places.default_file = "/nonexistent";
    assert_int_equal(chmod(world->root, 0), 0);
    must_miss(world, "config.yml: Permission denied; run as a user who can");
    assert_int_equal(chmod(world->root, 0700), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(says_where_it_looked),       TEST(takes_the_only_one),          TEST(merges_the_store),
        TEST(takes_the_one_of_the_scope), TEST(tells_what_it_must_not_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
