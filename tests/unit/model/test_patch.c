#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "pgha/arena.h"
#include "pgha/json.h"
#include "pgha/patch.h"
#include "pgha/str.h"

/* Expected values are those of patronictl's edit-config with the same settings (recorded cases edit-set-*, edit-pg-*).
 */
static void check(const char *before, const char *setting, const char *expected)
{
    struct arena *arena = arena_new(NULL);
    struct err err = ERR_INIT;
    struct value config;
    struct str after;

    str_init(&after, arena);
    assert_true(json_read(arena, before, strlen(before), &config, &err));
    assert_true(patch_set(arena, &config, setting, &err));
    json_write(&config, true, &after);
    assert_string_equal(after.text, expected);
    arena_free(arena);
}

static void values(void **state)
{
    (void)state;
    check("{}", "a=1", "{\"a\":1}");
    check("{\"a\":1}", "a=", "{}");
    check("{\"a\":1,\"b\":2}", "a=null", "{\"b\":2}");
    check("{}", "a=b=c", "{\"a\":\"b=c\"}");
    check("{}", " a = [1, {x: y}]", "{\"a\":[1,{\"x\":\"y\"}]}");
    check("{}", "=1", "{\"\":1}");
    check("{\"ttl\":30}", "ttl='30'", "{\"ttl\":\"30\"}");
    check("{}", "big=123456789012345678901234567890", "{\"big\":123456789012345678901234567890}");
}

static void sections(void **state)
{
    (void)state;
    check("{}", "a.b.c=1", "{\"a\":{\"b\":{\"c\":1}}}");
    check("{\"a\":{\"b\":{\"c\":1}}}", "a.b.c=null", "{}");
    check("{\"a\":{\"b\":{\"c\":1},\"d\":2}}", "a.b.c=null", "{\"a\":{\"d\":2}}");
    check("{}", "a.b=null", "{}");
    check("{\"a\":5}", "a.b=1", "{\"a\":{\"b\":1}}");
    check("{\"a\":5}", "a.b=null", "{}"); /* what is not a section goes even then */
    check("{\"a\":{}}", "a.b=null", "{}");
    check("{\"a\":{}}", "c=1", "{\"a\":{},\"c\":1}"); /* but only on the way */
    check("{}", "a..b=1", "{\"a\":{\"\":{\"b\":1}}}");
}

static void parameters_may_have_dots(void **state)
{
    (void)state;
    check("{}", "postgresql.parameters.a.b.c=1", "{\"postgresql\":{\"parameters\":{\"a.b.c\":1}}}");
    check("{\"postgresql\":{\"parameters\":{\"a.b\":1}}}", "postgresql.parameters.a.b=null", "{}");
    check("{}", "postgresql.parameters=1", "{\"postgresql\":{\"parameters\":1}}");
    check("{}", "postgresql.parametersx.a.b=1", "{\"postgresql\":{\"parametersx\":{\"a\":{\"b\":1}}}}");
    check("{}", "x.postgresql.parameters.a.b=1", "{\"x\":{\"postgresql\":{\"parameters\":{\"a\":{\"b\":1}}}}}");
}

static void refuses(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct err err = ERR_INIT;
    struct value config = value_map();

    (void)state;
    assert_false(patch_set(arena, &config, "ttl", &err));
    assert_string_equal(err.message, "Invalid parameter setting ttl");
    assert_false(patch_set(arena, &config, "", &err));
    assert_string_equal(err.message, "Invalid parameter setting ");
    assert_false(patch_set(arena, &config, "a=[1", &err));
    assert_int_equal(err.kind, ERR_FAILED);
    struct str deep;
    str_init(&deep, arena);
    for (int i = 0; i < 100; i++)
        str_add(&deep, "a.");
    str_add(&deep, "a=1");
    assert_false(patch_set(arena, &config, deep.text, &err));
    assert_string_equal(err.message, "the path of a setting has 101 keys, more than 100");
    assert_int_equal(config.length, 0);
    assert_true(patch_set(arena, &config, deep.text + 2, &err));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values),
        cmocka_unit_test(sections),
        cmocka_unit_test(parameters_may_have_dots),
        cmocka_unit_test(refuses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
