#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pgha/arena.h"
#include "pgha/known.h"

static void names(void **state)
{
    static const char *const good[] = {"pg2", "w1"}, *const bad[] = {"pg1", "pg9"};
    struct arena *arena = arena_new(NULL);
    struct ctx ctx = {.arena = arena};
    struct member members[] = {{.name = "pg1"}, {.name = "pg2"}}, other = {.name = "w1"};
    struct cluster worker = {.name = "batman", .group = 1, .members = &other, .member_count = 1};
    struct cluster cluster = {
        .name = "batman", .members = members, .member_count = 2, .workers = &worker, .worker_count = 1};
    struct err err = ERR_INIT;

    (void)state;
    assert_true(known_members(&ctx, &cluster, good, 2, &err));
    assert_true(known_members(&ctx, &cluster, NULL, 0, &err));
    assert_false(known_members(&ctx, &cluster, bad, 2, &err));
    assert_int_equal(err.kind, ERR_FAILED);
    assert_string_equal(err.message, "pg9 is not a member of cluster batman; its members are: pg1, pg2, w1");
    cluster.member_count = cluster.worker_count = 0;
    assert_false(known_members(&ctx, &cluster, bad, 1, &err));
    assert_string_equal(err.message, "pg1 is not a member of cluster batman; its members are: none");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(names)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
