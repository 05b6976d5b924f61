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

        assert_true(dcs_url_read(arena, cases[i].url, &tree, NULL));
        str_init(&out, arena);
        json_write(&tree, true, &out);
        assert_string_equal(out.text, cases[i].json);
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
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(NULL);
        struct value tree = value_int(1);
        struct err err = ERR_INIT;

        assert_false(dcs_url_read(arena, cases[i].url, &tree, &err));
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
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
