#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pgha/arena.h"
#include "pgha/patch.h"
#include "pgha/yaml.h"

static const char config[] =
    "{ttl: 30, synchronous_mode: on, postgresql: {use_slots: true, pg_hba: [a, b], parameters: "
    "{work_mem: 4MB, wal_level: replica}}, slots: {a: {type: physical}}, empty: {}}";

static void checks_settings(void **state)
{
    static const struct {
        const char *setting;
        const char *message; /* NULL: fine */
    } rows[] = {
        {"ttl=20", NULL},
        {"ttl=null", NULL},
        {"mine=1", NULL},
        {"mine.more=1", NULL},
        {"empty=1", NULL},
        {"slots=null", NULL},
        {"slots.b.type=physical", NULL},
        {"postgresql.use_slots=false", NULL},
        {"postgresql.pg_hba=[c]", NULL},
        {"postgresql.pg_hba=null", NULL},
        {"postgresql.parameters={a: 1}", NULL},
        {"postgresql.parameters.work_mem=8MB", NULL},
        {"postgresql.parameters.pg_stat_statements.max=1", NULL},
        {"postgresql.parameters.max_connections=null", NULL},
        {"standby_cluster.port=5432", NULL},
        {"standby_cluster.restore_command=cp", NULL},
        {"postgresql.parameters.ttl=15",
         "\"ttl\" is a setting of Patroni, not a parameter of PostgreSQL: use -s ttl=15"},
        {"postgresql.parameters.use_slots=on", "use -s postgresql.use_slots=on"},
        {"postgresql.parameters.postgresql.parameters.work_mem=1", "-p takes its name alone"},
        {"max_connections=5",
         "\"max_connections\" is a parameter of PostgreSQL, not a setting of Patroni: use -p max_connections=5"},
        {"log_statement=all", "use -p log_statement=all"},
        {"postgresql.work_mem=1", "use -p work_mem=1"},
        {"pg_hba=[a]", "\"pg_hba\" belongs to the section postgresql: use -s postgresql.pg_hba=[a]"},
        {"postgresql.ttl=1", "\"ttl\" does not belong to the section postgresql: use -s ttl=1"},
        {"postgresql.pg_hba.0=x", "\"postgresql.pg_hba\" is a list, and -s can only set all of it"},
        {"postgresql.pg_hba=x", "\"postgresql.pg_hba\" is a list with 2 entries, which text would replace"},
        {"postgresql.pg_hba={a: 1}", "which a mapping would replace"},
        {"postgresql.parameters=x", "\"postgresql.parameters\" is a mapping with 2 entries, which text would replace"},
        {"postgresql=1", "\"postgresql\" is a mapping with 3 entries"},
        {"ttl.a=1", "\"ttl\" is"},
        {"slots.a.type.b=1", "\"slots.a.type\" is text (physical), which a mapping would replace"},
        {"novalue", "Invalid parameter setting novalue"},
    };
    struct arena *arena = arena_new(NULL);
    struct value tree;

    (void)state;
    assert_true(yaml_read(arena, config, strlen(config), "test", NULL, &tree, NULL));
    struct patch patch = patch_begin(arena, &tree);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct err err = ERR_INIT;
        bool good = patch_check(&patch, rows[i].setting, &err);

        if (good != !rows[i].message || (!good && !strstr(err.message, rows[i].message)))
            fail_msg("%s: %s", rows[i].setting, good ? "passes" : err.message);
    }
    arena_free(arena);
}

/* Against the configuration as the settings before have left it. */
static void checks_changed(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct value tree;
    struct err err = ERR_INIT;

    (void)state;
    assert_true(yaml_read(arena, config, strlen(config), "test", NULL, &tree, NULL));
    struct patch patch = patch_begin(arena, &tree);
    assert_true(patch_set(&patch, "slots.b.type=physical", &err));
    assert_false(patch_check(&patch, "slots=1", &err));
    assert_non_null(strstr(err.message, "\"slots\" is a mapping with 2 entries"));
    assert_true(patch_set(&patch, "slots=null", &err));
    assert_true(patch_check(&patch, "slots=1", &err));
    assert_true(patch_set(&patch, "slots=[a]", &err));
    assert_false(patch_check(&patch, "slots.a=1", &err));
    arena_free(arena);
}

/* What an editor, --apply and --replace make of a configuration, against the one before. */
static void checks_results(void **state)
{
    static const char before[] =
        "ttl: 30\nmax_connections: 5\nmine: [a]\npostgresql: {pg_hba: [a, b], parameters: {work_mem: 4MB}}\n";
    static const struct {
        const char *after;
        const char *message; /* NULL: passes */
    } rows[] = {
        {"{ttl: 30, max_connections: 5}", NULL},
        {"{ttl: '20', synchronous_mode: quorum, pause: 'on', slots: {a: {type: physical}}}", NULL},
        {"{maximum_lag_on_failover: 1.5, member_slots_ttl: 30min, standby_cluster: null}", NULL},
        {"{maximum_lag_on_failover: 12345678901234567890123}", NULL},
        {"{postgresql: {pg_hba: [c], parameters: {work_mem: 8MB, ttl1: 1}}}", NULL},
        {"{ttl: abc}", "\"ttl\" is \"abc\": it has to be a number without a unit"},
        {"{loop_wait: 10s}", "\"loop_wait\" is \"10s\""},
        {"{ttl: [3]}", "\"ttl\" is a list: it has to be a number"},
        {"{pause: maybe}", "\"pause\" is \"maybe\": it has to be true or false"},
        {"{synchronous_mode: 2}", "it has to be true, false or quorum"},
        {"{slots: []}", "\"slots\" is a list: it has to be a mapping"},
        {"{postgresql: {use_slots: perhaps}}", "\"postgresql.use_slots\" is \"perhaps\""},
        {"{postgresql: {pg_hba: {a: b}}}", "\"postgresql.pg_hba\" is a mapping: it has to be a list"},
        {"{postgresql: {parameters: {ttl: 20}}}", "write \"ttl\""},
        {"{postgresql: {parameters: {use_slots: true}}}", "write \"postgresql.use_slots\""},
        {"{postgresql: {work_mem: 1}}", "write \"postgresql.parameters.work_mem\""},
        {"{work_mem: 1}", "\"work_mem\" is a parameter of PostgreSQL"},
        {"{mine: x}", "\"mine\" is a list with 1 entries, which text would replace"},
        {"{postgresql: {parameters: {postgresql.work_mem: 1}}}", "is no parameter of PostgreSQL"},
        {"{pg_hba: [a]}", "\"pg_hba\" is in the wrong section: write \"postgresql.pg_hba\""},
    };
    struct arena *arena = arena_new(NULL);
    struct value old, new;

    (void)state;
    assert_true(yaml_read(arena, before, strlen(before), "test", NULL, &old, NULL));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct err err = ERR_INIT;

        assert_true(yaml_read(arena, rows[i].after, strlen(rows[i].after), "test", NULL, &new, NULL));
        bool good = patch_check_result(arena, &old, &new, &err);
        if (good != !rows[i].message || (!good && !strstr(err.message, rows[i].message)))
            fail_msg("%s: %s", rows[i].after, good ? "passes" : err.message);
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(checks_settings), cmocka_unit_test(checks_changed),
                                       cmocka_unit_test(checks_results)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
