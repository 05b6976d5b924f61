#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../../src/config/effective.h"
#include "pgha/arena.h"
#include "pgha/json.h"
#include "pgha/yaml.h"

static struct value yaml(struct arena *arena, const char *text)
{
    struct err err = ERR_INIT;
    struct value value;

    if (!yaml_read(arena, text, strlen(text), "doc", NULL, &value, &err))
        fail_msg("%s", err.message);
    return value;
}

static void makes_the_tree(void **state)
{
    static const struct {
        const char *yaml, *json;
    } cases[] = {
        {"{}", "{\"ctl\":{}}"},
        {"{scope: '', etcd: , namespace: 0}", "{\"scope\":{},\"etcd\":{},\"namespace\":{},\"ctl\":{}}"},
        {"{ttl: 5, loop_wait: 5, retry_timeout: 5, standby_cluster: {host: x}}", "{\"ctl\":{}}"},
        {"{ctl: {authentication: {username: u, password: p}}}",
         "{\"ctl\":{\"authentication\":{\"username\":\"u\",\"password\":\"p\"},\"auth\":\"u:p\"}}"},
        {"{restapi: {authentication: {username: 0123, password: yes, x: 1}, auth: old}}",
         "{\"restapi\":{\"authentication\":{\"username\":83,\"password\":true,\"x\":1},\"auth\":\"83:True\"},\"ctl\":{}"
         "}"},
        {"{restapi: {auth: 'a:b'}}", "{\"restapi\":{\"auth\":\"a:b\"},\"ctl\":{}}"},
        {"{restapi: text}", "{\"restapi\":\"text\",\"ctl\":{}}"},
        {"{citus: {group: 0, database: d}}", "{\"citus\":{\"group\":0,\"database\":\"d\"},\"ctl\":{}}"},
        {"{citus: {group: '0', database: d}}", "{\"ctl\":{}}"},
        {"{citus: {group: 0}}", "{\"ctl\":{}}"},
        {"{zookeeper: {exhibitor: {hosts: [a]}}}", "{\"ctl\":{},\"exhibitor\":{\"hosts\":[\"a\"]}}"},
        {"{postgresql: {authentication: {superuser: {}}, parameters: {a: 1}}}",
         "{\"postgresql\":{\"authentication\":{\"superuser\":{}},\"parameters\":{\"a\":1}},\"ctl\":{}}"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(NULL);
        struct value local = yaml(arena, cases[i].yaml), tree;
        struct str out;

        assert_true(effective_tree(arena, &local, &tree, NULL));
        str_init(&out, arena);
        json_write(&tree, true, &out);
        assert_string_equal(out.text, cases[i].json);
        arena_free(arena);
    }
}

static void refuses_what_patroni_stumbles_over(void **state)
{
    static const struct {
        const char *yaml, *message;
    } cases[] = {
        {"[a]", "\"the whole document\" has to be a mapping and is a list"},
        {"{ctl: text}", "\"ctl\" has to be a mapping and is text"},
        {"{restapi: 5}", "\"restapi\" has to be a mapping and is a number"},
        {"{restapi: authentication}", "\"restapi\" has to be a mapping"},
        {"{restapi: [authentication]}", "\"restapi\" has to be a mapping"},
        {"{ctl: {authentication: {username: secret}}}", "\"ctl.authentication\" has no \"password\""},
        {"{ctl: {authentication: {password: secret}}}", "\"ctl.authentication\" has no \"username\""},
        {"{ctl: {authentication: }}", "\"ctl.authentication\" has to be a mapping and is nothing"},
        {"{postgresql: [a]}", "\"postgresql\" has to be a mapping"},
        {"{postgresql: {parameters: 5}}", "\"postgresql.parameters\" has to be a mapping"},
        {"{postgresql: {authentication: }}", "\"postgresql.authentication\" has to be a mapping"},
        {"{postgresql: {authentication: {superuser: secret}}}", "\"postgresql.authentication.*\" has to be a mapping"},
        {"{postgresql: {replication: secret}}", "\"postgresql.replication\" has to be a mapping"},
        {"{zookeeper: 5}", "\"zookeeper\" has to be a mapping"},
        {"{citus: {group: 0, database: d}, bootstrap: {dcs: }}", "\"bootstrap.dcs\" has to be a mapping"},
        {"{citus: {group: 0, database: d}, bootstrap: x}", "\"bootstrap\" has to be a mapping"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(NULL);
        struct value local = yaml(arena, cases[i].yaml), tree = value_int(1);
        struct err err = ERR_INIT;

        assert_false(effective_tree(arena, &local, &tree, &err));
        assert_non_null(strstr(err.message, cases[i].message));
        assert_null(strstr(err.message, "secret"));
        assert_int_equal(tree.integer, 1);
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(makes_the_tree),
        cmocka_unit_test(refuses_what_patroni_stumbles_over),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
