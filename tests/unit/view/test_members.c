#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pgha/members.h"
#include "tree.h"

/* What is written, or NULL for a failure. */
static const char *shown(struct arena *arena, const char *const *keys, bool citus, struct members_style style)
{
    struct err err = ERR_INIT;
    struct cluster cluster;
    struct str text;

    assert_true(cluster_of(arena, keys, citus, &cluster));
    str_init(&text, arena);
    if (!members_write(arena, &cluster, &style, &text, &err)) {
        assert_int_equal(text.length, 0);
        return NULL;
    }
    return text.text;
}

#define PRETTY ((struct members_style){.table = {.format = FORMAT_PRETTY}})
#define TSV ((struct members_style){.table = {.format = FORMAT_TSV}, .differences = {.as_patronictl = true}})

static void a_cluster(void **state)
{
    static const char *const keys[] = {
        "initialize", "",
        "leader",     "a",
        "members/a",  "{\"conn_url\": \"postgres://h1/\", \"state\": \"running\", \"timeline\": 1}",
        "members/b",  "{\"conn_url\": \"postgres://h2/\", \"state\": \"streaming\", \"receive_lsn\": 4294967296}",
        "status",     "4296540160", /* a megabyte and a half more */
        NULL,
    };
    struct arena *arena = arena_new(NULL);

    (void)state;
    assert_string_equal(shown(arena, keys, false, PRETTY),
                        "+ Cluster: batman (initializing) -----+----+-------------+-----+------------+-----+\n"
                        "| Member | Host | Role    | State     | TL | Receive LSN | Lag | Replay LSN | Lag |\n"
                        "+--------+------+---------+-----------+----+-------------+-----+------------+-----+\n"
                        "| a      | h1   | Leader  | running   |  1 |             |     |            |     |\n"
                        "| b      | h2   | Replica | streaming |    |         1/0 |   2 |    unknown |     |\n"
                        "+--------+------+---------+-----------+----+-------------+-----+------------+-----+\n");
    assert_string_equal(shown(arena, keys, false, (struct members_style){.table = {.format = FORMAT_JSON}}),
                        "[{\"Cluster\": \"batman\", \"Member\": \"a\", \"Host\": \"h1\", \"Role\": \"Leader\", "
                        "\"State\": \"running\", \"TL\": 1}, {\"Cluster\": \"batman\", \"Member\": \"b\", \"Host\": "
                        "\"h2\", \"Role\": \"Replica\", \"State\": \"streaming\", \"Receive LSN\": \"1/0\", "
                        "\"Receive Lag\": 2, \"Replay LSN\": \"unknown\"}]\n");
    assert_non_null(strstr(shown(arena, keys, false, (struct members_style){.topology = true}), "\n| + b    | h2"));
    arena_free(arena);
}

/* The cell of a column in the first row of TSV output, "" when it is not there. */
static const char *cell(struct arena *arena, const char *tsv, const char *column)
{
    char *header = arena_strdup(arena, tsv), *row = strchr(header, '\n') + 1;
    char *next_name, *next_cell;

    row[-1] = '\0';
    row[strcspn(row, "\n")] = '\0';
    for (char *name = header, *found = row; name; name = next_name, found = next_cell) {
        next_name = strchr(name, '\t');
        next_cell = strchr(found, '\t');
        if (next_name)
            *next_name++ = *next_cell++ = '\0';
        if (strcmp(name, column) == 0)
            return found;
    }
    return "";
}

static const char *host_of(struct arena *arena, const char *first, const char *second)
{
    const char *const keys[] = {"members/a", first, "members/b", second, NULL};
    const char *tsv = shown(arena, keys, false, TSV);

    return tsv ? cell(arena, tsv, "Host") : NULL;
}

