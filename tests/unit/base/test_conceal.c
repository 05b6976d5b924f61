#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>

#include <cmocka.h>

#include "pgha/arena.h"
#include "pgha/conceal.h"

static void masks_what_ps_shows(void **state)
{
    static const struct {
        const char *given;
        const char *shown;
    } cases[] = {
        {"list", "list"},
        {"etcd3://10.0.0.1:2379/service", "etcd3://10.0.0.1:2379/service"},
        {"etcd3://admin@10.0.0.1:2379", "etcd3://admin@10.0.0.1:2379"},
        {"bob:pw@host", "bob:**@host"},
        {"//bob:pw@host:1/x", "//bob:**@host:1/x"},
        {"-dbob:pw@host", "-dbob:**@host"},
        {"-detcd3://bob:pw@host", "-detcd3://bob:**@host"},
        {"--dcs-url=bob:pw@host", "--dcs-url=bob:**@host"},
        {"etcd3://bob:p/w?x#y:z@host", "etcd3://bob:*********@host"},
        {"etcd3://bob:a@b@h1,h2:1", "etcd3://bob:***@h1,h2:1"},
        {"bob:p://w@host", "bob:*****@host"},
        {"etcd3:bob:pw@host", "etcd3:******@host"},
        {"h1:2379,h2:2379", "h1:2379,h2:2379"},
        {"--password", "--password"},
        {"postgresql.authentication.replication.password=x y", "postgresql.authentication.replication.password=***"},
        {"primary_conninfo=host=a PASSWORD=b", "primary_conninfo=host=a PASSWORD=*"},
        {"alter role x password 'y'", "alter role x password ***"},
        {"/etc/secret/patroni.yml", "/etc/secret/patroni.yml"},
        {"etcd3://admin:secret@10.0.0.1:2379", "etcd3://admin:******@10.0.0.1:2379"},
        {"--dcs-url=etcd3://a:b@c:d@host/x:y@z", "--dcs-url=etcd3://a:**************@z"},
        {"a://b:c@d e://f:g@h", "a://b:***********@h"},
        {"http://a:@b", "http://a:@b"},
        {"://", "://"},
        {"", ""},
    };
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *words[] = {arena_strdup(arena, cases[i].given)};
        const char *const *copies = conceal_words(arena, 1, words);

        assert_string_equal(copies[0], cases[i].given);
        assert_null(copies[1]);
        assert_string_equal(words[0], cases[i].shown);
    }
    arena_free(arena);
}

static void masks_what_is_shown(void **state)
{
    struct arena *arena = arena_new(NULL);

    (void)state;
    assert_string_equal(conceal_address(arena, "etcd3://bob:p/w@h"), "etcd3://bob:***@h");
    assert_string_equal(conceal_address(arena, "etcd3://bob@h:1"), "etcd3://bob@h:1");
    assert_string_equal(conceal_address(arena, "etcd3://h1:1,[::1]:2/x"), "etcd3://h1:1,[::1]:2/x");
    assert_string_equal(conceal_address(arena, "etcd3:http://h:1"), "etcd3:http://h:1");
    assert_string_equal(conceal_address(arena, "etcd3://bob:12pw%40h:1"), "etcd3://bob:***");
    assert_string_equal(conceal_address(arena, "bob:pw"), "bob:***");
    assert_string_equal(conceal_address(arena, "//bob:pw"), "//bob:***");
    assert_string_equal(conceal_address(arena, "etcd3://h:1?user=bob&password=x"), "etcd3://h:1?user=bob&password=***");
    assert_string_equal(conceal_address(arena, "etcd3://secret:1"), "etcd3://secret:1");
    assert_string_equal(conceal_message(arena, "No such command 'x://bob:p\\\\w@h'; bob:p\\w@h.", "x://bob:p\\w@h"),
                        "No such command 'x://bob:***@h'; bob:***@h.");
    assert_string_equal(conceal_message(arena, "a port", "bob:p@h"), "a port");
    assert_string_equal(conceal_message(arena, "port \"pw\", \"x\", \"\"", "postgres://bob:pw/x#@h"),
                        "port \"***\", \"***\", \"\"");
    assert_string_equal(conceal_message(arena, "port \"a\"b\"c\", \"d\"", "x:a\"b\"c/d@h"),
                        "port \"***\"***\"***\", \"***\"");
    assert_string_equal(conceal_message(arena, "a:p@b", "-x"), "a:p@b");
    arena_free(arena);
}

static void masks_what_comes_back(void **state)
{
    static const struct {
        const char *text;
        const char *secret;
        const char *shown;
    } cases[] = {
        {"bad pw1, pw1", "pw1", "bad ***, ***"},
        {"nothing", "pw1", "nothing"},
        {"pw", "pw1", "pw"},
        {"{\"e\": \"a\\\\\\\"b c\"}", "a\"b", "{\"e\": \"****** c\"}"},
        {"x\\\\y x\\y", "x\\y", "**** ***"},
        {"aaa", "aa", "**a"},
        {"text", "", "text"},
    };
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = arena_strdup(arena, cases[i].text);
        conceal_echo(text, strlen(text), cases[i].secret);
        assert_string_equal(text, cases[i].shown);
    }
    arena_free(arena);
}

static void leaves_no_core(void **state)
{
    (void)state;
    conceal_memory();
#ifndef __SANITIZE_ADDRESS__
    assert_int_equal(prctl(PR_GET_DUMPABLE), 0);
    prctl(PR_SET_DUMPABLE, 1); /* other tools look at tests */
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(masks_what_ps_shows), cmocka_unit_test(masks_what_is_shown),
                                       cmocka_unit_test(masks_what_comes_back), cmocka_unit_test(leaves_no_core)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
