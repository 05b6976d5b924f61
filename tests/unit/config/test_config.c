#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "pgha/json.h"
#include "world.h"

static void must_fail(struct world *world, const char *message)
{
    assert_false(read_it(world));
    assert_int_equal(world->err.kind, ERR_FAILED);
    if (!strstr(world->err.message, message))
        fail_msg("'%s' lacks '%s'", world->err.message, message);
    assert_null(strchr(world->err.message, '\n'));
}

static const char *tree(const struct world *world)
{
    struct str out;

    str_init(&out, world->arena);
    json_write(&world->config.tree, true, &out);
    return out.text;
}

static void a_file_the_environment_and_a_url(void **state)
{
    const char *const environment[] = {"PATRONI_SCOPE=robin", "PATRONI_ETCD3_PORT=5", NULL};
    struct world *world = *state;

    put(world, "a.yml", "scope: batman\nnamespace: /db//\netcd3:\n  host: h\nctl:\n  insecure: on\n");
    world->globals.config_file = path_of(world, "a.yml");
    must_read(world);
    assert_string_equal(world->config.scope, "batman");
    assert_string_equal(world->config.namespace_path, "/db");
    assert_string_equal(world->config.path, world->globals.config_file);
    assert_true(world->config.insecure);
    assert_string_equal(config_get(&world->config, "etcd3", "host")->text, "h");
    assert_null(config_get(&world->config, "etcd3", "port"));
    assert_null(config_get(&world->config, "scope", "port"));

    world->places.environment = environment;
    must_read(world);
    assert_string_equal(world->config.scope, "robin");
    assert_int_equal(config_get(&world->config, "etcd3", "port")->integer, 5);

    world->globals.dcs_url = "etcd://x:1/ns";
    must_read(world);
    assert_null(value_get(&world->config.tree, "etcd3"));
    assert_string_equal(config_get(&world->config, "etcd", "host")->text, "x:1");
    assert_string_equal(world->config.namespace_path, "/ns");
}

static void a_directory_in_the_order_of_names(void **state)
{
    struct world *world = *state;

    assert_int_equal(mkdir(path_of(world, "conf"), 0700), 0);
    assert_int_equal(mkdir(path_of(world, "conf/d.yml"), 0700), 0);
    put(world, "conf/b.yaml", "scope: b\nname:\nctl: {insecure: }\n");
    put(world, "conf/a.yml", "scope: a\nname: n\nctl: {insecure: on, cacert: c}\n");
    put(world, "conf/c.txt", "scope: c\n");
    world->globals.config_file = path_of(world, "conf");
    must_read(world);
    assert_string_equal(tree(world), "{\"scope\":\"b\",\"ctl\":{\"cacert\":\"c\"}}");
    assert_false(world->config.insecure);
    put(world, "conf/e.yml", "- x\n");
    must_fail(world, "conf/e.yml has to hold a mapping and holds a list");
}

static void a_directory_of_too_many_files(void **state)
{
    struct world *world = *state;

    assert_int_equal(mkdir(path_of(world, "many"), 0700), 0);
    for (int i = 0; i <= 1000; i++)
        put(world, arena_printf(world->arena, "many/%d.yml", i), "scope: a\n");
    world->globals.config_file = path_of(world, "many");
    must_fail(world, "many\" has 1001 files, more than 1000: put them into fewer files");
    assert_int_equal(unlink(path_of(world, "many/0.yml")), 0);
    must_read(world);
    assert_string_equal(world->config.scope, "a");
}

static void false_is_false_in_quotes_too(void **state)
{
    static const struct {
        const char *written;
        bool insecure;
    } rows[] = {{"'false'", false}, {"\"No\"", false}, {"'OFF'", false}, {"'0'", false}, {"''", false},
                {"'true'", true},   {"'Yes'", true},   {"'1'", true},    {"true", true}, {"false", false}};
    struct world *world = *state;

    world->globals.config_file = path_of(world, "a.yml");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        put(world, "a.yml", arena_printf(world->arena, "ctl: {insecure: %s}\n", rows[i].written));
        must_read(world);
        assert_int_equal(world->config.insecure, rows[i].insecure);
    }
    put(world, "a.yml", "ctl: {insecure: 'maybe'}\n");
    must_fail(world, "a.yml: \"ctl.insecure\" is neither true nor false");
    world->differences.as_patronictl = true;
    must_read(world);
    assert_true(world->config.insecure);
    put(world, "a.yml", "ctl: {insecure: 'false'}\n");
    must_read(world);
    assert_true(world->config.insecure);
    world->differences.as_patronictl = false;
    world->globals.insecure = true;
    must_read(world);
    assert_true(world->config.insecure);
}

