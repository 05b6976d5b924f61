#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pgha/arena.h"
#include "pgha/pager.h"
#include "pgha/str.h"
#include "terminal.h"

struct world {
    struct ctx ctx;
    char directory[32];
};

static int set_up(void **state)
{
    struct world *world = test_calloc(1, sizeof *world);

    strncpy(world->directory, "/tmp/pgha-test-XXXXXX", sizeof world->directory - 1);
    assert_non_null(mkdtemp(world->directory));
    world->ctx = (struct ctx){.arena = arena_new(NULL), .out = stdout};
    setenv("PATH", arena_printf(world->ctx.arena, "%s:/bin", world->directory), 1);
    unsetenv("PAGER");
    unsetenv("LESS");
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;

    unlink(arena_printf(world->ctx.arena, "%s/less", world->directory));
    unlink(arena_printf(world->ctx.arena, "%s/mine", world->directory));
    unlink(arena_printf(world->ctx.arena, "%s/seen", world->directory));
    rmdir(world->directory);
    arena_free(world->ctx.arena);
    test_free(world);
    return 0;
}

/* A pager that notes its name, arguments and input. */
static void add_pager(const struct world *world, const char *name)
{
    const char *path = arena_printf(world->ctx.arena, "%s/%s", world->directory, name);
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fprintf(file, "#!/bin/sh\n(echo \"${0##*/} $*\"; cat) > %s/seen\n", world->directory);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, 0700), 0);
}

static const char *show(struct world *world)
{
    struct err err = ERR_INIT;
    char *seen = arena_alloc(world->ctx.arena, 100);

    if (!pager_show(&world->ctx, "text\n", 5, &err))
        return err.message;
    FILE *file = fopen(arena_printf(world->ctx.arena, "%s/seen", world->directory), "r");
    assert_non_null(file);
    assert_true(fread(seen, 1, 99, file) > 0);
    fclose(file);
    return seen;
}

static void chooses(void **state)
{
    struct world *world = *state;

    add_pager(world, "less");
    assert_string_equal(show(world), "less -FRSX\ntext\n");
    setenv("LESS", "x", 1);
    assert_string_equal(show(world), "less \ntext\n");
    setenv("PAGER", "nothing-like-that", 1);
    assert_string_equal(show(world), "less \ntext\n");
    add_pager(world, "mine");
    setenv("PAGER", "mine -a b", 1);
    assert_string_equal(show(world), "mine -a b\ntext\n");
    world->ctx.differences.as_patronictl = true; /* one word there */
    assert_string_equal(show(world), "less \ntext\n");
}

/* The user of pgha may have none; patronictl takes less then. */
static void empty(void **state)
{
    struct world *world = *state;

    add_pager(world, "less");
    setenv("PAGER", " ", 1);
    assert_true(str_starts_with(show(world), "No pager could be found"));
    world->ctx.differences.as_patronictl = true;
    assert_string_equal(show(world), "less -FRSX\ntext\n");
}

/* At a terminal that nobody sits at; tests/shell/test_screen.py has one where somebody does. */
static void needs_somebody(void **state)
{
    static const char wide[] =
        "123456789 123456789 123456789 123456789 123456789 123456789 123456789 123456789 123456789\n";
    struct world *world = *state;
    struct terminal terminal = terminal_open();

    add_pager(world, "less");
    world->ctx.in = world->ctx.out = terminal.file;
    assert_false(pager_is_wanted(&world->ctx, wide, sizeof wide - 1));
    terminal_close(&terminal);
}

static void none(void **state)
{
    struct world *world = *state;

    setenv("PATH", world->directory, 1);
    assert_string_equal(show(world),
                        "No pager could be found. Either set PAGER environment variable with your pager or "
                        "install either \"less\" or \"more\" in the host.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(chooses, set_up, tear_down),
        cmocka_unit_test_setup_teardown(empty, set_up, tear_down),
        cmocka_unit_test_setup_teardown(needs_somebody, set_up, tear_down),
        cmocka_unit_test_setup_teardown(none, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
