#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../../src/view/row.h"
#include "pgha/arena.h"
#include "tree.h"

/* Fills the row of a replica "b" that has this data. */
static bool filled(struct row_style style, size_t level, const char *data, struct row *row)
{
    const char *const keys[] = {"leader", "a", "members/a", "{}", "members/b", data, "status", "8388608", NULL};
    struct cluster *cluster = arena_alloc(style.arena, sizeof *cluster);
    struct err err = ERR_INIT;
    struct state *states;

    assert_true(cluster_of(style.arena, keys, false, cluster));
    assert_true(state_derive(style.arena, cluster, &states, &err));
    *row = (struct row){0};
    return row_fill(&style, &(struct branch){&states[1], level}, row, &err);
}

static const char *text(const struct row *row, enum field field)
{
    return value_as_string(&row->cells[field]);
}

static void names_and_places(void **state)
{
    static const char *const data = "{\"conn_url\": \"postgres://h:5433/\", \"state\": \"running\", \"timeline\": 3}";
    struct row_style style = {.arena = arena_new(NULL), .name = "batman", .group = 2, .with_port = true};
    struct row row;

    (void)state;
    assert_true(filled(style, 0, data, &row));
    assert_string_equal(text(&row, FIELD_CLUSTER), "batman");
    assert_int_equal(row.cells[FIELD_GROUP].integer, 2);
    assert_string_equal(text(&row, FIELD_MEMBER), "b");
    assert_string_equal(text(&row, FIELD_HOST), "h:5433");
    assert_string_equal(text(&row, FIELD_ROLE), "Replica");
    assert_int_equal(row.cells[FIELD_TL].integer, 3);
    style.with_port = false;
    assert_true(filled(style, 2, data, &row));
    assert_string_equal(text(&row, FIELD_MEMBER), "  + b");
    assert_string_equal(text(&row, FIELD_HOST), "h");
    arena_free(style.arena);
}

static void lags_that_are_marked(void **state)
{
    static const char *const data = "{\"receive_lsn\": 1048576, \"replay_lsn\": 7340032}";
    struct row_style style = {
        .arena = arena_new(NULL), .name = "batman", .most_lag = 1048576, .differences = differences_for("patronictl")};
    struct row row;

    (void)state;
    assert_true(filled(style, 0, data, &row));
    assert_int_equal(row.cells[FIELD_RECEIVE_LAG].integer, 7);
    assert_int_equal(row.styles[FIELD_RECEIVE_LAG], STYLE_ATTENTION);
    assert_int_equal(row.cells[FIELD_REPLAY_LAG].integer, 1);
    assert_int_equal(row.styles[FIELD_REPLAY_LAG], STYLE_PLAIN);
    style.differences = differences_for("pgha");
    assert_true(filled(style, 0, data, &row));
    assert_int_equal(row.cells[FIELD_RECEIVE_LAG].integer, 1);
    assert_string_equal(text(&row, FIELD_RECEIVE_LSN), "0/100000");
    arena_free(style.arena);
}

static void lags_of_any_size(void **state)
{
    struct row_style style = {.arena = arena_new(NULL), .name = "batman", .differences = differences_for("patronictl")};
    struct row row;

    (void)state;
    assert_true(filled(style, 0, "{\"receive_lsn\": -10000000000000000000000000}", &row));
    assert_int_equal(row.cells[FIELD_RECEIVE_LAG].kind, VALUE_BIG);
    assert_string_equal(row.cells[FIELD_RECEIVE_LAG].text, "9536743164062500864");
    arena_free(style.arena);
}

static void restarts(void **state)
{
    static const char *const data =
        "{\"pending_restart\": true, \"pending_restart_reason\": {\"max_connections\": {\"old_value\": "
        "\"12345678901234567890\", \"new_value\": \"12345678901234567890\"}}, "
        "\"scheduled_restart\": {\"schedule\": \"2099-01-01\", \"postgres_version\": \"17.1\"}}";
    struct row_style style = {.arena = arena_new(NULL), .name = "batman", .differences = differences_for("patronictl")};
    struct row row;

    (void)state;
    assert_true(filled(style, 0, data, &row));
    assert_string_equal(text(&row, FIELD_PENDING), "*");
    assert_string_equal(text(&row, FIELD_REASON), "max_connections: 12345678901234567890->12345678901234567890");
    assert_string_equal(text(&row, FIELD_SCHEDULED), "2099-01-01 if version < 17.1");
    style.drawn = true;
    assert_true(filled(style, 0, data, &row));
    assert_string_equal(text(&row, FIELD_REASON), "max_connections: [hidden - too long]");
    assert_false(filled(style, 0, "{\"pending_restart_reason\": {\"a\": {\"old_value\": 1}}}", &row));
    assert_false(filled(style, 0, "{\"scheduled_restart\": {}}", &row));
    arena_free(style.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_places),
        cmocka_unit_test(lags_that_are_marked),
        cmocka_unit_test(lags_of_any_size),
        cmocka_unit_test(restarts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
