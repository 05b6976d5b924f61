#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../../src/config/env.h"
#include "pgha/arena.h"
#include "pgha/json.h"
#include "pgha/log.h"

static const struct log silent = {NULL, LOG_LEVEL_ERROR};

#define MAX_VARIABLES 4

static void variables_become_sections(void **state)
{
    static const struct {
        const char *const environment[MAX_VARIABLES + 1];
        const char *json;
    } cases[] = {
        {{"PATH=/bin", NULL}, "{}"},
        {{"PATRONI_SCOPE=s", "PATRONI_NAMESPACE=5", "PATRONI_NAME=n", NULL},
         "{\"name\":\"n\",\"namespace\":\"5\",\"scope\":\"s\"}"},
        {{"PATRONI_SCOPE=", NULL}, "{}"},
        {{"PATRONI_CTL_INSECURE=on", "PATRONI_CTL_CACERT=/ca", NULL},
         "{\"ctl\":{\"insecure\":true,\"cacert\":\"/ca\"}}"},
        {{"PATRONI_CTL_INSECURE=Off", NULL}, "{\"ctl\":{\"insecure\":false}}"},
        {{"PATRONI_CTL_INSECURE=maybe", NULL}, "{}"},
        {{"PATRONI_RESTAPI_USERNAME=u", "PATRONI_RESTAPI_PASSWORD=0123", NULL},
         "{\"restapi\":{\"authentication\":{\"username\":\"u\",\"password\":\"0123\"}}}"},
        {{"PATRONI_ETCD3_HOST=h", "PATRONI_ETCD3_PORT=2379", NULL}, "{\"etcd3\":{\"host\":\"h\",\"port\":2379}}"},
        {{"PATRONI_ETCD_PORT= 0x10 ", NULL}, "{\"etcd\":{\"port\":16}}"},
        {{"PATRONI_ETCD_PORT=010", NULL}, "{\"etcd\":{\"port\":8}}"},
        {{"PATRONI_ETCD_PORT=2379.5", NULL}, "{\"etcd\":{\"port\":2380}}"},
        {{"PATRONI_ETCD_PORT=80kB", NULL}, "{}"},
        {{"PATRONI_ETCD_PORT=", NULL}, "{\"etcd\":{\"port\":\"\"}}"},
        {{"PATRONI_ETCD_HOST=", NULL}, "{\"etcd\":{\"host\":\"\"}}"},
        {{"PATRONI_ETCD3_HOSTS=a:1,b:2", NULL}, "{\"etcd3\":{\"hosts\":[\"a:1\",\"b:2\"]}}"},
        {{"PATRONI_ETCD3_HOSTS=- a:1\n- b:2", NULL}, "{\"etcd3\":{\"hosts\":[\"a:1\",\"b:2\"]}}"},
        {{"PATRONI_ETCD3_HOSTS=['a:1']", NULL}, "{\"etcd3\":{\"hosts\":[\"a:1\"]}}"},
        {{"PATRONI_ETCD3_HOSTS=a: b: c", NULL}, "{}"},
        {{"PATRONI_ETCD3_USE_PROXIES=1", NULL}, "{\"etcd3\":{\"use_proxies\":true}}"},
        {{"PATRONI_KUBERNETES_LABELS=a: b", NULL}, "{\"kubernetes\":{\"labels\":{\"a\":\"b\"}}}"},
        {{"PATRONI_CITUS_GROUP=3", "PATRONI_CITUS_DATABASE=d", "PATRONI_CITUS_HOST=x", NULL},
         "{\"citus\":{\"group\":3,\"database\":\"d\"}}"},
        {{"PATRONI_CITUS_GROUP=x", NULL}, "{}"},
        {{"PATRONI__HOST=x", "PATRONI_HOST=x", "patroni_etcd_host=x", "PATRONI_ETCD_host=x", NULL}, "{}"},
        /* Credentials of a store count only where there is a store. */
        {{"PATRONI_ETCD3_USERNAME=u", "PATRONI_ETCD3_PASSWORD=p", NULL}, "{}"},
        {{"PATRONI_ETCD3_USERNAME=u", "PATRONI_ETCD3_URL=x", NULL}, "{\"etcd3\":{\"url\":\"x\",\"username\":\"u\"}}"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(NULL);
        struct err err = ERR_INIT;
        struct value tree;
        struct str out;

        assert_true(env_read(arena, cases[i].environment, &silent, &tree, &err));
        str_init(&out, arena);
        json_write(&tree, true, &out);
        assert_string_equal(out.text, cases[i].json);
        arena_free(arena);
    }
}

static void contradictions_fail(void **state)
{
    const char *const environment[] = {"PATRONI_SCOPE=s", "PATRONI_SCOPE_URL=x", NULL};
    struct arena *arena = arena_new(NULL);
    struct value tree = value_int(1);
    struct err err = ERR_INIT;

    (void)state;
    assert_false(env_read(arena, environment, &silent, &tree, &err));
    assert_non_null(strstr(err.message, "\"scope\" is set as text and as a section with \"url\""));
    assert_int_equal(tree.integer, 1);
    arena_free(arena);
}

static void finds_variables(void **state)
{
    const char *const environment[] = {"AB=1", "A=2", "B=", NULL};

    (void)state;
    assert_string_equal(env_find(environment, "A"), "2");
    assert_string_equal(env_find(environment, "B"), "");
    assert_null(env_find(environment, "C"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(variables_become_sections),
        cmocka_unit_test(contradictions_fail),
        cmocka_unit_test(finds_variables),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
