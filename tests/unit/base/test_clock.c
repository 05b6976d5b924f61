#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pgha/clock.h"

static void time_goes_forward(void **state)
{
    int64_t before = clock_ms();

    (void)state;
    assert_true(before > 0);
    assert_true(clock_ms() >= before);
}

static void a_deadline_counts_down(void **state)
{
    int left = deadline_left(deadline_in(60));

    (void)state;
    assert_in_range(left, 50000, 60000);
    assert_in_range(deadline_left(deadline_in(0.5)), 1, 500);
}

static void what_has_passed_leaves_nothing(void **state)
{
    (void)state;
    assert_int_equal(deadline_left(clock_ms() - 1), 0);
    assert_int_equal(deadline_left(deadline_in(0)), 0);
    assert_int_equal(deadline_left(INT64_MIN / 2), 0);
}

static void never_is_never(void **state)
{
    static const double endless[] = {-1, -0.001, 1e12, __builtin_inf(), -__builtin_inf(), __builtin_nan("")};

    (void)state;
    for (size_t i = 0; i < sizeof endless / sizeof *endless; i++)
        assert_true(deadline_in(endless[i]) == DEADLINE_NEVER);
    assert_int_equal(deadline_left(DEADLINE_NEVER), INT_MAX);
    assert_int_equal(deadline_left(DEADLINE_NEVER - 1), INT_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_goes_forward),
        cmocka_unit_test(a_deadline_counts_down),
        cmocka_unit_test(what_has_passed_leaves_nothing),
        cmocka_unit_test(never_is_never),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
