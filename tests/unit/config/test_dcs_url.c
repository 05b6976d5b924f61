#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../../src/config/dcs_url.h"
#include "pgha/arena.h"
#include "pgha/json.h"

static void every_part_may_be_missing(void **state)
{
    static const struct {
        const char *url, *json;
    } cases[] = {
        {"", "{\"etcd\":{\"host\":\"localhost:2379\"}}"},
        {"h", "{\"etcd\":{\"host\":\"h:2379\"}}"},
        {"h:1", "{\"etcd\":{\"host\":\"h:1\"}}"},
        {"h:2181", "{\"zookeeper\":{\"hosts\":[\"h:2181\"]}}"},
        {"h:8500", "{\"consul\":{\"host\":\"h:8500\"}}"},
        {"h:8181", "{\"exhibitor\":{\"port\":8181,\"hosts\":[\"h\"]}}"},
        {"etcd3://", "{\"etcd3\":{\"host\":\"localhost:2379\"}}"},
        {"etcd3://:1", "{\"etcd3\":{\"host\":\"localhost:1\"}}"},
        {"ETCD3://H:0", "{\"etcd3\":{\"host\":\"h:2379\"}}"},
        {"etcd3://u:p@h:1/ns?q#f", "{\"etcd3\":{\"host\":\"h:1\"},\"namespace\":\"/ns\"}"},
        {"etcd3://h/ ", "{\"etcd3\":{\"host\":\"h:2379\"}}"},
        {"etcd3://h/a/b/", "{\"etcd3\":{\"host\":\"h:2379\"},\"namespace\":\"/a/b/\"}"},
        {"etcd3://h/a;b", "{\"etcd3\":{\"host\":\"h:2379\"},\"namespace\":\"/a;b\"}"},
        {"//h/a;b", "{\"etcd\":{\"host\":\"h:2379\"},\"namespace\":\"/a\"}"},
        {"etcd3://[::1]:1", "{\"etcd3\":{\"host\":\"::1:1\"}}"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(NULL);
        struct value tree;
        struct str out;

        assert_true(dcs_url_read(arena, cases[i].url, differences_for("patronictl"), &tree, NULL));
        str_init(&out, arena);
        json_write(&tree, true, &out);
        assert_string_equal(out.text, cases[i].json);
        arena_free(arena);
    }
}

static void pgha_takes_credentials_and_several_hosts(void **state)
{
    static const struct {
        const char *url, *json;
    } cases[] = {
        {"", "{\"etcd\":{\"host\":\"localhost:2379\"}}"},
        {"h", "{\"etcd\":{\"host\":\"h:2379\"}}"},
        {"etcd3:1", "{\"etcd\":{\"host\":\"etcd3:1\"}}"},
        {"etcd3://:1/", "{\"etcd3\":{\"host\":\"localhost:1\"}}"},
        {" ETCD3://H:0 ", "{\"etcd3\":{\"host\":\"h:2379\"}}"},
        {"etcd3://[::1]:1", "{\"etcd3\":{\"host\":\"[::1]:1\"}}"},
        {"etcd3://h1:2379, h2/ns", "{\"etcd3\":{\"hosts\":[\"h1:2379\",\"h2:2379\"]},\"namespace\":\"/ns\"}"},
        {"h1,[::1]:5", "{\"etcd\":{\"hosts\":[\"h1:2379\",\"[::1]:5\"]}}"},
        {"etcd3://u:p@h/a%2Fb%40;c",
         "{\"etcd3\":{\"host\":\"h:2379\",\"username\":\"u\",\"password\":\"p\"},\"namespace\":\"/a/b@;c\"}"},
        {"u%3a:p:%2f%23%@@h", "{\"etcd\":{\"host\":\"h:2379\",\"username\":\"u:\",\"password\":\"p:/#%@\"}}"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(NULL);
        struct value tree;
        struct str out;

        assert_true(dcs_url_read(arena, cases[i].url, differences_for("pgha"), &tree, NULL));
        str_init(&out, arena);
        json_write(&tree, true, &out);
        assert_string_equal(out.text, cases[i].json);
        arena_free(arena);
    }
}

#define REFUSED(url, what) "the DCS URL \"" url "\" (-d or DCS_URL) has " what

static void pgha_refuses_what_makes_no_sense(void **state)
{
    static const struct {
        const char *url, *message;
    } cases[] = {
        {"mongo://h", REFUSED("mongo://h", "the scheme \"mongo\", and only etcd3 and etcd are known")},
        {"consul://h", REFUSED("consul://h", "the scheme \"consul\", and only etcd3 and etcd are known")},
        {"zookeeper://u:secret@h", REFUSED("zookeeper://u:***@h", "the scheme \"zookeeper\"")},
        {"h:8500", REFUSED("h:8500", "the port of consul")},
        {"etcd3:http://h:1", REFUSED("etcd3:http://h:1", "a \"//\" behind the host")},
        {"etcd3://http://h:1", REFUSED("etcd3://http://h:1", "a \"//\" behind the host")},
        {"etcd3:/h:1", REFUSED("etcd3:/h:1", "a host that is not valid")},
        {"etcd3:h", REFUSED("etcd3:***", "a port that is no number")},
        {"etcd3://u:secret%40h", REFUSED("etcd3://u:***", "a port that is no number")},
        {"etcd3://h:1?password=secret", REFUSED("etcd3://h:1?password=***", "a \"?\"")},
        {"etcd3://h1,,h2", REFUSED("etcd3://h1,,h2", "an empty host")},
        {"etcd3://h1,", REFUSED("etcd3://h1,", "an empty host")},
        {"etcd3://${HOST}:1", REFUSED("etcd3://${HOST}:1", "a host that is not valid")},
        {"etcd3://h?x", REFUSED("etcd3://h?x", "a \"?\"")},
        {"etcd3://u:secret#x@h", REFUSED("etcd3://u:***@h", "a \"/\", \"?\" or \"#\"")},
        {"u:1/secret@h", REFUSED("u:***@h", "a \"/\", \"?\" or \"#\"")},
        {"etcd3://u:secret@h:x", REFUSED("etcd3://u:***@h:x", "a port")},
        {"etcd3://u:secret@[::1", REFUSED("etcd3://u:***@[::1", "a host")},
        {"etcd3://u@h", REFUSED("etcd3://u@h", "a user without password")},
        {"etcd3://u:secret%ff@h", REFUSED("etcd3://u:***@h", "credentials that are not UTF-8")},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(NULL);
        struct value tree = value_int(1);
        struct err err = ERR_INIT;

        assert_false(dcs_url_read(arena, cases[i].url, differences_for("pgha"), &tree, &err));
        if (strncmp(err.message, cases[i].message, strlen(cases[i].message)) != 0)
            fail_msg("%s", err.message);
        assert_null(strstr(err.message, "secret"));
        assert_int_equal(tree.integer, 1);
        arena_free(arena);
    }
}

static void refuses_without_showing_secrets(void **state)
{
    static const struct {
        const char *url, *message;
    } cases[] = {
        {"mongo://h", "Unknown dcs scheme: mongo"},
        {"etcd3://u:secret@h:99999", "the URL of the DCS: "},
        {"etcd3://u:secret@h:x", "the URL of the DCS: "},
        {"etcd3://u:secret@[::1", "the URL of the DCS: "},
        {"etcd3://u:secret@a'b", "the URL of the DCS: the host is not valid"},
        {"etcd3://u:secret#x@h", "the URL of the DCS: "},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(NULL);
        struct value tree = value_int(1);
        struct err err = ERR_INIT;

        assert_false(dcs_url_read(arena, cases[i].url, differences_for("patronictl"), &tree, &err));
        assert_int_equal(strncmp(err.message, cases[i].message, strlen(cases[i].message)), 0);
        assert_null(strstr(err.message, "secret"));
        assert_int_equal(tree.integer, 1);
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_part_may_be_missing),
        cmocka_unit_test(refuses_without_showing_secrets),
        cmocka_unit_test(pgha_takes_credentials_and_several_hosts),
        cmocka_unit_test(pgha_refuses_what_makes_no_sense),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
