#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../../src/when/parts.h"

static void finds(void **state)
{
    (void)state;
    assert_int_equal(when_find_weekday("MON"), 0);
    assert_int_equal(when_find_weekday("sunday"), 6);
    assert_int_equal(when_find_weekday("tues"), -1);
    assert_int_equal(when_find_month("jan"), 1);
    assert_int_equal(when_find_month("Sept"), 9);
    assert_int_equal(when_find_month("December"), 12);
    assert_int_equal(when_find_month("dece"), 0);
    assert_int_equal(when_find_month(""), 0);
    assert_int_equal(when_find_unit("H"), WHEN_HOUR);
    assert_int_equal(when_find_unit("minutes"), WHEN_MINUTE);
    assert_int_equal(when_find_unit("sec"), -1);
    assert_int_equal(when_find_half("A"), 0);
    assert_int_equal(when_find_half("pm"), 1);
    assert_int_equal(when_find_half("noon"), -1);
    assert_true(when_is_filler(" "));
    assert_true(when_is_filler("'"));
    assert_true(when_is_filler("Of"));
    assert_false(when_is_filler(":"));
    assert_false(when_is_filler(""));
    assert_false(when_is_filler("the"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(finds)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
