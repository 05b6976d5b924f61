#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "pgha/cmd.h"

static size_t field_size(enum opt_kind kind)
{
    static const size_t sizes[] = {
        [OPT_FLAG] = sizeof(bool),           [OPT_STRING] = sizeof(const char *),
        [OPT_INT] = sizeof(struct opt_int),  [OPT_FLOAT] = sizeof(struct opt_float),
        [OPT_CHOICE] = sizeof(const char *), [OPT_LIST] = sizeof(struct opt_list),
        [OPT_FILE] = sizeof(FILE *),
    };

    return sizes[kind];
}

static void check_opts(const struct opt *opts, size_t size)
{
    for (; opts->names; opts++) {
        assert_non_null(opts->help);
        assert_int_equal(opts->kind == OPT_CHOICE, opts->choices != NULL);
        assert_true(opts->offset + field_size(opts->kind) <= size);
        for (const char *name = opts->names; name; name = opt_next_name(name))
            assert_true(name[0] == '-' && (name[1] == '-' || strcspn(name, "|") == 2));
    }
}

/* The parser writes where the rows say, and finds names by what they say. */
static void rows_make_sense(void **state)
{
    (void)state;
    check_opts(global_opts, sizeof(struct globals));
    for (const struct cmd *const *cmd = commands; *cmd; cmd++) {
        assert_true(!cmd[1] || strcmp(cmd[0]->name, cmd[1]->name) < 0);
        assert_true((*cmd)->help && (*cmd)->run);
        check_opts((*cmd)->opts, (*cmd)->args_size);
        size_t many = 0;
        for (const struct arg *arg = (*cmd)->args; arg->name; arg++) {
            assert_true(arg->offset + (arg->many ? sizeof(struct opt_list) : sizeof(char *)) <= (*cmd)->args_size);
            assert_false(arg->many && (arg->choices || arg->required || arg->scope_default));
            many += arg->many;
        }
        assert_true(many <= 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(rows_make_sense)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
