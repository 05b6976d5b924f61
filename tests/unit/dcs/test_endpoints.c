#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../src/dcs/endpoints.h"
#include "pgha/arena.h"
#include "pgha/log.h"
#include "pgha/yaml.h"

/* Reads a section of a configuration; what is logged ends up in `logged`. */
static bool read_section(struct arena *arena, const char *yaml, bool as_patronictl, struct endpoints *endpoints,
                         char **logged, struct err *err)
{
    struct config config = {.differences.as_patronictl = as_patronictl};
    size_t size;
    struct log log = {open_memstream(logged, &size), LOG_LEVEL_WARNING};
    const char *text = arena_printf(arena, "etcd3: {%s}\n", yaml);

    assert_true(yaml_read(arena, text, strlen(text), "test", NULL, &config.tree, err));
    bool read = endpoints_read(arena, &config, "etcd3", &log, endpoints, err);
    fclose(log.stream);
    return read;
}

static const char *joined(struct arena *arena, const struct endpoints *endpoints)
{
    const char *text = "";

    for (size_t i = 0; i < endpoints->count; i++)
        text = arena_printf(arena, "%s%s%s", text, i ? " " : "", endpoints->bases[i]);
    return text;
}

/* What is recorded of patronictl, and what else a user may write. */
static const struct {
    const char *yaml;
    const char *bases;
} places[] = {
    {"host: 10.0.0.1", "http://10.0.0.1:2379"},
    {"host: '10.0.0.1:4001'", "http://10.0.0.1:4001"},
    {"host: '10.0.0.1:1', port: 4001", "http://10.0.0.1:4001"},
    {"host: 10.0.0.1, port: 4001", "http://10.0.0.1:4001"},
    {"host: '[::1]:4001'", "http://[::1]:4001"},
    {"host: '::1:4001'", "http://[::1]:4001"},
    {"host: '[::1]'", "http://[::1]:2379"},
    {"host: h, protocol: https", "https://h:2379"},
    {"host: h, protocol: HTTP", "HTTP://h:2379"},
    {"host: h, protocol: null", "http://h:2379"},
    {"host: h, port: null", "http://h:2379"},
    {"host: h, url: null", "http://h:2379"},
    {"hosts: 'a,b:1, c:2 '", "http://a:2379 http://b:1 http://c:2"},
    {"hosts: [a, 'b:1', ' [fe80::1]:2 ']", "http://a:2379 http://b:1 http://[fe80::1]:2"},
    {"hosts: [a, 'b:1'], port: 4001", "http://a:4001 http://b:1"},
    {"hosts: [a], port: '4001'", "http://a:4001"},
    {"hosts: [a, a]", "http://a:2379"},
    {"hosts: 'a,'", "http://a:2379"},
    {"hosts: ['', 5, a]", "http://a:2379"},
    {"hosts: a, host: b", "http://a:2379"},
    {"hosts: a, protocol: https", "https://a:2379"},
    {"url: 'http://a'", "http://a:2379"},
    {"url: 'https://a:1/b?c'", "https://a:1"},
    {"url: 'HTTP://A:1'", "http://a:1"},
    {"url: 'http://[::1]:1'", "http://[::1]:1"},
    {"url: 'http://a', hosts: b, host: c", "http://a:2379"},
    {"proxy: 'http://p', url: 'http://a', hosts: b", "http://p:2379"},
    {"proxy: null, host: a", "http://a:2379"},
};

static void reads_places(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2 * sizeof places / sizeof *places; i++) {
        struct arena *arena = arena_new(NULL);
        struct endpoints endpoints;
        struct err err = ERR_INIT;
        char *logged = NULL;

        if (!read_section(arena, places[i / 2].yaml, i % 2, &endpoints, &logged, &err))
            fail_msg("%s: %s", places[i / 2].yaml, err.message);
        assert_string_equal(joined(arena, &endpoints), places[i / 2].bases);
        assert_string_equal(logged, "");
        free(logged);
        arena_free(arena);
    }
}

