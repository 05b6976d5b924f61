/* One reading of a configuration, for the tests of this folder. */
#ifndef PGHA_TEST_CONFIG_WORLD_H
#define PGHA_TEST_CONFIG_WORLD_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pgha/arena.h"
#include "pgha/cmd.h"
#include "pgha/config.h"
#include "pgha/log.h"

/* One reading: files below a directory of its own, variables, options. */
struct world {
    struct arena *arena;
    const char *root;
    struct globals globals;
    struct config_places places;
    struct differences differences;
    struct config config;
    struct err err;
};

static const char *const nothing[] = {NULL};

static inline int set_up(void **state)
{
    static const char *const no_environment[] = {NULL};
    struct arena *arena = arena_new(NULL);
    struct world *world = arena_alloc(arena, sizeof *world);
    char *root = arena_strdup(arena, "/tmp/pgha-test-config-XXXXXX");

    assert_non_null(mkdtemp(root));
    *world = (struct world){.arena = arena, .root = root};
    const char **system_files = arena_calloc(arena, 3, sizeof *system_files);
    system_files[0] = arena_printf(arena, "%s/config.yml", root);
    system_files[1] = arena_printf(arena, "%s/patroni.yml", root);
    world->places =
        (struct config_places){no_environment, arena_printf(arena, "%s/patronictl.yaml", root), system_files, NULL};
    *state = world;
    return 0;
}

static inline int tear_down(void **state)
{
    struct world *world = *state;
    int status = system(arena_printf(world->arena, "rm -rf %s", world->root));

    arena_free(world->arena);
    return status;
}

static inline const char *path_of(const struct world *world, const char *name)
{
    return arena_printf(world->arena, "%s/%s", world->root, name);
}

static inline void put(const struct world *world, const char *name, const char *text)
{
    FILE *file = fopen(path_of(world, name), "w");

    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static inline bool read_it(struct world *world)
{
    static const struct log silent = {NULL, LOG_LEVEL_ERROR};

    return config_read_from(world->arena, &world->globals, &world->places, world->differences, &silent, &world->config,
                            &world->err);
}

static inline void must_read(struct world *world)
{
    if (!read_it(world))
        fail_msg("%s", world->err.message);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
