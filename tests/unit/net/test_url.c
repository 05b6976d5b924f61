#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pgha/arena.h"
#include "pgha/url.h"

static void takes_urls_apart(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct err err = ERR_INIT;
    struct url url;
    int port;

    (void)state;
    assert_true(url_parse(arena, " \nPostgres://me:s:e@HOST.Example:5433/db?a=1&b=2#end", &url, &err));
    assert_string_equal(url.scheme, "postgres");
    assert_string_equal(url.authority, "me:s:e@HOST.Example:5433");
    assert_string_equal(url.username, "me");
    assert_string_equal(url.password, "s:e");
    assert_string_equal(url.host, "host.example");
    assert_true(url_port(&url, arena, &port, &err));
    assert_int_equal(port, 5433);
    assert_string_equal(url.path, "/db");
    assert_string_equal(url.query, "a=1&b=2");
    assert_string_equal(url.fragment, "end");

    assert_true(url_parse(arena, "http://[FE80::1%Eth0]:80", &url, &err));
    assert_string_equal(url.host, "fe80::1%Eth0");
    assert_string_equal(url.port, "80");
    assert_string_equal(url.path, "");
    assert_null(url.username);

    assert_true(url_parse(arena, "host:5432/x", &url, &err));
    assert_string_equal(url.scheme, "host");
    assert_null(url.host);
    assert_string_equal(url.path, "5432/x");
    assert_true(url_parse(arena, "http://:80/", &url, &err));
    assert_null(url.host);
    assert_true(url_parse(arena, "//a:/", &url, &err));
    assert_null(url.port);
    arena_free(arena);
}

static void refuses_what_python_refuses(void **state)
{
    static const char *const bad[] = {"http://[::1/",     "http://::1]/",      "http://x[::1]/",
                                      "http://[::1]x/",   "http://[1.2.3.4]/", "http://[fe80::1%]/",
                                      "http://[zz::1]/x", "http://a\u2100b/",  "http://u[s]r@host/"};
    static const char *const ports[] = {"http://a:x/", "http://a:65536/", "http://a:-1/", "http://a:+1/",
                                        "http://a:1 /"};
    struct arena *arena = arena_new(NULL);
    struct err err = ERR_INIT;
    struct url url;
    int port;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(url_parse(arena, bad[i], &url, &err));
    for (size_t i = 0; i < sizeof ports / sizeof *ports; i++) {
        assert_true(url_parse(arena, ports[i], &url, &err));
        assert_false(url_port(&url, arena, &port, &err));
    }
    assert_true(url_parse(arena,
                          "http://b\xc3\xbc"
                          "cher:1/",
                          &url, &err));
    arena_free(arena);
}

static void decodes(void **state)
{
    struct arena *arena = arena_new(NULL);

    (void)state;
    assert_string_equal(url_decode(arena, "a%2Fb%2fc%40%25"), "a/b/c@%");
    assert_string_equal(url_decode(arena, "%%4%zz%00%"), "%%4%zz%00%");
    assert_string_equal(url_decode(arena, "%c3%BC"), "\xc3\xbc");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(takes_urls_apart),
                                       cmocka_unit_test(refuses_what_python_refuses), cmocka_unit_test(decodes)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
