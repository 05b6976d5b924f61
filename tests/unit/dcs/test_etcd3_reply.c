#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../src/dcs/etcd3_reply.h"
#include "pgha/arena.h"
#include "pgha/base64.h"
#include "pgha/str.h"

static bool parse(struct arena *arena, const char *text, const char *prefix, struct dcs_tree *tree, struct err *err)
{
    return etcd3_parse_range(arena, arena_strdup(arena, text), strlen(text), prefix, tree, err);
}

/* One element of "kvs". */
static const char *kv(struct arena *arena, const char *key, const char *value, int revision)
{
    return arena_printf(arena, "{\"key\":\"%s\",\"create_revision\":\"1\",\"mod_revision\":\"%d\",\"value\":\"%s\"}",
                        base64_encode(arena, key, strlen(key)), revision, base64_encode(arena, value, strlen(value)));
}

static void reads_nodes(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct dcs_tree tree;
    const char *text = arena_printf(
        arena,
        "{\"header\":{\"cluster_id\":\"1\",\"revision\":\"9\"},\"kvs\":[%s,%s,\n "
        "{\"key\":\"L3MvYi9sZWFkZXI=\",\"mod_revision\":\"7\",\"lease\":\"5\"}, %s],\"more\":false,\"count\":\"4\"}",
        kv(arena, "/s/b/config", "{\"ttl\":30}", 9223372), kv(arena, "/s/b/members/p\xc3\xbc", "\xe2\x82\xac", 3),
        kv(arena, "/s/other", "x", 4));

    (void)state;
    assert_true(parse(arena, text, "/s/b/", &tree, NULL));
    assert_int_equal(tree.count, 3);
    assert_string_equal(tree.nodes[0].key, "config");
    assert_string_equal(tree.nodes[0].value, "{\"ttl\":30}");
    assert_int_equal(tree.nodes[0].length, 10);
    assert_int_equal(tree.nodes[0].revision, 9223372);
    assert_false(tree.nodes[0].leased);
    assert_string_equal(tree.nodes[1].key, "members/p\xc3\xbc");
    assert_string_equal(tree.nodes[1].value, "\xe2\x82\xac");
    assert_string_equal(tree.nodes[2].key, "leader");
    assert_string_equal(tree.nodes[2].value, "");
    assert_true(tree.nodes[2].leased);
    arena_free(arena);
}

static void reads_empty_trees(void **state)
{
    static const char *const texts[] = {
        "{\"header\":{\"revision\":\"9\"}}",
        "{\"kvs\":[],\"header\":{\"revision\":\"9\"}}",
        " { \"header\" : { \"revision\" : \"9\", \"kvs\" : [1] } , \"kvs\" : [ ] , \"count\" : \"0\" } \n",
    };
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct dcs_tree tree = {.count = 42};

        assert_true(parse(arena, texts[i], "/", &tree, NULL));
        assert_int_equal(tree.count, 0);
        assert_int_equal(tree.revision, 9);
    }
    arena_free(arena);
}

static void refuses_what_is_no_reply(void **state)
{
    static const char *const texts[] = {
        "",
        "null",
        "[]",
        "{",
        /* Without a header it is none of etcd's, so not an empty cluster. */
        "{}",
        "{\"header\":{}}",
        "{\"header\":{\"revision\":\"0\"}}",
        "{\"header\":{\"revision\":9}}",
        "{\"header\":[],\"kvs\":[],\"count\":\"0\"}",
        "{\"kvs\":",
        "{\"kvs\":[",
        "{\"kvs\":[{}",
        "{\"kvs\":[{}]}",
        "{\"kvs\":null}",
        "{\"kvs\":{}}",
        "{\"kvs\":[1]}",
        "{\"kvs\":[\"a\"]}",
        "{\"kvs\":[],}",
        "{\"kvs\" []}",
        "{kvs:[]}",
        "<html>502 Bad Gateway</html>",
        "{\"kvs\":[{\"key\":\"YQ==\",\"mod_revision\":\"x\"}]}",
        "{\"kvs\":[{\"key\":\"YQ==\",\"mod_revision\":5}]}",
        "{\"kvs\":[{\"key\":\"YQ==\",\"mod_revision\":\"-5\"}]}",
        "{\"kvs\":[{\"key\":\"YQ==\",\"mod_revision\":\"99999999999999999999\"}]}",
        "{\"kvs\":[{\"key\":\"Y\",\"mod_revision\":\"5\"}]}",
        "{\"kvs\":[{\"key\":\"YQ==\",\"mod_revision\":\"5\",\"value\":\"Y.==\"}]}",
        "{\"kvs\":[{\"key\":\"YQ==\",\"mod_revision\":\"5\",\"value\":7}]}",
        "{\"kvs\":[{\"key\":\"YQ==\",\"mod_revision\":\"5\"} {\"key\":\"YQ==\",\"mod_revision\":\"5\"}]}",
        "{\"header\":\"\xff\"}",
    };
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct dcs_tree tree = {.count = 42};
        struct err err = ERR_INIT;

        if (parse(arena, texts[i], "", &tree, &err))
            fail_msg("%s", texts[i]);
        assert_int_equal(err.kind, ERR_FAILED);
        assert_int_equal(tree.count, 42);
    }
    arena_free(arena);
}

