#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pgha/arena.h"
#include "pgha/click.h"

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
        {"list --extended --time", "--timestamp "},
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(candidates),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
