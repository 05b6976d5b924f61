#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "../../../src/run/complete.h"
#include "pgha/arena.h"

struct answer {
    bool good;
    int status;
    char *out;
};

static struct answer ask(const char *prog, const char *instruction, const char *words, const char *cword)
{
    struct answer answer = {0};
    struct arena *arena = arena_new(NULL);
    struct ctx ctx = {.arena = arena, .prog = prog, .differences.as_patronictl = strcmp(prog, "patronictl") == 0};
    struct err err = ERR_INIT;
    size_t size;

    setenv("COMP_WORDS", words, 1);
    setenv("COMP_CWORD", cword, 1);
    ctx.out = open_memstream(&answer.out, &size);
    answer.good = complete_answer(&ctx, instruction, &err);
    fclose(ctx.out);
    answer.status = ctx.status;
    arena_free(arena);
    return answer;
}

static void check(const char *prog, const char *instruction, const char *words, const char *cword, const char *out)
{
    struct answer answer = ask(prog, instruction, words, cword);

    assert_true(answer.good);
    assert_int_equal(answer.status, 0);
    assert_string_equal(answer.out, out);
    free(answer.out);
}

/* Holds DIFF_COMPLETION. */
static void completes_commands(void **state)
{
    (void)state;
    check("pgha", "bash_complete", "pgha topo", "1", "plain,topology\n");
    check("patronictl", "bash_complete", "patronictl topo", "1", "plain,topology\n");
    check("pgha", "bash_complete", "pgha sta", "9", "\n");
}

static void prints_scripts(void **state)
{
    static const char *const shells[] = {"bash_source", "zsh_source", "fish_source"};

    (void)state;
    for (size_t i = 0; i < sizeof shells / sizeof *shells; i++) {
        struct answer answer = ask("pgha", shells[i], "", "");

        assert_true(answer.good);
        assert_int_equal(answer.status, 0);
        assert_non_null(strstr(answer.out, "_PGHA_COMPLETE"));
        free(answer.out);
    }
}

static void says_nothing_to_what_nobody_knows(void **state)
{
    static const char *const instructions[] = {"bash", "bash_", "bash_other", "csh_source", "_source", "x"};

    (void)state;
    for (size_t i = 0; i < sizeof instructions / sizeof *instructions; i++) {
        struct answer answer = ask("pgha", instructions[i], "", "");

        assert_true(answer.good);
        assert_int_equal(answer.status, 1);
        assert_string_equal(answer.out, "");
        free(answer.out);
    }
}

static void needs_a_line(void **state)
{
    struct answer answer = ask("pgha", "bash_complete", "", "x");

    (void)state;
    assert_false(answer.good);
    free(answer.out);
}

static void variables_name_the_program(void **state)
{
    struct arena *arena = arena_new(NULL);
    const char *prog = "pgha";

    (void)state;
    unsetenv("_PGHA_COMPLETE");
    unsetenv("_PATRONICTL_COMPLETE");
    assert_null(complete_asked(arena, &prog));
    setenv("_PATRONICTL_COMPLETE", "zsh_source", 1);
    assert_string_equal(complete_asked(arena, &prog), "zsh_source");
    assert_string_equal(prog, "patronictl");
    prog = "pgha";
    setenv("_PGHA_COMPLETE", "bash_source", 1);
    assert_string_equal(complete_asked(arena, &prog), "bash_source");
    assert_string_equal(prog, "pgha");
    setenv("_PGHA_COMPLETE", "", 1);
    unsetenv("_PATRONICTL_COMPLETE");
    assert_null(complete_asked(arena, &prog));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(completes_commands),
        cmocka_unit_test(prints_scripts),
        cmocka_unit_test(says_nothing_to_what_nobody_knows),
        cmocka_unit_test(needs_a_line),
        cmocka_unit_test(variables_name_the_program),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