static void hosts_and_ports(void **state)
{
    struct arena *arena = arena_new(NULL);
    const char *usual = "{\"conn_url\": \"postgres://h/\"}", *other = "{\"conn_url\": \"postgres://i:1/\"}";

    (void)state;
    assert_string_equal(host_of(arena, usual, "{}"), "h");
    assert_string_equal(host_of(arena, usual, usual), "h:5432");
    assert_string_equal(host_of(arena, usual, other), "h:5432");
    assert_string_equal(host_of(arena, "{\"conn_kwargs\": {\"host\": \"x\"}}", other), "x");
    assert_string_equal(host_of(arena, "{\"conn_kwargs\": {\"host\": \"x\", \"port\": \"0\"}}", usual), "x");
    assert_string_equal(host_of(arena, "{\"conn_kwargs\": {\"host\": 5, \"port\": 5432}}", usual), "5");
    assert_null(host_of(arena, "{\"conn_kwargs\": {\"host\": 5, \"port\": 5432}}", other));
    assert_null(host_of(arena, "{\"conn_kwargs\": {\"host\": [1], \"port\": 5432}}", usual));
    assert_string_equal(host_of(arena, "{\"conn_kwargs\": {\"host\": 1}}", "{\"conn_kwargs\": {\"host\": true}}"), "1");
    arena_free(arena);
}

/* Hosts that are no text are compared each with each, but not of a thousand members and more. */
static void many_odd_hosts(void **state)
{
    enum { MOST = 1000 };
    struct arena *arena = arena_new(NULL);
    const char **keys = arena_calloc(arena, (size_t)2 * (MOST + 1) + 1, sizeof *keys);

    (void)state;
    for (size_t i = 0; i <= MOST; i++) {
        keys[2 * i] = arena_printf(arena, "members/m%04zu", i);
        keys[2 * i + 1] = "{\"conn_kwargs\": {\"host\": 5, \"port\": 5432}}";
    }
    assert_string_equal(cell(arena, shown(arena, keys, false, TSV), "Host"), "5");
    keys[(size_t)2 * MOST] = NULL;
    assert_null(shown(arena, keys, false, TSV)); /* with the port, which is added to text only */
    arena_free(arena);
}

static const char *cell_of(struct arena *arena, const char *member, const char *column)
{
    const char *const keys[] = {"members/a", member, "status", "100", NULL};
    struct members_style style = TSV;

    style.extended = true;
    const char *tsv = shown(arena, keys, false, style);

    return tsv ? cell(arena, tsv, column) : NULL;
}

/* A standby after its restart: its walreceiver would begin at the start of a segment that it has replayed long since.
 */
static void received_before_replayed(void **state)
{
    static const char *const keys[] = {"leader",    "a",
                                       "members/a", "{}",
                                       "members/b", "{\"receive_lsn\": 83886080, \"replay_lsn\": 97517568}",
                                       "members/c", "{\"receive_lsn\": 97517568, \"replay_lsn\": 83886080}",
                                       "status",    "97517568",
                                       NULL};
    struct members_style style = TSV;
    struct arena *arena = arena_new(NULL);

    (void)state;
    assert_non_null(strstr(shown(arena, keys, false, style), "0/5000000\t13\t0/5D00000\t0\n"));
    style.differences = differences_for("pgha");
    assert_non_null(strstr(shown(arena, keys, false, style), "0/5000000\t0\t0/5D00000\t0\n"));
    assert_non_null(strstr(shown(arena, keys, false, style), "0/5D00000\t0\t0/5000000\t13\n"));
    arena_free(arena);
}

