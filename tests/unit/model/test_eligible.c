#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pgha/eligible.h"
#include "pgha/str.h"
#include "tree.h"

/* What keeps a member of a cluster with these keys from leading. */
static const char *why_not(struct arena *arena, const char *const *keys, const char *name, bool planned)
{
    struct cluster cluster;
    const char *why = "?";
    struct err err = ERR_INIT;

    assert_true(cluster_of(arena, keys, false, &cluster));
    return eligible_check(&cluster, cluster_find_member(&cluster, name), planned, arena, &why, &err) ? why
                                                                                                     : err.message;
}

#define MEMBERS(config)                                                                                                \
    "config", config, "leader", "a", "members/a", "{}", "members/b", "{}", "members/c", "{}", "members/n",             \
        "{\"tags\":{\"nofailover\":true}}", "members/z", "{\"tags\":{\"failover_priority\":0}}", "sync",               \
        "{\"leader\":\"a\",\"sync_standby\":\"B\"}", NULL

static void tags(void **state)
{
    static const char *const keys[] = {MEMBERS("{}")};
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (int planned = 0; planned < 2; planned++) {
        assert_null(why_not(arena, keys, "b", planned));
        assert_null(why_not(arena, keys, "c", planned));
        assert_string_equal(why_not(arena, keys, "n", planned), "is tagged nofailover");
        assert_string_equal(why_not(arena, keys, "z", planned), "has failover_priority 0");
    }
    arena_free(arena);
}

static void synchronous(void **state)
{
    static const char *const keys[] = {MEMBERS("{\"synchronous_mode\":true}")};
    static const char *const quorum[] = {MEMBERS("{\"synchronous_mode\":\"quorum\"}")};
    static const char *const standby[] = {MEMBERS("{\"synchronous_mode\":true,\"standby_cluster\":{\"host\":\"h\"}}")};
    struct arena *arena = arena_new(NULL);

    (void)state;
    assert_null(why_not(arena, keys, "b", true));
    assert_string_equal(why_not(arena, keys, "c", true), "is not a synchronous standby");
    assert_string_equal(why_not(arena, keys, "n", true), "is tagged nofailover");
    assert_null(why_not(arena, keys, "c", false));
    assert_null(why_not(arena, quorum, "c", true));
    assert_null(why_not(arena, standby, "c", true));
    arena_free(arena);
}

static void unreadable(void **state)
{
    static const char *const keys[] = {"members/a", "{\"tags\":5}", NULL};
    struct arena *arena = arena_new(NULL);

    (void)state;
    assert_non_null(strstr(why_not(arena, keys, "a", false), "tags"));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(tags), cmocka_unit_test(synchronous),
                                       cmocka_unit_test(unreadable)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
