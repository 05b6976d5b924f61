#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pgha/arena.h"
#include "pgha/editor.h"
#include "pgha/signals.h"
#include "pgha/str.h"

struct world {
    struct ctx ctx;
    char directory[32]; /* TMPDIR, so that nothing else is in it */
    char script[64];
    char *out;
    size_t out_size;
};

static int set_up(void **state)
{
    struct world *world = test_calloc(1, sizeof *world);

    strncpy(world->directory, "/tmp/pgha-test-XXXXXX", sizeof world->directory - 1);
    assert_non_null(mkdtemp(world->directory));
    snprintf(world->script, sizeof world->script, "%s-ed", world->directory);
    setenv("TMPDIR", world->directory, 1);
    setenv("EDITOR", world->script, 1);
    world->ctx = (struct ctx){.arena = arena_new(NULL), .in = fopen("/dev/null", "r")};
    world->ctx.out = open_memstream(&world->out, &world->out_size);
    world->ctx.err = world->ctx.out;
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;

    arena_free(world->ctx.arena);
    fclose(world->ctx.in);
    fclose(world->ctx.out);
    free(world->out);
    unlink(world->script);
    rmdir(world->directory);
    test_free(world);
    return 0;
}

static void write_script(const struct world *world, const char *text)
{
    FILE *file = fopen(world->script, "w");

    assert_non_null(file);
    fprintf(file, "#!/bin/sh\n%s\n", text);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(world->script, 0700), 0);
}

/* The name of the only file in the directory, "" for none. */
static const char *left_behind(struct world *world)
{
    DIR *directory = opendir(world->directory);
    const char *name = "";

    assert_non_null(directory);
    for (const struct dirent *entry; (entry = readdir(directory));)
        if (entry->d_name[0] != '.') {
            assert_string_equal(name, "");
            name = arena_strdup(world->ctx.arena, entry->d_name);
        }
    closedir(directory);
    return name;
}

static void edits(void **state)
{
    struct world *world = *state;
    struct err err = ERR_INIT;
    struct edited edited;

    write_script(world, "stat -c 'mode: %a' \"$1\" >> \"$1\"; basename \"$1\" | sed 's/^/name: /' >> \"$1\"");
    assert_true(editor_run(&world->ctx, "ttl: 30\n", "a/b", &edited, &err));
    assert_true(str_starts_with(edited.text, "ttl: 30\nmode: 600\nname: a_b-config-"));
    assert_int_equal(value_get(&edited.data, "ttl")->integer, 30);
    assert_true(str_ends_with(value_as_string(value_get(&edited.data, "name")), ".yaml"));
    assert_string_equal(left_behind(world), "");
}

static void failure_leaves_nothing(void **state)
{
    struct world *world = *state;
    struct err err = ERR_INIT;
    struct edited edited = {.text = "untouched"};

    write_script(world, "echo 'a: 1' > \"$1\"; exit 3");
    assert_false(editor_run(&world->ctx, "", "batman", &edited, &err));
    assert_string_equal(err.message, "Editor exited with return code 3");
    assert_string_equal(edited.text, "untouched");
    assert_string_equal(left_behind(world), "");
    setenv("EDITOR", "/nowhere/ed", 1);
    assert_false(editor_run(&world->ctx, "", "batman", &edited, &err));
    assert_string_equal(err.message, "/nowhere/ed: No such file or directory");
    assert_string_equal(left_behind(world), "");
}

/* Called as patronictl it is gone; called as pgha it stays when nobody wants to edit it again. */
static void bad_text(void **state)
{
    struct world *world = *state;
    struct err err = ERR_INIT;
    struct edited edited;

    write_script(world, "echo 'a: [' > \"$1\"");
    world->ctx.differences.as_patronictl = true;
    assert_false(editor_run(&world->ctx, "", "batman", &edited, &err));
    assert_string_equal(left_behind(world), "");
    world->ctx.differences.as_patronictl = false;
    assert_false(editor_run(&world->ctx, "", "batman", &edited, &err));
    const char *kept = left_behind(world);
    assert_true(str_starts_with(kept, "batman-config-"));
    assert_true(str_ends_with(err.message, kept));
    unlink(arena_printf(world->ctx.arena, "%s/%s", world->directory, kept));
}

static void signals_leave_nothing(void **state)
{
    static const int numbers[] = {SIGTERM, SIGINT, SIGHUP};
    struct world *world = *state;

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct err err = ERR_INIT;
        struct edited edited;

        write_script(world, arena_printf(world->ctx.arena, "kill -%d $PPID; sleep 0.1; sleep 20", numbers[i]));
        assert_false(editor_run(&world->ctx, "", "batman", &edited, &err));
        assert_int_equal(err.kind, ERR_ABORTED);
        assert_string_equal(left_behind(world), "");
        signals_clear();
    }
}

static void no_place(void **state)
{
    struct world *world = *state;
    struct err err = ERR_INIT;
    const char *path = NULL;

    /* A name that is too long for any file system. */
    char *name = arena_alloc(world->ctx.arena, 1001);
    memset(name, 'x', 1000);
    assert_false(editor_write_file(&world->ctx, "", name, &path, &err));
    assert_string_equal(err.message, "No place for a temporary file: File name too long");
    assert_null(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(edits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(failure_leaves_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bad_text, set_up, tear_down),
        cmocka_unit_test_setup_teardown(signals_leave_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_place, set_up, tear_down),
    };

    return signals_install() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