static const struct {
    const char *yaml;
    const char *message;
} mistakes[] = {
    {"", "Neither srv, hosts, host nor url are defined in section etcd3"},
    {"host: 5", "host in section etcd3 is not text"},
    {"host: ''", "host in section etcd3 is empty"},
    {"host: 'a:b'", "host in section etcd3 has a port that is no number from 1 to 65535"},
    {"host: 'a:99999'", "host in section etcd3 has a port that is no number from 1 to 65535"},
    {"host: a, port: 0", "port in section etcd3 is no number from 1 to 65535"},
    {"host: a, port: [1]", "port in section etcd3 is no number from 1 to 65535"},
    {"hosts: []", "hosts in section etcd3 names no host"},
    {"hosts: ' , '", "hosts in section etcd3 names no host"},
    {"hosts: 5", "hosts in section etcd3 is neither a list nor text"},
    {"host: 'ftp://a'", "host in section etcd3 is neither http nor https but \"ftp\""},
    {"host: 'http://u:p@a'", "host in section etcd3 has credentials: put them into username and password"},
    {"hosts: 'a,u:p@b'", "an element of hosts in section etcd3 has credentials: put them into username and password"},
    {"url: 'http://u:secret#x@h'", "url in section etcd3: the URL has a port that is no number up to 65535"},
    {"host: a, protocol: ftp", "protocol in section etcd3 is neither http nor https but \"ftp\""},
    {"url: 'a:1'", "url in section etcd3 is no URL such as http://127.0.0.1:2379"},
    {"url: ''", "url in section etcd3 is no URL such as http://127.0.0.1:2379"},
    {"url: 'http://'", "url in section etcd3 is no URL such as http://127.0.0.1:2379"},
    {"url: 'unix:///run/etcd'", "url in section etcd3 is no URL such as http://127.0.0.1:2379"},
    {"url: 'unix://etcd'", "url in section etcd3 is neither http nor https but \"unix\""},
    {"host: a, username: b, password: [1]", "password in section etcd3 is not text: put it in quotes"},
    {"host: a, protocol: https, cacert: 5", "cacert in section etcd3 is not text: put it in quotes"},
};

static void refuses_mistakes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        struct arena *arena = arena_new(NULL);
        struct endpoints endpoints = {.count = 42};
        struct err err = ERR_INIT;
        char *logged = NULL;

        assert_false(read_section(arena, mistakes[i].yaml, false, &endpoints, &logged, &err));
        assert_string_equal(err.message, mistakes[i].message);
        assert_int_equal(err.kind, ERR_FAILED);
        assert_int_equal(endpoints.count, 42);
        free(logged);
        arena_free(arena);
    }
}