/* Cut at any byte, or with more behind it, a reply is refused, and nothing is read behind its end. */
static void refuses_truncated_replies(void **state)
{
    struct arena *arena = arena_new(NULL);
    const char *text = arena_printf(arena, "{\"header\":{\"revision\":\"9\"},\"kvs\":[%s,%s],\"count\":\"2\"}",
                                    kv(arena, "/a", "some value", 5), kv(arena, "/b", "", 6));

    static const char twice[] = "{\"header\":{\"revision\":\"9\"}}{\"header\":{\"revision\":\"9\"}}";
    struct dcs_tree none;

    (void)state;
    assert_false(etcd3_parse_range(arena, arena_strdup(arena, twice), strlen(twice), "/", &none, NULL));
    for (size_t length = 0; length <= strlen(text); length++) {
        char *copy = malloc(length + 1);
        struct dcs_tree tree;

        memcpy(copy, text, length);
        assert_int_equal(etcd3_parse_range(arena, copy, length, "/", &tree, NULL), length == strlen(text));
        free(copy);
    }
    arena_free(arena);
}

static void nesting_is_bounded(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct dcs_tree tree;
    struct str text;

    (void)state;
    str_init(&text, arena);
    str_add(&text, "{\"header\":");
    str_add_repeat(&text, '[', 1000000);
    assert_false(parse(arena, text.text, "/", &tree, NULL));
    arena_free(arena);
}

/* The bytes that 10,000 members of the usual size cost in the arena, besides the body itself. */
static void large_clusters_cost_little(void **state)
{
    enum { MEMBERS = 10000 };
    struct arena *arena = arena_new(NULL), *own = arena_new(NULL);
    struct dcs_tree tree;
    struct str text;
    char value[600];

    (void)state;
    memset(value, 'v', sizeof value);
    value[sizeof value - 1] = '\0';
    str_init(&text, arena);
    str_add(&text, "{\"header\":{\"revision\":\"9\"},\"kvs\":[");
    for (int i = 0; i < MEMBERS; i++)
        str_printf(&text, "%s%s", i ? "," : "", kv(arena, arena_printf(arena, "/members/m%05d", i), value, i));
    str_add(&text, "]}");
    assert_true(etcd3_parse_range(own, text.text, text.length, "/", &tree, NULL));
    assert_int_equal(tree.count, MEMBERS);
    assert_string_equal(tree.nodes[MEMBERS - 1].key, "members/m09999");
    assert_string_equal(tree.nodes[MEMBERS - 1].value, value);
    assert_in_range(arena_used(own) / MEMBERS, 1, 200);
    arena_free(own);
    arena_free(arena);
}

static void reads_errors(void **state)
{
    static const struct {
        const char *body;
        int code;
        const char *message;
    } rows[] = {
        {"{\"error\":\"etcdserver: permission denied\",\"code\":7,\"message\":\"etcdserver: permission denied\"}", 7,
         "permission denied"},
        {"{\"error\":{\"grpc_code\":14,\"http_code\":503,\"message\":\"etcdserver: no leader\"}}", 14, "no leader"},
        {"{\"code\":16,\"message\":\"etcdserver: invalid auth token\"}", 16, "invalid auth token"},
        {"{\"Error\":\"etcdserver: user name is empty\",\"Code\":3}", 3, "user name is empty"},
        {"{}", 0, "HTTP status 500"},
        {"", 0, "HTTP status 500"},
        {"{\"error\":5,\"code\":\"x\"}", 0, "HTTP status 500"},
        {"Client sent an HTTP request to an HTTPS server.\nmore", 0,
         "HTTP status 500: Client sent an HTTP request to an HTTPS server."},
        {"{\"error\":\"a\\u001b[31m\\nb\"}", 0, "a [31m b"},
    };
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct etcd3_error error = etcd3_parse_error(arena, rows[i].body, strlen(rows[i].body), 500);

        assert_int_equal(error.code, rows[i].code);
        assert_string_equal(error.message, rows[i].message);
    }
    arena_free(arena);
}

#define HEAD "{\"header\":{\"cluster_id\":\"1\",\"member_id\":\"2\",\"revision\":\"9\",\"raft_term\":\"2\"}"
#define ONE(response) HEAD ",\"succeeded\":true,\"responses\":[{\"" response "\":{\"header\":{\"revision\":\"9\"}}}]}"

