#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pgha/differs.h"

static void goes_by_the_name(void **state)
{
    static const struct {
        const char *prog;
        bool differs;
    } rows[] = {{"pgha", true}, {"patronictl", false}, {"patronictl.py", true}, {"", true}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct {
            struct differences differences;
        } holder = {differences_for(rows[i].prog)};
        for (enum difference row = 0; row < DIFFERENCE_COUNT; row++)
            assert_int_equal(differs(&holder, row), rows[i].differs);
    }
}

static void all_hold_in_zeros(void **state)
{
    struct differences differences = {0};

    (void)state;
    assert_true(differences_has(differences, DIFF_EXIT_STATUS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(goes_by_the_name),
        cmocka_unit_test(all_hold_in_zeros),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
