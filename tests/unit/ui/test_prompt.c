#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "pgha/arena.h"
#include "pgha/prompt.h"
#include "pgha/signals.h"
#include "pgha/str.h"

struct world {
    struct ctx ctx;
    struct err err;
    char *shown;
    size_t shown_size;
    size_t looked_at; /* of what was shown */
};

static int setup(void **state)
{
    struct world *world = calloc(1, sizeof *world);

    world->ctx.arena = arena_new(NULL);
    world->ctx.out = open_memstream(&world->shown, &world->shown_size);
    *state = world;
    return 0;
}

static int teardown(void **state)
{
    struct world *world = *state;

    fclose(world->ctx.out);
    if (world->ctx.in)
        fclose(world->ctx.in);
    arena_free(world->ctx.arena);
    free(world->shown);
    free(world);
    return 0;
}

static void type(struct world *world, const char *text)
{
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], text, strlen(text)), strlen(text));
    close(ends[1]);
    if (world->ctx.in)
        fclose(world->ctx.in);
    world->ctx.in = fdopen(ends[0], "r");
    setvbuf(world->ctx.in, NULL, _IONBF, 0);
}

/* What was shown since the last time. */
static const char *shown(struct world *world)
{
    fflush(world->ctx.out);
    const char *text = arena_strdup(world->ctx.arena, world->shown + world->looked_at);
    world->looked_at = world->shown_size;
    return text;
}

static void asks_for_text(void **state)
{
    struct world *world = *state;
    const char *answer;

    type(world, "\n\n pg1 \r\n\npg2");
    assert_true(prompt_text(&world->ctx, "Which", NULL, &answer, &world->err));
    assert_string_equal(answer, " pg1 \r");
    assert_string_equal(shown(world), "Which: Which: Which: ");
    assert_true(prompt_text(&world->ctx, "When", "now", &answer, &world->err));
    assert_string_equal(answer, "now");
    assert_string_equal(shown(world), "When [now]: ");
    assert_true(prompt_text(&world->ctx, "Candidate ['pg2']", "", &answer, &world->err));
    assert_string_equal(answer, "pg2");
    assert_string_equal(shown(world), "Candidate ['pg2'] []: ");
    assert_false(prompt_text(&world->ctx, "More", "", &answer, &world->err));
    assert_int_equal(world->err.kind, ERR_ABORTED);
    assert_string_equal(world->err.message, ERR_MESSAGE_ABORTED);
}

static void leaves_the_rest(void **state)
{
    struct world *world = *state;
    const char *answer;
    char rest[8] = "";

    type(world, "one\ntwo\n");
    assert_true(prompt_text(&world->ctx, "Which", NULL, &answer, &world->err));
    assert_int_equal(read(fileno(world->ctx.in), rest, sizeof rest), 4);
    assert_string_equal(rest, "two\n");
}

static void asks_for_numbers(void **state)
{
    struct world *world = *state;
    long long number;

    type(world, "x\n\n1.5\n -1 \n");
    assert_true(prompt_int(&world->ctx, "Citus group", &number, &world->err));
    assert_int_equal(number, -1);
    assert_string_equal(shown(world), "Citus group: Error: 'x' is not a valid integer.\n"
                                      "Citus group: Citus group: Error: '1.5' is not a valid integer.\n"
                                      "Citus group: ");
    assert_false(prompt_int(&world->ctx, "Citus group", &number, &world->err));
    assert_int_equal(world->err.kind, ERR_ABORTED);
}

static void asks_for_consent(void **state)
{
    static const struct {
        const char *typed;
        bool yes;
    } cases[] = {{"y\n", true}, {" YES \r\n", true}, {"yes", true}, {"\n", false}, {"  \n", false}, {"No\n", false}};
    struct world *world = *state;
    bool yes;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        yes = !cases[i].yes;
        type(world, cases[i].typed);
        assert_true(prompt_confirm(&world->ctx, "Sure?", &yes, &world->err));
        assert_int_equal(yes, cases[i].yes);
        assert_string_equal(shown(world), "Sure? [y/N]: ");
    }
    type(world, "yep\nn\n");
    assert_true(prompt_confirm(&world->ctx, "Sure?", &yes, &world->err));
    assert_false(yes);
    assert_string_equal(shown(world), "Sure? [y/N]: Error: invalid input\nSure? [y/N]: ");
    type(world, "");
    assert_false(prompt_confirm(&world->ctx, "Sure?", &yes, &world->err));
    assert_int_equal(world->err.kind, ERR_ABORTED);
}