static void takes_only_the_answer_of_a_write(void **state)
{
    static const struct {
        enum etcd3_write call;
        int64_t seen;
        const char *body;
        enum etcd3_outcome outcome;
    } rows[] = {
        {ETCD3_PUT, 8, HEAD "}", ETCD3_WRITTEN},
        {ETCD3_PUT, 8, HEAD ",\"prev_kv\":{}}", ETCD3_WRITTEN},
        {ETCD3_PUT_IF, 8, ONE("response_put"), ETCD3_WRITTEN},
        {ETCD3_PUT_IF, 9, HEAD "}", ETCD3_COMPARE_FAILED},
        {ETCD3_PUT_IF, 9, HEAD ",\"succeeded\":false,\"responses\":[]}", ETCD3_COMPARE_FAILED},
        {ETCD3_DELETE_IF, 8, ONE("response_delete_range"), ETCD3_WRITTEN},
        {ETCD3_DELETE_IF, 8, HEAD "}", ETCD3_COMPARE_FAILED},
        {ETCD3_DELETE, 9, HEAD "}", ETCD3_WRITTEN},
        {ETCD3_DELETE, 8, HEAD ",\"deleted\":\"7\"}", ETCD3_WRITTEN},
        /* Another call's. */
        {ETCD3_PUT, 8, HEAD ",\"kvs\":[],\"count\":\"0\"}", ETCD3_NO_ANSWER},
        {ETCD3_PUT, 8, ONE("response_put"), ETCD3_NO_ANSWER},
        {ETCD3_PUT, 8, HEAD ",\"deleted\":\"1\"}", ETCD3_NO_ANSWER},
        {ETCD3_DELETE, 8, HEAD ",\"kvs\":[]}", ETCD3_NO_ANSWER},
        {ETCD3_PUT_IF, 8, ONE("response_delete_range"), ETCD3_NO_ANSWER},
        {ETCD3_DELETE_IF, 8, ONE("response_put"), ETCD3_NO_ANSWER},
        {ETCD3_PUT_IF, 8, HEAD ",\"token\":\"x\"}", ETCD3_NO_ANSWER},
        /* An old one, from a cache or a backup. */
        {ETCD3_PUT, 9, HEAD "}", ETCD3_NO_ANSWER},
        {ETCD3_PUT_IF, 9, ONE("response_put"), ETCD3_NO_ANSWER},
        {ETCD3_PUT_IF, 10, HEAD "}", ETCD3_NO_ANSWER},
        {ETCD3_DELETE, 10, HEAD "}", ETCD3_NO_ANSWER},
        /* Values of other types, and half of what is due. */
        {ETCD3_DELETE, 8, HEAD ",\"deleted\":7}", ETCD3_NO_ANSWER},
        {ETCD3_PUT_IF, 8, HEAD ",\"succeeded\":\"true\"}", ETCD3_NO_ANSWER},
        {ETCD3_PUT_IF, 8, HEAD ",\"succeeded\":true}", ETCD3_NO_ANSWER},
        {ETCD3_PUT_IF, 8, HEAD ",\"succeeded\":true,\"responses\":[]}", ETCD3_NO_ANSWER},
        {ETCD3_PUT_IF, 8, HEAD ",\"responses\":[{}]}", ETCD3_NO_ANSWER},
        {ETCD3_PUT_IF, 8, HEAD ",\"succeeded\":null}", ETCD3_NO_ANSWER},
        {ETCD3_PUT_IF, 8, "{\"succeeded\":true,\"responses\":[{\"response_put\":{}}]}", ETCD3_NO_ANSWER},
        {ETCD3_PUT_IF, 8, "{\"succeeded\":\"true\"}", ETCD3_NO_ANSWER},
    };
    static const char *const nobodys[] = {"",
                                          "null",
                                          "[]",
                                          "{}",
                                          "true",
                                          "\"\"",
                                          "{\"header\":{}}",
                                          "{\"header\":{\"revision\":9}}",
                                          HEAD,
                                          HEAD "}}",
                                          "{\"header\":{\"revision\":\"x\"}}",
                                          "<html><body>Please log in</body></html>",
                                          HEAD ",\"header\":{}}"};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (etcd3_parse_write(rows[i].call, rows[i].body, strlen(rows[i].body), rows[i].seen) != rows[i].outcome)
            fail_msg("row %zu: %s", i, rows[i].body);
    for (size_t i = 0; i < sizeof nobodys / sizeof *nobodys; i++)
        for (enum etcd3_write call = ETCD3_PUT; call <= ETCD3_DELETE_IF; call++)
            if (etcd3_parse_write(call, nobodys[i], strlen(nobodys[i]), 0) != ETCD3_NO_ANSWER)
                fail_msg("call %d: %s", (int)call, nobodys[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_only_the_answer_of_a_write),
        cmocka_unit_test(reads_nodes),
        cmocka_unit_test(reads_empty_trees),
        cmocka_unit_test(refuses_what_is_no_reply),
        cmocka_unit_test(refuses_truncated_replies),
        cmocka_unit_test(nesting_is_bounded),
        cmocka_unit_test(large_clusters_cost_little),
        cmocka_unit_test(reads_errors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
