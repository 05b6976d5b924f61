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
    struct value config, changed;
    struct str after;

    str_init(&after, arena);
    assert_true(json_read(arena, before, strlen(before), &config, &err));
    struct patch patch = patch_begin(arena, &config);
    /* Several settings have semicolons between them. */
    for (const char *next = setting; next; setting = next) {
        next = strstr(setting, "; ");
        assert_true(patch_set(&patch, next ? arena_strndup(arena, setting, (size_t)(next - setting)) : setting, &err));
        next = next ? next + 2 : NULL;
    }
    changed = patch_result(&patch);
    json_write(&changed, true, &after);
    assert_string_equal(after.text, expected);
    str_cut(&after, 0);
    json_write(&config, true, &after);
    assert_string_equal(after.text, before);
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

static void one_after_the_other(void **state)
{
    (void)state;
    check("{}", "a.b=1; a.c=2; a.b=3", "{\"a\":{\"b\":3,\"c\":2}}");
    check("{\"a\":{\"b\":1}}", "a.b=null; a.b=2", "{\"a\":{\"b\":2}}");
    check("{\"a\":{\"b\":1}}", "a.b=null; a=null; c=1", "{\"c\":1}");
    check("{\"a\":{\"b\":1}}", "a=5; a.c=1", "{\"a\":{\"c\":1}}");
    check("{\"a\":{\"b\":1}}", "a.c=1; a={d: 1}; a.e=2", "{\"a\":{\"d\":1,\"e\":2}}");
    check("{\"a\":1,\"b\":2,\"c\":3}", "b=null; b=null; d=4; a=null", "{\"c\":3,\"d\":4}");
    check("{\"a\":{\"b\":1}}", "a.b.c=1; a.b.c=null", "{}");
}

static void refuses(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct err err = ERR_INIT;
    struct value config = value_map();
    struct patch patch = patch_begin(arena, &config);

    (void)state;
    assert_false(patch_set(&patch, "ttl", &err));
    assert_string_equal(err.message, "Invalid parameter setting ttl");
    assert_false(patch_set(&patch, "", &err));
    assert_string_equal(err.message, "Invalid parameter setting ");
    assert_false(patch_set(&patch, "a=[1", &err));
    assert_int_equal(err.kind, ERR_FAILED);
    struct str deep;
    str_init(&deep, arena);
    for (int i = 0; i < 100; i++)
        str_add(&deep, "a.");
    str_add(&deep, "a=1");
    assert_false(patch_set(&patch, deep.text, &err));
    assert_string_equal(err.message, "the path of a setting has 101 keys, more than 100");
    assert_int_equal(patch_result(&patch).length, 0);
    assert_true(patch_set(&patch, deep.text + 2, &err));
    assert_int_equal(patch_result(&patch).length, 1);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values),
        cmocka_unit_test(sections),
        cmocka_unit_test(parameters_may_have_dots),
        cmocka_unit_test(one_after_the_other),
        cmocka_unit_test(refuses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