static void the_document_in_a_variable(void **state)
{
    const char *const environment[] = {"PATRONI_CONFIGURATION={scope: inline, ttl: 1}", "PATRONI_NAME=n", NULL};
    const char *const empty[] = {"PATRONI_CONFIGURATION={}", "PATRONI_NAME=n", NULL};
    const char *const bad[] = {"PATRONI_CONFIGURATION=[a]", NULL};
    struct world *world = *state;

    world->places.environment = environment;
    must_read(world);
    assert_string_equal(tree(world), "{\"scope\":\"inline\",\"ctl\":{}}");
    world->places.environment = empty;
    must_read(world);
    assert_string_equal(tree(world), "{\"name\":\"n\",\"ctl\":{}}");
    world->places.environment = bad;
    must_fail(world, "has to be a mapping and is a list");
}

static void files_that_cannot_be_read(void **state)
{
    struct world *world = *state;

    must_read(world); /* the default may be missing */
    world->globals.config_file = path_of(world, "none.yml");
    must_fail(world, "none.yml: No such file or directory; check -c/--config-file");
    world->differences.as_patronictl = true;
    must_fail(world, arena_printf(world->arena,
                                  "Provided config file %s not existing or no read rights. Check the "
                                  "-c/--config-file parameter",
                                  world->globals.config_file));
    world->globals.config_file = "/dev/null";
    must_fail(world, "/dev/null is neither a file nor a directory");
    put(world, "bad.yml", "scope: [batman\n");
    world->globals.config_file = path_of(world, "bad.yml");
    must_fail(world, "bad.yml, line 2, column 1: ");
    put(world, "bad.yml", "");
    must_fail(world, "bad.yml has to hold a mapping and holds nothing");
}

static void the_systems_files(void **state)
{
    const char *const environment[] = {"PATRONI_SCOPE=env", NULL};
    struct world *world = *state;

    put(world, "patroni.yml", "scope: second\nname: second\n");
    world->places.environment = environment;
    must_read(world);
    assert_string_equal(tree(world), "{\"scope\":\"env\",\"name\":\"second\",\"ctl\":{}}");
    put(world, "config.yml", "scope: first\n");
    world->places.environment = nothing;
    must_read(world);
    assert_string_equal(world->config.scope, "first");
    assert_string_equal(world->config.path, path_of(world, "config.yml"));
    world->differences.as_patronictl = true; /* patronictl knows no such place */
    must_read(world);
    assert_null(world->config.path);
    world->differences.as_patronictl = false;
    put(world, "patronictl.yaml", "scope: user\n");
    must_read(world);
    assert_string_equal(world->config.scope, "user");
}

static void a_system_file_for_others(void **state)
{
    struct world *world = *state;

    if (geteuid() == 0)
        skip(); /* root may read everything */
    put(world, "config.yml", "scope: first\n");
    assert_int_equal(chmod(path_of(world, "config.yml"), 0), 0);
    must_read(world); /* help and the program's version need no store */
    assert_null(world->config.path);
    assert_non_null(strstr(world->config.missing, "config.yml: Permission denied; run as a user who can, or name "
                                                  "another with -c"));
    world->globals.dcs_url = "etcd3://h";
    must_read(world);
    assert_null(world->config.path);
    assert_null(world->config.missing);
}

/* Called as pgha, passwords are what the file says; called as patronictl, what YAML makes of them. */
static void passwords(void **state)
{
    static const struct {
        const char *yaml, *as_pgha, *as_patronictl;
    } cases[] = {
        {"0123", "0123", "83"}, {"1.50", "1.50", "1.5"},      {"yes", "yes", "True"},
        {"", "", "None"},       {"\"0123\"", "0123", "0123"}, {"2020-01-01", "2020-01-01", "2020-01-01"},
        {"ä", "ä", "ä"},        {"~", "None", "None"},
    };
    struct world *world = *state;

    world->globals.config_file = path_of(world, "a.yml");
    for (size_t i = 0; i < 2 * sizeof cases / sizeof *cases; i++) {
        world->differences.as_patronictl = i % 2;
        put(world, "a.yml",
            arena_printf(world->arena, "restapi:\n  authentication:\n    username: 007\n    password: %s\n",
                         cases[i / 2].yaml));
        must_read(world);
        assert_string_equal(config_get(&world->config, "restapi", "auth")->text,
                            arena_printf(world->arena, "%s:%s", i % 2 ? "7" : "007",
                                         i % 2 ? cases[i / 2].as_patronictl : cases[i / 2].as_pgha));
    }
}

