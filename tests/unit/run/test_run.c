#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pgha/run.h"

struct outcome {
    int status;
    char *out;
    char *err;
};

static struct outcome call(const char *prog, const char *const *words)
{
    struct outcome outcome = {0};
    size_t out_size, err_size, count = 0;
    struct run run = {.prog = prog, .differences.as_patronictl = strcmp(prog, "patronictl") == 0, .in = stdin};

    run.out = open_memstream(&outcome.out, &out_size);
    run.err = open_memstream(&outcome.err, &err_size);
    while (words[count])
        count++;
    outcome.status = run_main(&run, count, words);
    fclose(run.out);
    fclose(run.err);
    return outcome;
}

static void release(struct outcome *outcome)
{
    free(outcome->out);
    free(outcome->err);
}

static const char usage[] = "Usage: patronictl [OPTIONS] COMMAND [ARGS]...\nTry 'patronictl --help' for help.\n\n";

static void complains(void **state)
{
    static const struct {
        const char *words[4];
        const char *err;
        bool bare;
    } cases[] = {
        {{"frob"}, "Error: No such command 'frob'.\n", false},
        {{""}, "Error: No such command ''.\n", false},
        {{"-k"}, "Error: Missing command.\n", false},
        {{"-c", "x", "--"}, "Error: Missing command.\n", false},
        {{"--version"}, "Error: No such option: --version\n", false},
        {{"a\xff"}, "Error: No such command 'a\\udcff'.\n", false},
        {{"-\xff"}, "Error: No such option: -\\udcff\n", false},
        {{"-c"}, "Error: Option '-c' requires an argument.\n", true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct outcome outcome = call("patronictl", cases[i].words);
        const char *text = outcome.err;

        assert_int_equal(outcome.status, 2);
        assert_string_equal(outcome.out, "");
        if (!cases[i].bare) {
            assert_memory_equal(text, usage, strlen(usage));
            text += strlen(usage);
        }
        assert_string_equal(text, cases[i].err);
        release(&outcome);
    }
}

/* What does not begin like a name makes click show the help. */
static void helps(void **state)
{
    static const char *const words[][3] = {{NULL}, {"--help", "frob"}, {"-"}, {"./list"}, {"--", "--nonsense"}, {"_x"}};

    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct outcome outcome = call("patronictl", words[i]);

        assert_int_equal(outcome.status, 0);
        assert_memory_equal(outcome.out, usage, strlen("Usage: patronictl [OPTIONS] COMMAND [ARGS]...\n"));
        assert_non_null(strstr(outcome.out, "\nCommands:\n"));
        assert_string_equal(outcome.err, "");
        release(&outcome);
    }
}

static void tells_version(void **state)
{
    const char *words[] = {"--version", NULL};
    struct outcome outcome = call("pgha", words);

    (void)state;
    assert_int_equal(outcome.status, 0);
    assert_string_equal(outcome.out, "pgha " PGHA_VERSION "\n");
    release(&outcome);
}

static void checks_log_level(void **state)
{
    const char *words[] = {"list", "--help", NULL};
    struct outcome outcome;

    (void)state;
    setenv("PATRONI_LOGLEVEL", "DEBUG", 1);
    setenv("PATRONI_LOG_LEVEL", "debug", 1);
    outcome = call("patronictl", words);
    assert_int_equal(outcome.status, 1);
    assert_string_equal(outcome.err, "Error: Unknown level: 'debug'\n");
    release(&outcome);
    unsetenv("PATRONI_LOGLEVEL");
    unsetenv("PATRONI_LOG_LEVEL");
}

/* A disk that is full is an error, a reader that went away only a status. */
static void notices_lost_output(void **state)
{
    const char *words[] = {"--help"};
    struct run run = {.prog = "pgha", .in = stdin, .out = fopen("/dev/full", "w")};
    int ends[2];
    char *shown;
    size_t size;

    (void)state;
    run.err = open_memstream(&shown, &size);
    assert_int_equal(run_main(&run, 1, words), 1);
    fflush(run.err);
    assert_string_equal(shown, "Error: cannot write the output: No space left on device\n");
    fclose(run.out);

    signal(SIGPIPE, SIG_IGN);
    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    run.out = fdopen(ends[1], "w");
    rewind(run.err);
    assert_int_equal(run_main(&run, 1, words), 1);
    fflush(run.err);
    assert_int_equal(size, 0);
    fclose(run.out);
    fclose(run.err);
    free(shown);
}

/* Holds DIFF_SUGGESTIONS. */
static void suggests_commands(void **state)
{
    static const struct {
        const char *words[2];
        const char *end;
    } cases[] = {
        {{"lst"}, "Error: No such command 'lst'. Did you mean list?\n"},
        {{"failver"}, "Error: No such command 'failver'. Did you mean failover?\n"},
        {{"frobnicate"}, "Error: No such command 'frobnicate'.\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct outcome outcome = call("pgha", cases[i].words);

        assert_int_equal(outcome.status, 2);
        assert_non_null(strstr(outcome.err, cases[i].end));
        release(&outcome);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(complains),     cmocka_unit_test(suggests_commands), cmocka_unit_test(helps),
        cmocka_unit_test(tells_version), cmocka_unit_test(checks_log_level),  cmocka_unit_test(notices_lost_output)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
