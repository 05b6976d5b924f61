#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../src/dcs/discover.h"
#include "fake_dcs.h"
#include "pgha/log.h"

static void nothing_to_discover(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct dcs *dcs = fake_dcs_open(arena, "etcd3", "host: a");

    (void)state;
    assert_true(discover(dcs, deadline_in(1), NULL));
    assert_int_equal(dcs->endpoints.count, 1);
    arena_free(arena);
}

/* Nobody may give out names below "invalid" (RFC 2606). */
static void configured_servers_stay(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct dcs *dcs = fake_dcs_open(arena, "etcd3", "srv: nowhere.invalid, host: a");
    char *logged = NULL;
    size_t size;
    struct log log = {open_memstream(&logged, &size), LOG_LEVEL_WARNING};

    (void)state;
    dcs->log = &log;
    assert_true(discover(dcs, deadline_in(1), NULL));
    assert_true(discover(dcs, deadline_in(1), NULL));
    fclose(log.stream);
    assert_string_equal(dcs->endpoints.bases[0], "http://a:2379");
    const char *found = strstr(logged, " - WARNING - Can not resolve SRV for nowhere.invalid\n");
    assert_non_null(found);
    assert_null(strstr(found + strlen(" - WARNING"), "WARNING")); /* once */
    free(logged);
    arena_free(arena);
}

/* Holds DIFF_SRV_TLS. */
static void no_server_at_all(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct dcs *dcs = fake_dcs_open(arena, "etcd", "srv: nowhere.invalid, srv_suffix: x");
    struct dcs_tree tree;
    struct err err = ERR_INIT;
    char *logged = NULL;
    size_t size;
    struct log log = {open_memstream(&logged, &size), LOG_LEVEL_WARNING};

    (void)state;
    dcs->log = &log;
    assert_false(discover(dcs, deadline_in(1), &err));
    assert_false(dcs_read_tree(dcs, arena, "/service/a", deadline_in(1), &tree, &err));
    assert_int_equal(err.kind, ERR_UNREACHABLE);
    assert_string_equal(err.message, "no SRV record of nowhere.invalid names a server of etcd");
    dcs = fake_dcs_open(arena, "etcd", "srv: nowhere.invalid, protocol: https");
    assert_false(dcs_read_tree(dcs, arena, "/service/a", deadline_in(1), &tree, &err));
    assert_string_equal(err.message, "no SRV record of nowhere.invalid names a server of etcd with TLS");
    fclose(log.stream);
    const char *found = strstr(logged, "WARNING");
    assert_non_null(found);
    assert_null(strstr(found + 1, "WARNING")); /* once, however often it is tried */
    free(logged);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_to_discover),
        cmocka_unit_test(configured_servers_stay),
        cmocka_unit_test(no_server_at_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
