#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "../../../src/cmd/list.h"
#include "fake_dcs.h"
#include "pgha/config.h"
#include "pgha/log.h"
#include "store.h"

struct outcome {
    bool good;
    struct err err;
    char *out;
    size_t requests;
};

/* Shows clusters of a store that gives these answers. */
static struct outcome show(struct arena *arena, struct config *config, bool as_patronictl, struct opt_list names,
                           const struct fake_answer *answers, size_t count)
{
    struct fake_http *fake = fake_http_start(answers, count);
    struct log log = {0};
    struct outcome outcome = {0};
    size_t size;
    struct ctx ctx = {
        .arena = arena, .config = config, .log = &log, .differences.as_patronictl = as_patronictl, .timeout = 5};
    struct listing listing = {.names = names, .group = CLUSTER_NO_GROUP, .style = {.table = {.format = FORMAT_TSV}}};
    struct value section = value_map();

    ctx.out = open_memstream(&outcome.out, &size);
    assert_true(http_new(arena, NULL, &ctx.http, &outcome.err));
    value_map_set(arena, &section, "host", value_copy_string(arena, fake_http_place(fake)));
    value_map_set(arena, &config->tree, "etcd3", section);
    outcome.good = list_print(&ctx, &listing, &outcome.err);
    fclose(ctx.out);
    outcome.requests = fake_http_count(fake);
    fake_http_stop(fake);
    return outcome;
}

#define HEADER "Cluster\tMember\tHost\tRole\tState\tTL\tReceive LSN\tReceive Lag\tReplay LSN\tReplay Lag\n"

static const char *const one[] = {"/service/a/members/m", "{}", NULL}, *const none[] = {NULL};

static void asks_once(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct config config = {.tree = value_map(), .namespace_path = "/service", .scope = "a"};
    const struct fake_answer answer = store_range(arena, one);

    (void)state;
    value_map_set(arena, &config.tree, "scope", value_string("a"));
    struct outcome outcome = show(arena, &config, false, (struct opt_list){0}, &answer, 1);
    assert_true(outcome.good);
    assert_string_equal(outcome.out, HEADER "a\tm\t\tReplica\t\t\tunknown\t\tunknown\t\n");
    assert_int_equal(outcome.requests, 1);
    free(outcome.out);
    arena_free(arena);
}

static void without_a_name(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct config config = {.tree = value_map(), .namespace_path = "/service"};
    const struct fake_answer answer = store_range(arena, one);

    (void)state;
    struct outcome outcome = show(arena, &config, true, (struct opt_list){0}, &answer, 1);
    assert_true(outcome.good);
    assert_string_equal(outcome.out, "");
    free(outcome.out);
    outcome = show(arena, &config, false, (struct opt_list){0}, &answer, 1);
    assert_false(outcome.good);
    assert_int_equal(outcome.requests, 0);
    free(outcome.out);
    /* patronictl dies of a scope that is no text, although others take its text for the name. */
    value_map_set(arena, &config.tree, "scope", value_int(5));
    config.scope = "5";
    outcome = show(arena, &config, true, (struct opt_list){0}, &answer, 1);
    assert_false(outcome.good);
    free(outcome.out);
    arena_free(arena);
}

/* The same answer to whichever comes first: the clusters are asked for at once. */
static void shows_those_that_exist(void **state)
{
    const char *names[] = {"", "a"};
    struct arena *arena = arena_new(NULL);
    struct config config = {.tree = value_map(), .namespace_path = "/service"};
    const struct fake_answer answer = store_range(arena, one), empty = store_range(arena, none);

    (void)state;
    struct outcome outcome = show(arena, &config, false, (struct opt_list){2, names}, &answer, 1);
    assert_false(outcome.good);
    assert_int_equal(outcome.err.kind, ERR_FAILED);
    assert_string_equal(outcome.out, HEADER "a\tm\t\tReplica\t\t\tunknown\t\tunknown\t\n");
    free(outcome.out);
    names[0] = "b";
    outcome = show(arena, &config, true, (struct opt_list){2, names}, &empty, 1);
    assert_true(outcome.good);
    assert_string_equal(outcome.out, HEADER HEADER);
    assert_int_equal(outcome.requests, 2);
    free(outcome.out);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(asks_once), cmocka_unit_test(without_a_name),
                                       cmocka_unit_test(shows_those_that_exist)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
