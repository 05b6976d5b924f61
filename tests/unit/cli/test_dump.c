#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <string.h>

#include "pgha/arena.h"
#include "pgha/cmd.h"
#include "pgha/dump.h"

static json_t *find(json_t *list, const char *name)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (strcmp(json_string_value(json_object_get(json_array_get(list, i), "name")), name) == 0)
            return json_array_get(list, i);
    return NULL;
}

static void shows_every_row(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct str str;

    (void)state;
    str_init(&str, arena);
    dump_commands(arena, &str);
    json_t *table = json_loads(str.text, 0, NULL);
    json_t *list = json_object_get(table, "commands");
    for (const struct cmd *const *cmd = commands; *cmd; cmd++)
        assert_int_equal(!find(list, (*cmd)->name), (*cmd)->hidden);

    json_t *flush = find(list, "flush");
    assert_string_equal(json_string_value(json_object_get(flush, "usage")),
                        "pgha flush [OPTIONS] CLUSTER_NAME [MEMBER_NAMES]... {restart|switchover}");
    json_t *role = json_array_get(json_object_get(flush, "options"), 1);
    json_t *names = json_object_get(role, "names");
    assert_string_equal(json_string_value(json_array_get(names, 0)), "-r");
    assert_string_equal(json_string_value(json_array_get(names, 1)), "--role");
    assert_string_equal(json_string_value(json_object_get(role, "default")), "any");
    assert_string_equal(json_string_value(json_object_get(role, "completes")), "choices");
    assert_int_equal(json_array_size(json_object_get(role, "choices")), 6);
    json_t *members = json_array_get(json_object_get(flush, "arguments"), 1);
    assert_true(json_is_true(json_object_get(members, "many")));
    assert_string_equal(json_string_value(json_object_get(members, "completes")), "members");
    json_decref(table);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(shows_every_row)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