/* Reads from the terminal until `text` shows after `from`; what came is appended to `seen`. */
static void await(int terminal, struct str *seen, size_t from, const char *text)
{
    char byte;

    while (!strstr(seen->text + from, text)) {
        if (read(terminal, &byte, 1) != 1)
            fail_msg("the terminal closed before \"%s\": \"%s\"", text, seen->text);
        str_add_char(seen, byte);
    }
}

/* At a terminal of its own: asks, reports the outcome and whether the echo is on again. */
static void ask_at_terminal(void)
{
    struct ctx ctx = {.arena = arena_new(NULL), .in = stdin, .out = stdout, .err = stderr};
    struct err err = ERR_INIT;
    const char *answer = "nothing";
    struct termios mode;

    setvbuf(stdin, NULL, _IONBF, 0);
    if (!signals_install())
        _exit(9);
    bool given = prompt_hidden(&ctx, "Password", &answer, &err);
    bool echo = !tcgetattr(0, &mode) && mode.c_lflag & ECHO;
    printf("<%s %s %d>\n", given ? answer : err.message, echo ? "echo" : "silence", signals_pending());
    fflush(stdout);
    arena_free(ctx.arena);
    /* The end of a terminal's leader may take with it what was written last: it stays until that was read. */
    while (read(0, &(char){0}, 1) > 0)
        ;
    _exit(0);
}

static void hides_at_a_terminal(void **state)
{
    static const struct {
        const char *typed[2]; /* each at a prompt of its own */
        const char *shown;
    } cases[] = {
        {{"s\xc3\xa9same\n"}, "Password: \r\n<s\xc3\xa9same echo 0>"},
        {{"\n", "x\n"}, "Password: \r\nPassword: \r\n<x echo 0>"},
        {{"half\x03"}, "Password: \r\n<Aborted! echo 0>"},
        {{"\x04"}, "Password: \r\n<Aborted! echo 0>"},
    };
    struct world *world = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str seen;
        int terminal, status;
        pid_t child = forkpty(&terminal, NULL, NULL, NULL);

        if (!child)
            ask_at_terminal();
        assert_true(child > 0);
        str_init(&seen, world->ctx.arena);
        for (size_t step = 0, from = 0; step < 2 && cases[i].typed[step]; step++, from = seen.length) {
            const char *typed = cases[i].typed[step];

            await(terminal, &seen, from, "Password: ");
            assert_int_equal(write(terminal, typed, strlen(typed)), strlen(typed));
        }
        await(terminal, &seen, 0, ">");
        assert_string_equal(seen.text, cases[i].shown);
        close(terminal);
        waitpid(child, &status, 0);
        assert_int_equal(status, 0);
    }
}

/* Without a terminal the password comes from the input, with a warning. */
static void hides_nothing_in_a_pipe(void **state)
{
    struct world *world = *state;
    FILE *err = tmpfile();
    char warned[200] = "";
    int status;

    type(world, "sesame\n");
    fflush(NULL);
    pid_t child = fork();
    if (!child) {
        const char *answer = "";

        setsid();
        world->ctx.err = err;
        _exit(prompt_hidden(&world->ctx, "Password", &answer, &world->err) && str_equal(answer, "sesame") ? 0 : 1);
    }
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
    rewind(err);
    assert_true(fread(warned, 1, sizeof warned - 1, err) > 0);
    fclose(err);
    assert_string_equal(warned, "Warning: Password input may be echoed.\n \n");
}

static void is_interrupted(void **state)
{
    struct world *world = *state;
    int ends[2];
    bool yes;

    assert_true(signals_install());
    assert_int_equal(pipe(ends), 0);
    world->ctx.in = fdopen(ends[0], "r");
    raise(SIGINT);
    assert_false(prompt_confirm(&world->ctx, "Sure?", &yes, &world->err));
    assert_string_equal(world->err.message, ERR_MESSAGE_ABORTED);
    assert_int_equal(signals_pending(), 0);
    raise(SIGTERM);
    assert_false(prompt_confirm(&world->ctx, "Sure?", &yes, &world->err));
    assert_int_equal(signals_pending(), SIGTERM);
    signals_clear();
    close(ends[1]);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(asks_for_text),       TEST(leaves_the_rest),         TEST(asks_for_numbers), TEST(asks_for_consent),
        TEST(hides_at_a_terminal), TEST(hides_nothing_in_a_pipe), TEST(is_interrupted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
