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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
