#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pgha/arena.h"
#include "pgha/config.h"
#include "pgha/targets.h"

struct world {
    struct ctx ctx;
    struct config config;
    struct cluster cluster;
    struct member members[3];
    char *out;
    size_t out_size;
};

static int set_up(void **state)
{
    struct world *world = test_calloc(1, sizeof *world);
    static const char *const names[] = {"pg1", "pg2", "pg3"};

    world->ctx = (struct ctx){.arena = arena_new(NULL), .config = &world->config, .differences.as_patronictl = true};
    world->ctx.out = open_memstream(&world->out, &world->out_size);
    world->ctx.in = stdin;
    world->config.tree = value_map();
    for (size_t i = 0; i < 3; i++)
        world->members[i] = (struct member){.name = names[i], .data = value_map()};
    world->cluster = (struct cluster){
        .name = "batman",
        .group = CLUSTER_NO_GROUP,
        .exists = true,
        .config = {.data = value_map()},
        .leader = {.present = true, .name = "pg1", .member = &world->members[0]},
        .members = world->members,
        .member_count = 3,
        .sync = {.data = value_map()},
        .history = {.data = value_list()},
    };
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;

    arena_free(world->ctx.arena);
    fclose(world->ctx.out);
    free(world->out);
    test_free(world);
    return 0;
}

/* The chosen names, or the error. */
static const char *choose(struct world *world, const struct targets *targets)
{
    struct member_list members;
    struct err err = ERR_INIT;

    if (!targets_choose(&world->ctx, targets, &world->cluster, &members, &err))
        return err.message;
    return targets_names(world->ctx.arena, &members);
}

static void chooses(void **state)
{
    static const struct {
        const char *names[3];
        enum role role;
        bool as_patronictl;
        const char *expected;
    } rows[] = {
        {{NULL}, ROLE_ANY, true, "pg1, pg2, pg3"},
        {{NULL}, ROLE_REPLICA, true, "pg2, pg3"},
        {{"pg3", "pg1"}, ROLE_ANY, true, "pg1, pg3"},
        {{"pg2", "pg2"}, ROLE_ANY, false, "pg2"},
        {{"nope", "pg2"}, ROLE_ANY, true, "pg2"},
        {{"nope", "pg2"}, ROLE_ANY, false, "nope is not a member of cluster batman; its members are: pg1, pg2, pg3"},
        {{"pg1", "pg2"}, ROLE_REPLICA, true, "pg2"},
        {{"pg1", "pg2"}, ROLE_REPLICA, false, "Member pg1 of cluster batman is not a replica"},
        {{"nope"}, ROLE_ANY, true, "No 'any' among provided members"},
        {{"pg2"}, ROLE_LEADER, true, "No 'leader' among provided members"},
    };
    struct world *world = *state;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *names[3];
        struct targets targets = {.action = "reload", .cluster_name = "batman", .role = rows[i].role};
        for (targets.names.items = names; targets.names.count < 3 && rows[i].names[targets.names.count];)
            names[targets.names.count] = rows[i].names[targets.names.count], targets.names.count++;
        world->ctx.differences.as_patronictl = rows[i].as_patronictl;
        assert_string_equal(choose(world, &targets), rows[i].expected);
    }
}

static void chooses_one(void **state)
{
    struct world *world = *state;
    const char *name = "pg1";
    struct targets targets = {
        .action = "reinitialize", .cluster_name = "batman", .role = ROLE_REPLICA, .ask_for_one = true, .force = true};

    /* Forced without a name: nobody. */
    assert_string_equal(choose(world, &targets), "");
    targets.names = (struct opt_list){1, &name};
    assert_string_equal(choose(world, &targets), "No replica among provided members");
    targets.names.count = 0;
    world->cluster.member_count = 1;
    assert_string_equal(choose(world, &targets), "batman cluster doesn't have any members");
}

static void shows_and_confirms(void **state)
{
    struct world *world = *state;
    struct targets targets = {.action = "reload", .cluster_name = "batman", .role = ROLE_ANY, .force = true};
    struct member_list members;
    struct err err = ERR_INIT;

    assert_true(targets_choose(&world->ctx, &targets, &world->cluster, &members, &err));
    assert_true(targets_confirm(&world->ctx, &targets, &members, &err));
    fflush(world->ctx.out);
    assert_non_null(strstr(world->out, "+ Cluster: batman (uninitialized)"));
    assert_null(strstr(world->out, "Are you sure"));

    targets.force = false;
    world->ctx.in = tmpfile();
    setvbuf(world->ctx.in, NULL, _IONBF, 0);
    fputs("n\n", world->ctx.in);
    rewind(world->ctx.in);
    assert_false(targets_confirm(&world->ctx, &targets, &members, &err));
    fclose(world->ctx.in);
    assert_int_equal(err.kind, ERR_ABORTED);
    assert_string_equal(err.message, "Aborted reload");
    fflush(world->ctx.out);
    assert_non_null(strstr(world->out, "Are you sure you want to reload members pg1, pg2, pg3? [y/N]: "));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(chooses, set_up, tear_down),
        cmocka_unit_test_setup_teardown(chooses_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(shows_and_confirms, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
