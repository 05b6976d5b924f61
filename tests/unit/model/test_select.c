#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pgha/select.h"
#include "pgha/str.h"
#include "tree.h"

/* Names of the members in a role, one after the other. */
static const char *names(struct arena *arena, const struct cluster *cluster, enum role role)
{
    struct member_list list = select_members(cluster, arena, role);
    struct str text;

    str_init(&text, arena);
    for (size_t i = 0; i < list.count; i++)
        str_printf(&text, "%s ", list.items[i]->name);
    return text.text;
}

static void by_role(void **state)
{
    static const char *const keys[] = {"leader",    "b",  "members/a", "{}", "members/b", "{\"role\": \"primary\"}",
                                       "members/c", "{}", NULL};
    static const char *const standby[] = {"leader", "a", "members/a", "{\"role\": \"standby_leader\"}", NULL};
    static const char *const unclear[] = {"leader", "a", "members/a", "{\"role\": 5}", NULL};
    static const char *const none[] = {"leader", "", "members/a", "{}", NULL};
    struct arena *arena = arena_new(NULL);
    struct cluster cluster;

    (void)state;
    assert_true(cluster_of(arena, keys, false, &cluster));
    assert_string_equal(names(arena, &cluster, ROLE_LEADER), "b ");
    assert_string_equal(names(arena, &cluster, ROLE_PRIMARY), "b ");
    assert_string_equal(names(arena, &cluster, ROLE_STANDBY_LEADER), "");
    assert_string_equal(names(arena, &cluster, ROLE_REPLICA), "a c ");
    assert_string_equal(names(arena, &cluster, ROLE_STANDBY), "a c ");
    assert_string_equal(names(arena, &cluster, ROLE_ANY), "a b c ");
    assert_string_equal(select_member(&cluster, arena, ROLE_ANY, "c")->name, "c");
    assert_null(select_member(&cluster, arena, ROLE_REPLICA, "b"));
    assert_string_equal(select_member(&cluster, arena, ROLE_REPLICA, NULL)->name, "a");
    assert_true(cluster_of(arena, standby, false, &cluster));
    assert_string_equal(names(arena, &cluster, ROLE_PRIMARY), "");
    assert_string_equal(names(arena, &cluster, ROLE_STANDBY_LEADER), "a ");
    assert_true(cluster_of(arena, unclear, false, &cluster));
    assert_string_equal(names(arena, &cluster, ROLE_PRIMARY), "a ");
    assert_string_equal(names(arena, &cluster, ROLE_STANDBY_LEADER), "a ");
    assert_true(cluster_of(arena, none, false, &cluster));
    assert_string_equal(names(arena, &cluster, ROLE_LEADER), "");
    assert_string_equal(names(arena, &cluster, ROLE_REPLICA), "a ");
    arena_free(arena);
}

static void with_workers(void **state)
{
    static const char *const keys[] = {"0/leader", "c",           "0/members/c", "{}", "1/leader",
                                       "ghost",    "1/members/w", "{}",          NULL};
    struct arena *arena = arena_new(NULL);
    struct cluster cluster;

    (void)state;
    assert_true(cluster_of(arena, keys, true, &cluster));
    assert_string_equal(names(arena, &cluster, ROLE_LEADER), "c ghost ");
    assert_string_equal(names(arena, &cluster, ROLE_ANY), "c w ");
    arena_free(arena);
}

static void leader_first(void **state)
{
    static const char *const keys[] = {
        "leader",    "b",  "members/a", "{\"api_url\": \"u\"}", "members/b", "{\"api_url\": \"u\"}",
        "members/c", "{}", "members/d", "{\"api_url\": \"u\"}", NULL};
    struct arena *arena = arena_new(NULL);
    struct cluster cluster;

    (void)state;
    assert_true(cluster_of(arena, keys, false, &cluster));
    struct member_list list = select_leader_first(&cluster, arena);
    assert_int_equal(list.count, 3);
    assert_string_equal(list.items[0]->name, "b");
    assert_string_equal(list.items[1]->name, "a");
    assert_string_equal(list.items[2]->name, "d");
    arena_free(arena);
}

/* Names of all members, leaders last. */
static const char *leaders_last(struct arena *arena, const struct cluster *cluster)
{
    struct member_list list = select_members(cluster, arena, ROLE_ANY);
    struct str text;

    str_init(&text, arena);
    select_put_leaders_last(cluster, arena, &list);
    for (size_t i = 0; i < list.count; i++)
        str_printf(&text, "%s ", list.items[i]->name);
    return text.text;
}

static void replicas_before_leaders(void **state)
{
    static const char *const plain[] = {"leader", "a", "members/a", "{}", "members/b", "{}", "members/c", "{}", NULL};
    static const char *const none[] = {"members/a", "{}", "members/b", "{}", NULL};
    static const char *const citus[] = {"0/leader",    "a",  "0/members/a", "{}", "0/members/b", "{}", "1/leader", "w",
                                        "1/members/v", "{}", "1/members/w", "{}", "1/members/x", "{}", NULL};
    struct arena *arena = arena_new(NULL);
    struct cluster cluster;

    (void)state;
    assert_true(cluster_of(arena, plain, false, &cluster));
    assert_string_equal(leaders_last(arena, &cluster), "b c a ");
    assert_true(cluster_of(arena, none, false, &cluster));
    assert_string_equal(leaders_last(arena, &cluster), "a b ");
    assert_true(cluster_of(arena, citus, true, &cluster));
    assert_string_equal(leaders_last(arena, &cluster), "b v x a w ");
    arena_free(arena);
}

static void role_words(void **state)
{
    enum role role;

    (void)state;
    assert_true(role_parse("standby-leader", &role) && role == ROLE_STANDBY_LEADER);
    assert_true(role_parse("any", &role) && role == ROLE_ANY);
    assert_false(role_parse("Leader", &role));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(by_role), cmocka_unit_test(with_workers),
                                       cmocka_unit_test(leader_first), cmocka_unit_test(replicas_before_leaders),
                                       cmocka_unit_test(role_words)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