static void scopes_and_namespaces(void **state)
{
    static const struct {
        const char *yaml;
        const char *scope, *namespace_path; /* called as pgha */
        const char *patronictl_scope, *patronictl_namespace;
    } cases[] = {
        {"{}", NULL, "/service", NULL, "/service"},
        {"{scope: 05, namespace: 05}", "05", "/05", "5", NULL},
        {"{scope: , namespace: }", NULL, "/service", NULL, "/service"},
        {"{scope: '', namespace: ''}", NULL, "/service", "{}", NULL},
        {"{namespace: /}", NULL, "", NULL, ""},
        {"{namespace: '//a//b//'}", NULL, "/a/b", NULL, "/a/b"},
        {"{namespace: ' x '}", NULL, "/ x ", NULL, "/ x "},
        {"{etcd3: {namespace: x}}", NULL, "/x", NULL, "/x"},
        {"{namespace: y, etcd3: {namespace: x}}", NULL, "/y", NULL, "/y"},
        {"{scope: 2020-01-01}", "2020-01-01", "/service", "2020-01-01", "/service"},
        {"{scope: !!binary YQ==}", "a", "/service", "a", "/service"},
    };
    struct world *world = *state;

    world->globals.config_file = path_of(world, "a.yml");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        put(world, "a.yml", cases[i].yaml);
        world->differences.as_patronictl = true;
        must_read(world);
        assert_true(str_equal(world->config.scope, cases[i].patronictl_scope));
        assert_true(str_equal(world->config.namespace_path, cases[i].patronictl_namespace));
        world->differences.as_patronictl = false;
        if (i + 1 == sizeof cases / sizeof *cases) {
            must_fail(world, "\"scope\" has to be text and is binary data");
            continue;
        }
        must_read(world);
        assert_true(str_equal(world->config.scope, cases[i].scope));
        assert_true(str_equal(world->config.namespace_path, cases[i].namespace_path));
    }
    put(world, "a.yml", "namespace: [a]\n");
    must_fail(world, "\"namespace\" has to be text");
}

/* The only test of config_read() itself: the user's own file, below XDG_CONFIG_HOME or ~/.config. */
/* As an env file with Windows line ends makes it. */
static void a_line_end_in_the_scope(void **state)
{
    static const char *const environment[] = {"PATRONI_SCOPE=batman\r", NULL};
    struct world *world = *state;

    world->places.environment = environment;
    must_fail(world, "\"scope\" has a line end in it, after \"batman\": remove it");
    world->differences.as_patronictl = true;
    must_read(world);
}

static void the_users_file(void **state)
{
    static const char *const homes[] = {"XDG_CONFIG_HOME", "HOME"};
    static const struct log silent = {NULL, LOG_LEVEL_ERROR};
    struct world *world = *state;

    assert_int_equal(mkdir(path_of(world, ".config"), 0700), 0);
    for (size_t i = 0; i < 2; i++) {
        const char *folder = path_of(world, i ? ".config" : "");

        assert_int_equal(mkdir(arena_printf(world->arena, "%s/patroni", folder), 0700), 0);
        put(world, i ? ".config/patroni/patronictl.yaml" : "patroni/patronictl.yaml",
            arena_printf(world->arena, "scope: %s\n", homes[i]));
        assert_int_equal(setenv(homes[i], world->root, 1), 0);
        assert_true(config_read(world->arena, &world->globals, differences_for("patronictl"), &silent, &world->config,
                                &world->err));
        assert_string_equal(world->config.scope, homes[i]);
        assert_int_equal(unsetenv(homes[i]), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_file_the_environment_and_a_url),
        TEST(a_directory_in_the_order_of_names),
        TEST(a_directory_of_too_many_files),
        TEST(false_is_false_in_quotes_too),
        TEST(the_document_in_a_variable),
        TEST(files_that_cannot_be_read),
        TEST(the_systems_files),
        TEST(a_system_file_for_others),
        TEST(passwords),
        TEST(scopes_and_namespaces),
        TEST(a_line_end_in_the_scope),
        TEST(the_users_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
