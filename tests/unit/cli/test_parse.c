#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "pgha/arena.h"
#include "pgha/parse.h"

static const char *const kinds[] = {"restart", "switchover", NULL};

struct filled {
    bool all, own;
    const char *name, *kind, *target, *cluster;
    struct opt_int number;
    struct opt_float seconds;
    struct opt_list set, members;
    FILE *file;
};

static const struct opt opts[] = {
    {.names = "--all|-a", .kind = OPT_FLAG, .offset = offsetof(struct filled, all)},
    {.names = "--name|-n", .kind = OPT_STRING, .envvar = "PGHA_TEST_NAME", .offset = offsetof(struct filled, name)},
    {.names = "--kind",
     .kind = OPT_CHOICE,
     .choices = kinds,
     .preset = "restart",
     .offset = offsetof(struct filled, kind)},
    {.names = "--number", .kind = OPT_INT, .group_default = true, .offset = offsetof(struct filled, number)},
    {.names = "-w|--watch", .kind = OPT_FLOAT, .offset = offsetof(struct filled, seconds)},
    {.names = "--set|-s", .kind = OPT_LIST, .offset = offsetof(struct filled, set)},
    {.names = "--file", .kind = OPT_FILE, .offset = offsetof(struct filled, file)},
    {.names = "--own", .kind = OPT_FLAG, .pgha_only = true, .offset = offsetof(struct filled, own)},
    {.names = NULL},
};

static const struct arg args[] = {
    {.name = "cluster_name", .required = true, .offset = offsetof(struct filled, cluster)},
    {.name = "member_names", .many = true, .offset = offsetof(struct filled, members)},
    {.name = "target", .choices = kinds, .required = true, .offset = offsetof(struct filled, target)},
    {.name = NULL},
};

static const struct arg scope_args[] = {
    {.name = "cluster_name", .scope_default = true, .offset = offsetof(struct filled, cluster)},
    {.name = NULL},
};

static const struct cmd cmd = {.name = "try", .opts = opts, .args = args, .args_size = sizeof(struct filled)};
static const struct cmd scope_cmd = {
    .name = "try", .opts = opts, .args = scope_args, .args_size = sizeof(struct filled)};

struct world {
    struct arena *arena;
    struct parse parse;
    struct parsed parsed;
    struct filled filled;
    struct err err;
};

static int setup(void **state)
{
    struct world *world = calloc(1, sizeof *world);

    world->arena = arena_new(NULL);
    world->parse = (struct parse){.arena = world->arena, .differences.as_patronictl = true, .in = stdin};
    *state = world;
    unsetenv("PGHA_TEST_NAME");
    return 0;
}

static int teardown(void **state)
{
    struct world *world = *state;

    arena_free(world->arena);
    free(world);
    return 0;
}

/* Words end with NULL. */
static bool try_words(struct world *world, const struct cmd *what, const char *const *words)
{
    size_t count = 0;

    while (words[count])
        count++;
    world->filled = (struct filled){0};
    return parse_command(&world->parse, what, count, words, &world->filled, &world->parsed, &world->err);
}

#define TRY(world, what, ...) try_words((world), (what), (const char *[]){__VA_ARGS__, NULL})

static void fills(void **state)
{
    struct world *world = *state;

    assert_true(
        TRY(world, &cmd, "batman", "-an", "x", "pg1", "--set=a=1", "-sb", "--watch", "1_0", "--", "-a", "restart"));
    assert_true(world->filled.all);
    assert_string_equal(world->filled.name, "x");
    assert_string_equal(world->filled.kind, "restart");
    assert_false(world->filled.number.given);
    assert_true(world->filled.seconds.given && world->filled.seconds.number == 10);
    assert_int_equal(world->filled.set.count, 2);
    assert_string_equal(world->filled.set.items[0], "a=1");
    assert_string_equal(world->filled.set.items[1], "b");
    assert_string_equal(world->filled.cluster, "batman");
    assert_int_equal(world->filled.members.count, 2);
    assert_string_equal(world->filled.members.items[0], "pg1");
    assert_string_equal(world->filled.members.items[1], "-a");
    assert_string_equal(world->filled.target, "restart");
}

