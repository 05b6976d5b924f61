#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdbool.h>
#include <string.h>

#include "pgha/differs.h"

static bool is_text(const char *text)
{
    size_t quotes = 0;

    for (const char *at = text; *at; at++)
        quotes += *at == '`';
    return *text && !strchr(text, '\n') && quotes % 2 == 0;
}

static void has_whole_rows(void **state)
{
    (void)state;
    for (size_t row = 0; row < difference_text_count; row++) {
        assert_true(is_text(difference_texts[row].area));
        assert_true(is_text(difference_texts[row].patronictl));
        assert_true(is_text(difference_texts[row].pgha));
    }
    assert_true(difference_text_count >= DIFFERENCE_COUNT);
}

/* The manual has one heading for each area. */
static void keeps_areas_together(void **state)
{
    (void)state;
    for (size_t row = 1; row < difference_text_count; row++)
        for (size_t before = 0; before < row; before++)
            if (strcmp(difference_texts[before].area, difference_texts[row].area) == 0)
                assert_string_equal(difference_texts[row - 1].area, difference_texts[row].area);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_whole_rows),
        cmocka_unit_test(keeps_areas_together),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
