#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../../src/shell/status.h"
#include "tree.h"

#define WELL "{\"state\": \"running\"}"

static const char *prompt_of(struct arena *arena, const char *const *pairs, size_t columns)
{
    const struct status_style style = {.scope = "batman", .columns = columns};
    struct cluster cluster;

    assert_true(cluster_of(arena, pairs, false, &cluster));
    const struct status status = status_of(arena, &cluster);
    return status_prompt(arena, &status, &style);
}

static void shows_the_state(void **state)
{
    static const struct {
        const char *keys[10];
        const char *prompt;
    } cases[] = {
        {{"leader", "a", "members/a", WELL}, "batman leader=a> "},
        {{"config", "{\"pause\": true}", "leader", "a", "members/a", WELL}, "batman leader=a paused> "},
        {{"initialize", "1", "members/a", WELL}, "batman no leader> "},
        {{"config", "{\"pause\": true}", "members/a", WELL}, "batman no leader paused> "},
        {{"leader", "a", "members/a", WELL, "members/b", "{\"state\": \"start failed\"}"},
         "batman leader=a degraded> "},
        {{"leader", "a", "members/a", WELL, "members/b",
          "{\"state\": \"running\", \"replication_state\": \"streaming\"}"},
         "batman leader=a> "},
        {{"leader", "a", "members/a", WELL, "members/b", "{"}, "batman leader=a degraded> "},
        {{"leader", "a", "members/b", WELL}, "batman leader=a degraded> "},
        {{"config", "{\"standby_cluster\": {\"host\": \"h\"}}", "leader", "a", "members/a", WELL},
         "batman standby_leader=a> "},
        {{NULL}, "batman no such cluster> "},
        {{"leader", "a\033[2J\n", "members/a\033[2J\n", WELL}, "batman leader=a?[2J?> "},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(NULL);

        assert_string_equal(prompt_of(arena, cases[i].keys, 200), cases[i].prompt);
        arena_free(arena);
    }
}

static void gives_up_details_where_it_is_narrow(void **state)
{
    static const char *const keys[] = {"config", "{\"pause\": true}", "leader", "a", "members/a", WELL, NULL};
    struct arena *arena = arena_new(NULL);

    (void)state;
    assert_string_equal(prompt_of(arena, keys, 50), "batman leader=a paused> ");
    assert_string_equal(prompt_of(arena, keys, 40), "batman paused> ");
    assert_string_equal(prompt_of(arena, keys, 10), "ba... paused> ");
    arena_free(arena);
}

static void says_what_it_does_not_know(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct status status = {.kind = STATUS_UNASKED};
    struct status_style style = {.scope = "batman", .columns = 80};

    (void)state;
    assert_string_equal(status_prompt(arena, &status, &style), "batman> ");
    status.kind = STATUS_FAILED;
    assert_string_equal(status_prompt(arena, &status, &style), "batman state unknown> ");
    style.scope = NULL;
    assert_string_equal(status_prompt(arena, &status, &style), "pgha> ");
    arena_free(arena);
}

static void colours(void **state)
{
    struct arena *arena = arena_new(NULL);
    const struct status status = {.kind = STATUS_KNOWN, .leader = "a", .paused = true};
    const struct status_style style = {.scope = "batman", .columns = 60, .colour = true};

    (void)state;
    /* Sequences take no room. */
    assert_string_equal(status_prompt(arena, &status, &style),
                        "batman leader=\001\033[32m\002a\001\033[0m\002\001\033[33m\002 paused\001\033[0m\002> ");
    arena_free(arena);
}

static void knows_the_members(void **state)
{
    static const char *const keys[] = {"leader", "b", "members/a", WELL, "members/b", WELL, NULL};
    struct arena *arena = arena_new(NULL);
    struct cluster cluster;

    (void)state;
    assert_true(cluster_of(arena, keys, false, &cluster));
    const struct status status = status_of(arena, &cluster);
    assert_int_equal(status.member_count, 2);
    assert_string_equal(status.members[0].name, "a");
    assert_string_equal(status.members[1].name, "b");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_the_state),
        cmocka_unit_test(gives_up_details_where_it_is_narrow),
        cmocka_unit_test(says_what_it_does_not_know),
        cmocka_unit_test(colours),
        cmocka_unit_test(knows_the_members),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
