#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fake_dcs.h"
#include "pgha/config.h"
#include "pgha/open.h"
#include "store.h"

/* The error about a cluster that does not exist, from what the store answers to questions about names; NULL: none. */
static const char *check(struct arena *arena, int64_t group, const struct fake_answer *answers, size_t count)
{
    struct fake_http *fake = fake_http_start(answers, count);
    const struct config config = {.namespace_path = "/service"};
    struct ctx ctx = {.arena = arena, .config = &config, .timeout = 5};
    struct dcs *dcs = fake_dcs_open(arena, "etcd3", arena_printf(arena, "host: '%s'", fake_http_place(fake)));
    struct cluster cluster = {.name = "ghost", .group = group, .citus = group != CLUSTER_NO_GROUP};
    struct err err = ERR_INIT;
    bool good = open_check(&ctx, arena, dcs, &cluster, deadline_in(5), &err);

    if (!good)
        assert_int_equal(fake_http_count(fake), count);
    fake_http_stop(fake);
    return good ? NULL : err.message;
}

static void names_what_is_there(void **state)
{
    static const char *const none[] = {NULL}, *const others[] = {"/service/a/x", "", "/service/b/y", "", NULL};
    static const char *const elsewhere[] = {
        "/ghost/readme", "", "/prod/ghost/config", "", "/prod/ghost/leader", "", "/x/y/ghost/0/initialize", "", NULL};
    struct arena *arena = arena_new(NULL);
    const struct fake_answer answers[] = {store_range(arena, none), store_range(arena, others),
                                          store_range(arena, elsewhere)};
    const struct fake_answer nothing[] = {answers[0], answers[0], answers[0]};

    (void)state;
    assert_string_equal(check(arena, CLUSTER_NO_GROUP, answers, 3),
                        "There is no cluster ghost below /service/; there are: a, b; a cluster of this name is below "
                        "/prod/, /x/y/: check \"namespace\"");
    assert_string_equal(check(arena, CLUSTER_NO_GROUP, nothing, 3), "There is no cluster ghost below /service/");
    arena_free(arena);
}

static void names_groups(void **state)
{
    static const char *const keys[] = {
        "/service/ghost/0/x", "", "/service/ghost/10/x", "", "/service/ghost/x/y", "", NULL};
    struct arena *arena = arena_new(NULL);
    const struct fake_answer answer = store_range(arena, keys);

    (void)state;
    assert_string_equal(check(arena, 5, &answer, 1),
                        "There is no group 5 in the Citus cluster ghost; there are: 0, 10");
    assert_memory_equal(check(arena, CLUSTER_NO_GROUP, &answer, 1),
                        "ghost is a Citus cluster with the groups 0, 10:", 47);
    arena_free(arena);
}

static void says_that_there_are_no_groups(void **state)
{
    static const char *const keys[] = {"/service/ghost/members/a", "", "/service/ghost/config", "", NULL};
    struct arena *arena = arena_new(NULL);
    const struct fake_answer answer = store_range(arena, keys);

    (void)state;
    assert_string_equal(
        check(arena, 3, &answer, 1),
        "cluster \"ghost\" has no Citus groups: leave out --group, and the section citus of the configuration");
    arena_free(arena);
}

/* Who may read one cluster need not be allowed to see the others. */
static void says_it_without_names(void **state)
{
    static const char body[] = "{\"error\":\"etcdserver: permission denied\",\"code\":7}";
    struct arena *arena = arena_new(NULL);
    const struct fake_answer refusal = {
        .keep = true,
        .text = arena_printf(arena, "HTTP/1.1 403 Forbidden\r\nContent-Length: %zu\r\n\r\n%s", strlen(body), body)};
    const struct fake_answer answers[] = {refusal, refusal, refusal};

    (void)state;
    assert_string_equal(check(arena, CLUSTER_NO_GROUP, answers, 3), "There is no cluster ghost below /service/");
    arena_free(arena);
}

static void is_content(void **state)
{
    struct ctx ctx = {.arena = arena_new(NULL), .differences.as_patronictl = true};
    struct cluster cluster = {.name = "ghost"};
    struct opt_int group = {0};
    struct err err = ERR_INIT;

    (void)state;
    assert_true(open_check(&ctx, ctx.arena, NULL, &cluster, deadline_in(5), &err));
    ctx.differences.as_patronictl = false;
    cluster.exists = true;
    assert_true(open_check(&ctx, ctx.arena, NULL, &cluster, deadline_in(5), &err));
    assert_true(open_name(&ctx, "a", &err));
    assert_false(open_name(&ctx, "", &err));
    assert_false(open_name(&ctx, NULL, &err));
    assert_true(open_group(&group) == CLUSTER_NO_GROUP);
    group.given = true;
    assert_true(open_group(&group) == 0);
    arena_free(ctx.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(names_what_is_there), cmocka_unit_test(names_groups),
                                       cmocka_unit_test(says_that_there_are_no_groups),
                                       cmocka_unit_test(says_it_without_names), cmocka_unit_test(is_content)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
