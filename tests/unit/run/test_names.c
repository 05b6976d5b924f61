#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pgha/http.h"
#include "pgha/log.h"
#include "pgha/names.h"
#include "pgha/str.h"
#include "pgha/yaml.h"
#include "store.h"

#define KEY "/service/batman/"
#define MEMBERS                                                                                                        \
    KEY "config", "{\"synchronous_mode\":true}", KEY "leader", "pg1", KEY "members/pg1", "{}", KEY "members/pg2",      \
        "{}", KEY "members/pg3", "{}", KEY "members/pg4", "{\"tags\":{\"nofailover\":true}}", KEY "members/pg5",       \
        "{\"tags\":5}", KEY "sync", "{\"leader\":\"pg1\",\"sync_standby\":\"pg2\"}"

/* The names that are added for a word of that kind. */
static const char *added_from(struct arena *arena, struct fake_answer answer, enum completes more, const char *word,
                              const char *typed)
{
    struct fake_http *etcd = fake_http_start(&answer, 1);
    const char *text = arena_printf(arena, "etcd3: {host: '%s'}\n", fake_http_place(etcd));
    struct log silent = {.stream = NULL};
    struct config config = {.namespace_path = "/service", .scope = "batman"};
    struct ctx ctx = {.arena = arena, .config = &config, .log = &silent, .timeout = 5};
    struct completion completion = {
        .more = more, .joined = "", .word = word, .members = {.count = typed ? 1 : 0, .items = &typed}};
    struct str names;

    assert_true(yaml_read(arena, text, strlen(text), "test", NULL, &config.tree, NULL));
    assert_true(http_new(arena, &silent, &ctx.http, NULL));
    names_add(&ctx, &completion, deadline_in(10));
    str_init(&names, arena);
    str_add(&names, "");
    for (size_t i = 0; i < completion.count; i++)
        str_printf(&names, "%s ", completion.items[i].text);
    fake_http_stop(etcd);
    return names.text;
}

static const char *added(struct arena *arena, enum completes more, const char *word, const char *typed)
{
    const char *keys[] = {MEMBERS, NULL};

    return added_from(arena, store_range(arena, keys), more, word, typed);
}

static void members_that_fit(void **state)
{
    struct arena *arena = arena_new(NULL);

    (void)state;
    assert_string_equal(added(arena, COMPLETE_MEMBERS, "", NULL), "pg1 pg2 pg3 pg4 pg5 ");
    assert_string_equal(added(arena, COMPLETE_LEADERS, "", NULL), "pg1 ");
    assert_string_equal(added(arena, COMPLETE_REPLICAS, "", NULL), "pg2 pg3 pg4 pg5 ");
    assert_string_equal(added(arena, COMPLETE_REPLICAS, "", "pg3"), "pg2 pg4 pg5 ");
    assert_string_equal(added(arena, COMPLETE_CANDIDATES, "", NULL), "pg2 pg3 pg5 ");
    assert_string_equal(added(arena, COMPLETE_SUCCESSORS, "", NULL), "pg2 pg5 ");
    assert_string_equal(added(arena, COMPLETE_SUCCESSORS, "pg3", NULL), "");
    arena_free(arena);
}

/* A user that may see its own cluster alone is offered that one; a store in trouble says nothing about clusters. */
static void clusters_of_a_limited_user(void **state)
{
    struct arena *arena = arena_new(NULL);
    const struct fake_answer denied = {.text = "HTTP/1.1 403 Forbidden\r\nContent-Length: 50\r\n\r\n"
                                               "{\"error\":\"etcdserver: permission denied\",\"code\":7}"};
    const struct fake_answer broken = {.text = "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"};

    (void)state;
    assert_string_equal(added(arena, COMPLETE_CLUSTERS, "", NULL), "batman ");
    assert_string_equal(added_from(arena, denied, COMPLETE_CLUSTERS, "", NULL), "batman ");
    assert_string_equal(added_from(arena, denied, COMPLETE_CLUSTERS, "r", NULL), "");
    assert_string_equal(added_from(arena, broken, COMPLETE_CLUSTERS, "", NULL), "");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(members_that_fit),
                                       cmocka_unit_test(clusters_of_a_limited_user)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
