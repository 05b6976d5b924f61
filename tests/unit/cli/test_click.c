#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pgha/arena.h"
#include "pgha/click.h"

/* The words in brackets, then the last one. */
static const char *read_line(struct arena *arena, enum click_shell shell, const char *words, const char *index)
{
    struct click_line line;
    struct err err = ERR_INIT;
    struct str str;

    str_init(&str, arena);
    if (!click_read(arena, shell, words, index, &line, &err)) {
        assert_int_equal(err.kind, ERR_FAILED);
        return "error";
    }
    for (size_t i = 0; i < line.words.count; i++)
        str_printf(&str, "[%s]", line.words.items[i]);
    str_add(&str, line.last);
    return str.text;
}

static void reads(void **state)
{
    static const struct {
        enum click_shell shell;
        const char *words;
        const char *index;
        const char *expected;
    } rows[] = {
        {CLICK_BASH, "p list de", "2", "[list]de"},
        {CLICK_ZSH, "p\nlist\nde", "1", "list"},
        {CLICK_BASH, "p list ", "2", "[list]"},
        {CLICK_BASH, "p list", "9", "[list]"},
        {CLICK_BASH, "p a b", "-1", "[a]b"},
        {CLICK_BASH, "p a b", "0", "p"},
        {CLICK_BASH, "", "0", ""},
        {CLICK_BASH, "", "-1", ""},
        {CLICK_BASH, "p \"a b\" 'c\\' d\\ e", "4", "[a b][c\\][d e]"},
        {CLICK_BASH, "p \"a\\\"b\\c\" ''", "3", "[a\"b\\c][]"},
        {CLICK_BASH, "p 'a b", "1", "a b"},
        {CLICK_BASH, "p a\\", "1", "a"},
        {CLICK_BASH, "p a", "one", "error"},
        {CLICK_BASH, NULL, "1", "error"},
        {CLICK_BASH, "p", NULL, "error"},
        {CLICK_FISH, "p list de", "de", "[list]de"},
        {CLICK_FISH, "p list ", "", "[list]"},
        {CLICK_FISH, "", "", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena *arena = arena_new(NULL);

        assert_string_equal(read_line(arena, rows[i].shell, rows[i].words, rows[i].index), rows[i].expected);
        arena_free(arena);
    }
}

/* What click's own code offered for these lines; "error" where it dies. */
static void candidates(void **state)
{
    static const struct {
        const char *line;
        const char *expected;
    } rows[] = {
        {"res", "restart resume "},
        {"-k -", "--config-file -c --dcs-url --dcs -d --help "},
        {"-c ", ""},
        {"-c", "-c "},
        {"nope re", "reinit reload remove restart resume "},
        {"list demo x --f", "--format "},
        {"list -f ", "pretty tsv json yaml yml "},
        {"list -f t", "tsv "},
        {"list --format=y", "yaml yml "},
        {"list --format =", "pretty tsv json yaml yml "},
        {"list -- -", ""},
        {"list --nope --ext", "--extended "},
        {"query -", "error"},
        {"query demo --co", "--command "},
        {"query demo --file ", "error"},
        {"pause demo --w", "error"},
        {"pause demo --group 1 --w", "--wait "},
        {"edit-config demo --group=0 -s a=b -", "--quiet -q --set -s --pg -p --apply --replace --force --help "},
        {"complete -", "--config-file -c --dcs-url --dcs -d -k --insecure --help "},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena *arena = arena_new(NULL);
        struct click_line line;
        struct completion completion;
        struct err err = ERR_INIT;
        struct str str;

        str_init(&str, arena);
        assert_true(click_read(arena, CLICK_BASH, arena_printf(arena, "p %s", rows[i].line), "99", &line, &err));
        /* The last word is the one to complete. */
        if (!str_ends_with(rows[i].line, " "))
            line.last = line.words.items[--line.words.count];
        if (!click_complete(arena, &line, &completion, &err))
            str_add(&str, "error");
        else
            for (size_t n = 0; n < completion.count; n++)
                str_printf(&str, "%s ", completion.items[n].text);
        assert_string_equal(str.text, rows[i].expected);
        arena_free(arena);
    }
}

static void names(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct str str;

    (void)state;
    assert_string_equal(click_variable(arena, "patronictl"), "_PATRONICTL_COMPLETE");
    assert_string_equal(click_variable(arena, "pg-ha.2"), "_PG_HA_2_COMPLETE");
    assert_int_equal(click_shell("fish_source", 4), CLICK_FISH);
    assert_int_equal(click_shell("ksh", 3), CLICK_NO_SHELL);
    assert_int_equal(click_shell("", 0), CLICK_NO_SHELL);
    str_init(&str, arena);
    click_script(arena, CLICK_BASH, "my-prog", &str);
    assert_non_null(strstr(str.text, "_my_prog_completion() {\n"));
    assert_non_null(strstr(str.text, " _MY_PROG_COMPLETE=bash_complete "));
    str_init(&str, arena);
    click_script(arena, CLICK_FISH, "a; b'c", &str);
    assert_non_null(strstr(str.text, "--command 'a; bc' "));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads),
        cmocka_unit_test(candidates),
        cmocka_unit_test(names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