static void last_value_counts(void **state)
{
    struct world *world = *state;

    assert_true(TRY(world, &scope_cmd, "--number", "x", "--number=-7", "-n=y", "-n", "--all"));
    assert_int_equal(world->filled.number.number, -7);
    assert_string_equal(world->filled.name, "--all");
    assert_false(world->filled.all);
    assert_null(world->filled.cluster);
}

static void takes_defaults(void **state)
{
    struct world *world = *state;
    struct value citus = value_map();

    setenv("PGHA_TEST_NAME", "", 1);
    world->parse.scope = "batman";
    world->parse.citus = &citus;
    assert_true(TRY(world, &scope_cmd, "--"));
    assert_null(world->filled.name);
    assert_string_equal(world->filled.cluster, "batman");
    assert_false(world->filled.number.given);

    setenv("PGHA_TEST_NAME", "robin", 1);
    value_map_set(world->arena, &citus, "group", value_int(3));
    assert_true(TRY(world, &scope_cmd, ""));
    assert_string_equal(world->filled.name, "robin");
    assert_string_equal(world->filled.cluster, "");
    assert_int_equal(world->filled.number.number, 3);

    value_map_set(world->arena, &citus, "group", value_float(2.9));
    assert_true(TRY(world, &scope_cmd, "x"));
    assert_int_equal(world->filled.number.number, 2);
    value_map_set(world->arena, &citus, "group", value_string("two"));
    assert_false(TRY(world, &scope_cmd, "x"));
    assert_int_equal(world->err.kind, ERR_USAGE);
    assert_string_equal(world->err.message, "Invalid value for '--number': 'two' is not a valid integer.");
    value_map_set(world->arena, &citus, "group", value_list());
    assert_false(TRY(world, &scope_cmd, "x"));
    assert_int_equal(world->err.kind, ERR_FAILED);
    citus = value_list();
    assert_false(TRY(world, &scope_cmd, "x"));
    assert_int_equal(world->err.kind, ERR_FAILED);
    assert_true(TRY(world, &scope_cmd, "x", "--number", "1"));
}

static void opens_files(void **state)
{
    struct world *world = *state;

    assert_true(TRY(world, &scope_cmd, "--file", "-"));
    assert_ptr_equal(world->filled.file, stdin);
    assert_true(TRY(world, &scope_cmd, "--file=/dev/null"));
    assert_non_null(world->filled.file);
    assert_int_equal(fgetc(world->filled.file), EOF);
    assert_false(TRY(world, &scope_cmd, "--file", "/dev/null/x"));
    assert_string_equal(world->err.message, "Invalid value for '--file': '/dev/null/x': Not a directory");
    assert_false(TRY(world, &scope_cmd, "--file", "/"));
    assert_string_equal(world->err.message, "Invalid value for '--file': '/': Is a directory");
}