/* Called as patronictl, these die with a traceback. */
static void is_more_lenient_as_pgha(void **state)
{
    static const char *const rows[][2] = {
        {"hosts: 'https://a:1, http://b/'", "https://a:1 http://b:2379"},
        {"host: ' https://a/ '", "https://a:2379"},
        {"hosts: null, host: a", "http://a:2379"},
        {"host: a, port: '4001'", "http://a:4001"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena *arena = arena_new(NULL);
        struct endpoints endpoints;
        char *logged = NULL;

        assert_false(read_section(arena, rows[i][0], true, &endpoints, &logged, NULL));
        free(logged);
        assert_true(read_section(arena, rows[i][0], false, &endpoints, &logged, NULL));
        assert_string_equal(joined(arena, &endpoints), rows[i][1]);
        free(logged);
        arena_free(arena);
    }
}

static void reads_credentials(void **state)
{
    static const struct {
        const char *yaml;
        const char *user;
        const char *password;
        const char *warning;
        bool as_patronictl;
    } rows[] = {
        {"host: a", NULL, NULL, NULL, false},
        {"host: a, username: u, password: p", "u", "p", NULL, false},
        {"host: a, username: u", NULL, NULL, "Username provided without password, both are required", false},
        {"host: a, password: p", NULL, NULL, "Password provided without username, both are required", false},
        {"host: a, username: u, password: null", NULL, NULL, "Username provided without password", false},
        {"url: 'http://a', username: u, password: p", NULL, NULL, NULL, false},
        {"url: 'http://x%40:y%2F@z%@a', username: u, password: p", "x@", "y/@z%", NULL, false},
        {"url: 'http://x%40:y%2F@z@a'", "x%40", "y%2F@z", NULL, true},
        {"url: 'http://x@a'", NULL, NULL, "Username provided without password", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena *arena = arena_new(NULL);
        struct endpoints endpoints;
        char *logged = NULL;

        assert_true(read_section(arena, rows[i].yaml, rows[i].as_patronictl, &endpoints, &logged, NULL));
        if (!rows[i].user != !endpoints.user)
            fail_msg("%s", rows[i].yaml);
        if (rows[i].user) {
            assert_string_equal(endpoints.user, rows[i].user);
            assert_string_equal(endpoints.password, rows[i].password);
        }
        if (rows[i].warning)
            assert_non_null(strstr(logged, rows[i].warning));
        else
            assert_string_equal(logged, "");
        free(logged);
        arena_free(arena);
    }
}

static void reads_tls_and_discovery(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct endpoints endpoints;
    char *logged = NULL;

    (void)state;
    assert_true(read_section(arena, "url: 'https://a', cacert: c, cert: d, key: e", false, &endpoints, &logged, NULL));
    assert_string_equal(endpoints.tls.cafile, "c");
    assert_string_equal(endpoints.tls.certfile, "d");
    assert_string_equal(endpoints.tls.keyfile, "e");
    free(logged);
    assert_true(read_section(arena, "host: a, cacert: 5, cert: d, key: e", false, &endpoints, &logged, NULL));
    assert_null(endpoints.tls.cafile);
    assert_false(endpoints.fixed);
    free(logged);
    assert_true(
        read_section(arena, "host: a, protocol: https, key: e, use_proxies: on", false, &endpoints, &logged, NULL));
    assert_null(endpoints.tls.keyfile);
    assert_true(endpoints.fixed);
    free(logged);
    assert_true(read_section(arena, "srv: a, discovery_srv: b, srv_domain: c, srv_suffix: d", false, &endpoints,
                             &logged, NULL));
    assert_string_equal(endpoints.srv, "c");
    assert_string_equal(endpoints.srv_suffix, "d");
    assert_int_equal(endpoints.count, 0);
    free(logged);
    assert_true(read_section(arena, "srv: a, proxy: 'http://p'", false, &endpoints, &logged, NULL));
    assert_null(endpoints.srv);
    free(logged);
    assert_true(read_section(arena, "srv: null, host: p", true, &endpoints, &logged, NULL));
    assert_string_equal(endpoints.srv, "None");
    free(logged);
    arena_free(arena);
}

static void learns(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct endpoints endpoints = {.count = 0};

    (void)state;
    endpoints_add(arena, &endpoints, "https://a:1");
    endpoints_learn(arena, &endpoints, "https://a:1", " https://b:1/ ");
    endpoints_learn(arena, &endpoints, "https://a:1", "https://a:1");
    endpoints_learn(arena, &endpoints, "https://a:1", "http://c:1");
    endpoints_learn(arena, &endpoints, "https://a:1", "https://");
    endpoints_learn(arena, &endpoints, "https://a:1", "");
    assert_string_equal(joined(arena, &endpoints), "https://a:1 https://b:1");
    arena_free(arena);
}

/* A store may name any number of servers, and anything for one. */
static void learns_within_bounds(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct endpoints endpoints = {.count = 0};
    char *longest = arena_printf(arena, "https://%0400d:1", 1);
    size_t taken = 0;

    (void)state;
    assert_true(endpoints_learn(arena, &endpoints, "https://a:1", longest));
    assert_int_equal(endpoints.count, 0);
    while (taken < 20000 &&
           endpoints_learn(arena, &endpoints, "https://a:1", arena_printf(arena, "https://%zu:1", taken)))
        taken++;
    assert_int_equal(taken, ENDPOINTS_MOST);
    assert_int_equal(endpoints.count, ENDPOINTS_MOST);
    assert_false(endpoints_add(arena, &endpoints, "https://a:1"));
    assert_string_equal(endpoints.bases[ENDPOINTS_MOST - 1], "https://63:1");
    arena_free(arena);
}

static void takes_so_many_from_the_configuration(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct endpoints endpoints;
    struct str hosts;
    struct err err = ERR_INIT;
    char *logged = NULL;

    (void)state;
    str_init(&hosts, arena);
    str_add(&hosts, "hosts: \"h");
    for (int i = 0; i < 1023; i++)
        str_printf(&hosts, ",h%d", i);
    assert_true(read_section(arena, arena_printf(arena, "%s\"", hosts.text), false, &endpoints, &logged, NULL));
    assert_int_equal(endpoints.count, 1024);
    free(logged);
    assert_false(
        read_section(arena, arena_printf(arena, "%s,one-more\"", hosts.text), false, &endpoints, &logged, &err));
    assert_string_equal(err.message, "section \"etcd3\" names more than 1024 servers");
    free(logged);
    arena_free(arena);
}

static void knows_when_tls_is_wanted(void **state)
{
    static const struct {
        const char *yaml;
        bool wanted;
    } rows[] = {
        {"srv: a", false},         {"srv: a, protocol: https", true},  {"srv: a, cacert: c", true},
        {"srv: a, cert: c", true}, {"url: 'https://a', srv: b", true}, {"url: 'http://a', srv: b", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena *arena = arena_new(NULL);
        struct endpoints endpoints;
        char *logged = NULL;

        assert_true(read_section(arena, rows[i].yaml, false, &endpoints, &logged, NULL));
        if (endpoints.tls_wanted != rows[i].wanted)
            fail_msg("%s", rows[i].yaml);
        free(logged);
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_places),
        cmocka_unit_test(refuses_mistakes),
        cmocka_unit_test(is_more_lenient_as_pgha),
        cmocka_unit_test(reads_credentials),
        cmocka_unit_test(reads_tls_and_discovery),
        cmocka_unit_test(learns),
        cmocka_unit_test(learns_within_bounds),
        cmocka_unit_test(takes_so_many_from_the_configuration),
        cmocka_unit_test(knows_when_tls_is_wanted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