static void odd_cells(void **state)
{
    struct arena *arena = arena_new(NULL);

    (void)state;
    assert_string_equal(cell_of(arena, "{\"timeline\": null}", "TL"), "None");
    assert_string_equal(cell_of(arena, "{\"state\": {\"a\": [1.0]}}", "State"), "{'a': [1.0]}");
    assert_string_equal(cell_of(arena, "{\"receive_lsn\": -1}", "Receive LSN"), "-1/FFFFFFFF");
    assert_string_equal(cell_of(arena, "{\"receive_lsn\": 79228162514264337593543950336}", "Receive LSN"),
                        "10000000000000000/0");
    assert_string_equal(cell_of(arena, "{\"receive_lsn\": -1125899906842624000}", "Receive Lag"), "1073741824000");
    assert_string_equal(cell_of(arena, "{\"state\": \"streaming\", \"xlog_location\": 1}", "Receive LSN"), "0/1");
    assert_string_equal(cell_of(arena, "{\"state\": \"running\", \"xlog_location\": 1}", "Replay LSN"), "0/1");
    assert_string_equal(cell_of(arena, "{\"pending_restart\": \"no\"}", "Pending restart"), "*");
    assert_string_equal(cell_of(arena, "{\"tags\": {}}", "Tags"), "{}");
    assert_string_equal(cell_of(arena, "{\"tags\": {\"b\": 1, \"a\": null}}", "Tags"), "{a: null, b: 1}");
    assert_string_equal(cell_of(arena, "{\"scheduled_restart\": {\"schedule\": 5}}", "Scheduled restart"), "5");
    assert_string_equal(
        cell_of(arena, "{\"scheduled_restart\": {\"schedule\": \"t\", \"postgres_version\": 17}}", "Scheduled restart"),
        "t if version < 17");
    arena_free(arena);
}

static void cells_patronictl_dies_of(void **state)
{
    static const char *const bad[] = {
        "{\"scheduled_restart\": null}",
        "{\"scheduled_restart\": {}}",
        "{\"scheduled_restart\": {\"schedule\": 5, \"postgres_version\": \"17\"}}",
        "{\"pending_restart_reason\": null}",
        "{\"pending_restart_reason\": {\"a\": {\"old_value\": \"x\"}}}",
        "{\"pending_restart_reason\": {\"a\": {\"old_value\": \"x\", \"new_value\": 1}}}",
    };
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_null(cell_of(arena, bad[i], "TL"));
    arena_free(arena);
}

/* Exactly fifty characters are still shown; columns are there for members with a host only. */
static void reasons(void **state)
{
    static const char member[] = "{\"conn_url\": \"postgres://h/\", \"pending_restart_reason\": {"
                                 "\"a\": {\"old_value\": \"\u00e90123456789012345678901234567890123456789\", "
                                 "\"new_value\": \"%s\"}}}";
    struct arena *arena = arena_new(NULL);
    const char *keys[] = {"members/a", arena_printf(arena, member, "1234"), NULL};

    (void)state;
    assert_non_null(strstr(shown(arena, keys, false, PRETTY), "0123456789->1234 |"));
    keys[1] = arena_printf(arena, member, "12345");
    assert_non_null(strstr(shown(arena, keys, false, PRETTY), "| a: [hidden - too long] |"));
    assert_non_null(strstr(shown(arena, keys, false, TSV), "0123456789->12345"));
    keys[1] = "{\"pending_restart\": true, \"tags\": {\"a\": 1}}";
    assert_null(strstr(shown(arena, keys, false, PRETTY), "ending"));
    arena_free(arena);
}

static void citus(void **state)
{
    static const char *const keys[] = {"0/members/c",  "{}", "10/config",   "{\"pause\": true}",
                                       "10/members/w", "{}", "2/members/v", "{}",
                                       "2/initialize", "x",  NULL};
    struct arena *arena = arena_new(NULL);

    (void)state;
    assert_string_equal(shown(arena, keys, true, PRETTY),
                        "+ Citus cluster: batman +---------+-------+----+-------------+-----+------------+-----+\n"
                        "| Group | Member | Host | Role    | State | TL | Receive LSN | Lag | Replay LSN | Lag |\n"
                        "+-------+--------+------+---------+-------+----+-------------+-----+------------+-----+\n"
                        "|     0 | c      |      | Replica |       |    |     unknown |     |    unknown |     |\n"
                        "|     2 | v      |      | Replica |       |    |     unknown |     |    unknown |     |\n"
                        "|    10 | w      |      | Replica |       |    |     unknown |     |    unknown |     |\n"
                        "+-------+--------+------+---------+-------+----+-------------+-----+------------+-----+\n"
                        "Citus group: 10\n"
                        " Maintenance mode: on\n");
    arena_free(arena);
}