/* Each message is what click 8.1 prints for the same declarations. */
static void complains(void **state)
{
    static const struct {
        const char *words[4];
        const char *message;
        bool bare;
    } cases[] = {
        {{"x"}, "Missing argument '{restart|switchover}'. Choose from:\n\trestart,\n\tswitchover", false},
        {{"--all"}, "Missing argument 'CLUSTER_NAME'.", false},
        {{"c", "x"}, "Invalid value for '{restart|switchover}': 'x' is not one of 'restart', 'switchover'.", false},
        {{"--kind", "x"}, "Invalid value for '--kind': 'x' is not one of 'restart', 'switchover'.", false},
        {{"--watch=often", "--kind=x"}, "Invalid value for '-w' / '--watch': 'often' is not a valid float.", false},
        {{"--kind=x", "--watch=often"},
         "Invalid value for '--kind': 'x' is not one of 'restart', 'switchover'.",
         false},
        {{"--number", ""}, "Invalid value for '--number': '' is not a valid integer.", false},
        {{"--all=yes"}, "Option '--all' does not take a value.", true},
        {{"--help=yes"}, "Option '--help' does not take a value.", true},
        {{"--name"}, "Option '--name' requires an argument.", true},
        {{"-an"}, "Option '-n' requires an argument.", true},
        {{"-ax"}, "No such option: -x", false},
        {{"-a=x"}, "No such option: -=", false},
        {{"-\xc3\xa9"}, "No such option: -\xc3\xa9", false},
        {{"--al"}, "No such option: --al (Possible options: --all, --help, --name)", false},
        {{"--own"}, "No such option: --own", false},
        {{"---all"}, "No such option: ---all Did you mean --all?", false},
        {{"--xyzzy", "--help"}, "No such option: --xyzzy", false},
    };
    struct world *world = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_false(try_words(world, &cmd, cases[i].words));
        assert_int_equal(world->err.kind, ERR_USAGE);
        assert_string_equal(world->err.message, cases[i].message);
        assert_int_equal(world->parsed.bare, cases[i].bare);
    }
    assert_false(TRY(world, &scope_cmd, "a", "b"));
    assert_string_equal(world->err.message, "Got unexpected extra argument (b)");
    assert_false(TRY(world, &scope_cmd, "a", "b", "c d", "--", "--all"));
    assert_string_equal(world->err.message, "Got unexpected extra arguments (b c d --all)");
    world->parse.differences.as_patronictl = false;
    assert_true(TRY(world, &scope_cmd, "--own"));
    assert_true(world->filled.own);
}

static void help_goes_first(void **state)
{
    struct world *world = *state;

    assert_true(TRY(world, &cmd, "--number", "x", "--help"));
    assert_true(world->parsed.help);
    assert_true(TRY(world, &cmd, "c", "--", "--help", "restart"));
    assert_false(world->parsed.help);
}

static void globals_end_at_the_command(void **state)
{
    struct world *world = *state;
    struct globals globals = {0};
    const char *words[] = {"-kc", "x.yml", "list", "-c", "y.yml"};
    const char *separated[] = {"--", "-k"};

    unsetenv("DCS_URL");
    assert_true(parse_globals(&world->parse, 5, words, &globals, &world->parsed, &world->err));
    assert_true(globals.insecure);
    assert_string_equal(globals.config_file, "x.yml");
    assert_null(globals.dcs_url);
    assert_int_equal(world->parsed.end, 2);
    globals.insecure = false;
    assert_true(parse_globals(&world->parse, 2, separated, &globals, &world->parsed, &world->err));
    assert_false(globals.insecure);
    assert_int_equal(world->parsed.end, 1);
    setenv("DCS_URL", "etcd://x", 1);
    assert_true(parse_globals(&world->parse, 1, words, &globals, &world->parsed, &world->err) == false);
    assert_true(world->parsed.bare);
    assert_true(parse_globals(&world->parse, 2, separated, &globals, &world->parsed, &world->err));
    assert_string_equal(globals.dcs_url, "etcd://x");
    unsetenv("DCS_URL");
}

static void finds_commands(void **state)
{
    static const struct cmd other = {.name = "own", .pgha_only = true};
    static const struct cmd *const table[] = {&cmd, &other, NULL};

    (void)state;
    assert_ptr_equal(parse_find_command(table, "try", differences_for("patronictl")), &cmd);
    assert_ptr_equal(parse_find_command(table, "own", differences_for("pgha")), &other);
    assert_null(parse_find_command(table, "own", differences_for("patronictl")));
    assert_null(parse_find_command(table, "tr", differences_for("pgha")));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(fills),
        TEST(last_value_counts),
        TEST(takes_defaults),
        TEST(opens_files),
        TEST(complains),
        TEST(help_goes_first),
        TEST(globals_end_at_the_command),
        TEST(finds_commands),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
