#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "world.h"

#include "../../../src/config/reading.h"

static void reads_files_as_parts(void **state)
{
    struct world *world = *state;
    struct err err = ERR_INIT;
    struct reading reading = {.arena = world->arena, .err = &err};
    struct value tree = value_map(), file;

    put(world, "1.yml", "a: 1\nscope: ''\n");
    put(world, "2.yaml", "b: 0123\npassword: 0123\n");
    put(world, "3.txt", "c: 3\n");
    assert_true(reading_path(&reading, world->root, &tree));
    assert_int_equal(reading.part_count, 2);
    assert_string_equal(reading.parts[1].name, path_of(world, "2.yaml"));
    assert_true(value_is(value_get(&tree, "a"), VALUE_INT));
    assert_true(value_is(value_get(&tree, "password"), VALUE_STRING));
    assert_null(value_get(&tree, "scope"));
    assert_null(value_get(&tree, "c"));
    assert_true(reading_file(&reading, path_of(world, "3.txt"), &file));
    assert_int_equal(reading.part_count, 2);
    put(world, "4.yml", "- a\n");
    assert_false(reading_path(&reading, world->root, &tree));
    assert_non_null(strstr(err.message, "4.yml has to hold a mapping and holds a list"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(reads_files_as_parts)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