/* The row of a member as a drawn table with colours has it, without its blanks. */
static const char *coloured_row(struct arena *arena, const char *const *keys, const char *name)
{
    const struct members_style style = {.table = {.colour = true}};
    const char *row = strstr(shown(arena, keys, false, style), arena_printf(arena, "\n| %s ", name));
    struct str bare;

    assert_non_null(row);
    str_init(&bare, arena);
    for (row++; *row != '\n'; row++)
        if (*row != ' ')
            str_add_char(&bare, *row);
    return bare.text;
}

#define GREEN "\033[32m"
#define CYAN "\033[36m"
#define YELLOW "\033[33m"
#define RED "\033[1;31m"
#define END "\033[0m"

static void what_is_coloured(void **state)
{
    static const char *const keys[] = {
        "config",    "{\"synchronous_mode\": true, \"maximum_lag_on_failover\": 100}",
        "leader",    "a",
        "members/a", "{\"state\": \"running\", \"timeline\": 1}",
        "members/b", "{\"state\": \"streaming\", \"receive_lsn\": 10000, \"replay_lsn\": 9900}",
        "members/c", "{\"state\": \"in archive recovery\", \"receive_lsn\": 9900, \"replay_lsn\": 9899}",
        "members/d", "{\"state\": \"creating replica\"}",
        "members/e", "{\"state\": \"start failed\", \"xlog_location\": 10000}",
        "status",    "{\"optime\": 10000}",
        "sync",      "{\"leader\": \"a\", \"sync_standby\": \"b\"}",
        NULL,
    };
    struct arena *arena = arena_new(NULL);

    (void)state;
    assert_string_equal(coloured_row(arena, keys, "a"), "|a||" GREEN "Leader" END "|running|1|||||");
    assert_string_equal(coloured_row(arena, keys, "b"), "|b||" CYAN "SyncStandby" END "|streaming||0/2710|0|0/26AC|0|");
    assert_string_equal(coloured_row(arena, keys, "c"),
                        "|c||Replica|inarchiverecovery||0/26AC|0|0/26AB|" YELLOW "0" END "|");
    assert_string_equal(coloured_row(arena, keys, "d"), "|d||Replica|" YELLOW "creatingreplica" END "||" YELLOW
                                                        "unknown" END "||" YELLOW "unknown" END "||");
    assert_string_equal(coloured_row(arena, keys, "e"), "|e||Replica|" RED "startfailed" END "||unknown||0/2710|0|");
    arena_free(arena);
}

static void notes_and_pending_restarts(void **state)
{
    static const char *const keys[] = {
        "config",    "{\"pause\": true}",
        "failover",  "{\"leader\": \"a\\u001b[2J\", \"scheduled_at\": \"2030-01-01T00:00:00+00:00\"}",
        "members/a", "{\"state\": \"running\", \"conn_url\": \"postgres://h/\", \"pending_restart\": true}",
        NULL,
    };
    const struct members_style style = {.table = {.colour = true, .clean = true}};
    struct arena *arena = arena_new(NULL);

    (void)state;
    assert_non_null(strstr(coloured_row(arena, keys, "a"), "|" YELLOW "*" END "|"));
    assert_non_null(strstr(shown(arena, keys, false, style), "\n" YELLOW " Maintenance mode: on" END "\n" YELLOW
                                                             " Switchover scheduled at: 2030-01-01T00:00:00+00:00" END
                                                             "\n" YELLOW "                    from: a" END "\n"));
    assert_null(strchr(
        shown(arena, keys, false, (struct members_style){.table = {.format = FORMAT_JSON, .colour = true}}), '\033'));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cluster),
        cmocka_unit_test(hosts_and_ports),
        cmocka_unit_test(many_odd_hosts),
        cmocka_unit_test(received_before_replayed),
        cmocka_unit_test(odd_cells),
        cmocka_unit_test(reasons),
        cmocka_unit_test(citus),
        cmocka_unit_test(cells_patronictl_dies_of),
        cmocka_unit_test(what_is_coloured),
        cmocka_unit_test(notes_and_pending_restarts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
