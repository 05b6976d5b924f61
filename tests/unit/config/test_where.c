#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "world.h"

static void names_places(void **state)
{
    static const char *const environment[] = {"PATRONI_ETCD3_HOST=b", "PATRONI_ETCD_CACERT=c", NULL};
    struct world *world = *state;
    struct config *config = &world->config;

    put(world, "patronictl.yaml", "etcd3: {host: a, port: 1}\n");
    world->places.environment = environment;
    must_read(world);
    assert_string_equal(config_where(world->arena, config, "etcd3", "host"), "PATRONI_ETCD3_HOST");
    assert_string_equal(config_where(world->arena, config, "etcd3", "port"),
                        arena_printf(world->arena, "%s: etcd3.port", config->path));
    assert_string_equal(config_where(world->arena, config, "etcd", NULL), "PATRONI_ETCD_CACERT");
    assert_string_equal(config_section_name(world->arena, config, "etcd3"),
                        arena_printf(world->arena, "section etcd3 of %s", config->path));
    world->globals.dcs_url = "etcd3://a";
    must_read(world);
    assert_string_equal(config_where(world->arena, config, "etcd3", "host"), "-d");
    assert_string_equal(config_section_name(world->arena, config, "etcd3"), "-d");
}

static void names_the_file_of_a_folder(void **state)
{
    struct world *world = *state;

    put(world, "1.yml", "etcd3: {host: a, port: 1}\n");
    put(world, "2.yml", "etcd3: {host: b}\n");
    world->globals.config_file = world->root;
    must_read(world);
    assert_string_equal(config_where(world->arena, &world->config, "etcd3", "host"),
                        arena_printf(world->arena, "%s/2.yml: etcd3.host", world->root));
    assert_string_equal(config_where(world->arena, &world->config, "etcd3", "port"),
                        arena_printf(world->arena, "%s/1.yml: etcd3.port", world->root));
}

static void tells_what_is_wrong_with_citus(void **state)
{
    static const char *const rows[][2] = {
        {"citus: {database: c, group: 0}", NULL},
        {"scope: a", NULL},
        {"citus: {database: c}", "citus.group is missing, so the section citus does not count"},
        {"citus: {database: c, group: coordinator}", "citus.group is \"coordinator\", so"},
        {"citus: {database: c, group: '0'}", "citus.group is \"0\", so"},
        {"citus: {group: 0}", "citus.database is missing"},
        {"citus:", "citus.group is missing"},
    };
    struct world *world = *state;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        put(world, "patronictl.yaml", arena_printf(world->arena, "%s\n", rows[i][0]));
        must_read(world);
        const char *found = config_citus_problem(world->arena, &world->config);
        if (!rows[i][1] ? found != NULL : !found || !strstr(found, rows[i][1]))
            fail_msg("%s: %s", rows[i][0], found);
    }
}

/* Patroni leaves out what is not of the right type, without a word. */
static void tells_of_variables_that_do_not_count(void **state)
{
    static const char *const environment[] = {"PATRONI_CITUS_GROUP=first", "PATRONI_CITUS_DATABASE=c", NULL};
    static const char *const insecure[] = {"PATRONI_CTL_INSECURE=maybe", NULL};
    struct world *world = *state;

    world->places.environment = environment;
    must_read(world);
    assert_non_null(strstr(config_citus_problem(world->arena, &world->config), "PATRONI_CITUS_GROUP is \"first\", so"));
    world->places.environment = insecure;
    assert_false(read_it(world));
    assert_non_null(strstr(world->err.message, "PATRONI_CTL_INSECURE is \"maybe\": it has to be true or false"));
    world->differences.as_patronictl = true;
    must_read(world);
}

static void tells_how_to_ask_for_tls(void **state)
{
    static const char *const rows[][2] = {
        {"etcd3: {host: a}", "add \"protocol: https\" to section etcd3 of "},
        {"etcd3: {host: a, cert: c, key: k}",
         " has cert, key but no \"protocol: https\", so they do not count: add it"},
        {"etcd3: {host: a, cacert: c, protocol: http}", "etcd3.protocol is \"http\": write \"protocol: https\""},
        {"etcd3: {url: 'http://a', cacert: c}", "etcd3.url has to begin with \"https:\""},
    };
    static const char *const environment[] = {"PATRONI_ETCD3_HOSTS=a", "PATRONI_ETCD3_CACERT=c", NULL};
    struct world *world = *state;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        put(world, "patronictl.yaml", arena_printf(world->arena, "%s\n", rows[i][0]));
        must_read(world);
        assert_non_null(strstr(config_tls_advice(world->arena, &world->config, "etcd3"), rows[i][1]));
    }
    assert_int_equal(unlink(path_of(world, "patronictl.yaml")), 0);
    world->places.environment = environment;
    must_read(world);
    assert_string_equal(config_tls_advice(world->arena, &world->config, "etcd3"),
                        "section etcd3 of the environment (PATRONI_*) has PATRONI_ETCD3_CACERT but no \"protocol: "
                        "https\", so they do not count: add it (PATRONI_ETCD3_PROTOCOL=https)");
}

static void tells_of_credentials_that_do_not_count(void **state)
{
    static const char *const environment[] = {"PATRONI_ETCD3_USERNAME=u", "PATRONI_ETCD3_PASSWORD=secret", NULL};
    struct world *world = *state;

    put(world, "patronictl.yaml", "etcd3: {host: a}\n");
    must_read(world);
    assert_string_equal(config_login_advice(world->arena, &world->config, "etcd3"), "");
    world->places.environment = environment;
    must_read(world);
    const char *advice = config_login_advice(world->arena, &world->config, "etcd3");
    assert_non_null(strstr(advice, "PATRONI_ETCD3_USERNAME and PATRONI_ETCD3_PASSWORD are set but do not count"));
    assert_null(strstr(advice, "secret"));
    put(world, "patronictl.yaml", "etcd3: {host: a, username: u, password: p}\n");
    must_read(world);
    assert_string_equal(config_login_advice(world->arena, &world->config, "etcd3"), "");
}

static void tells_what_there_is_instead_of_a_store(void **state)
{
    static const char *const rows[][2] = {
        {"scope: a\nrestapi: {}", "has neither a section etcd nor etcd3 (it has: scope, restapi); add one"},
        {"etcd3:", "etcd3 is empty: name the servers below it"},
        {"etcd:\nscope: a", "etcd is empty: name the servers below it"},
        {"etcd_3: {host: a}", "etcd_3 is no section that Patroni knows: rename it to \"etcd3\""},
        {"Etcd3: {host: a}", "Etcd3 is no section that Patroni knows"},
        {"restapi: {listen: a, etcd3: {host: a}}", "restapi.etcd3 stands inside of section restapi"},
    };
    struct world *world = *state;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct err err = ERR_INIT;

        put(world, "patronictl.yaml", arena_printf(world->arena, "%s\n", rows[i][0]));
        must_read(world);
        assert_false(config_no_store(world->arena, &world->config, &err));
        if (!strstr(err.message, rows[i][1]))
            fail_msg("%s", err.message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(names_places),
        TEST(names_the_file_of_a_folder),
        TEST(tells_what_is_wrong_with_citus),
        TEST(tells_of_variables_that_do_not_count),
        TEST(tells_how_to_ask_for_tls),
        TEST(tells_of_credentials_that_do_not_count),
        TEST(tells_what_there_is_instead_of_a_store),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
