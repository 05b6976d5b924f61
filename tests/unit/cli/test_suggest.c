#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../../src/cli/suggest.h"
#include "pgha/arena.h"

/* What Python's difflib.get_close_matches() and click make of the words. */
static void finds(void **state)
{
    static const char *const known[] = {"--group", "--role", "--any", "--pending", "--pg", "--force", "--help"};
    static const char *const cases[][2] = {
        {"--forc", " Did you mean --force?"},
        {"--", " Did you mean --pg?"},
        {"--p", " (Possible options: --group, --help, --pg)"},
        {"--grup", " (Possible options: --group, --pg)"},
        {"--nonsense", ""},
        {"--\xc3\xa4ny", " Did you mean --any?"},
        {"--ending", " Did you mean --pending?"},
    };
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(suggest(arena, cases[i][0], known, sizeof known / sizeof *known), cases[i][1]);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(finds)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
