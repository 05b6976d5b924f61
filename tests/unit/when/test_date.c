#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../../src/when/parts.h"

/* A name stands for a month that was written as a word. */
static void add(struct when_date *date, const char *part)
{
    int month = when_find_month(part);

    assert_true(month ? when_date_add_month(date, month) : when_date_add_text(date, part, LABEL_NONE));
}

static void resolves(void **state)
{
    static const struct {
        const char *parts[3];
        int64_t year, month, day;
    } rows[] = {
        {{NULL}, -1, -1, -1},
        {{"5"}, -1, -1, 5},
        {{"32"}, 32, -1, -1},
        {{"2030"}, 2030, -1, -1},
        {{"feb"}, -1, 2, -1},
        {{"feb", "5"}, -1, 2, 5},
        {{"32", "feb"}, 32, 2, -1},
        {{"99", "1"}, 99, 1, -1},
        {{"1", "99"}, 99, 1, -1},
        {{"1", "13"}, -1, 1, 13},
        {{"2030", "2", "3"}, 2030, 2, 3},
        {{"99", "2", "3"}, 99, 2, 3},
        {{"13", "2", "3"}, 3, 2, 13},
        {{"1", "2", "3"}, 3, 1, 2},
        {{"1", "2", "2030"}, 2030, 1, 2},
        {{"feb", "99", "5"}, 99, 2, 5},
        {{"feb", "5", "6"}, 6, 2, 5},
        {{"99", "feb", "5"}, 99, 2, 5},
        {{"5", "feb", "6"}, 6, 2, 5},
        {{"5", "99", "feb"}, 99, 2, 5},
        {{"6", "5", "feb"}, 6, 2, 5},
        {{"5", "feb", "2030"}, 2030, 2, 5},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct when_date date;
        int64_t year, month, day;
        when_date_init(&date);
        for (size_t j = 0; j < 3 && rows[i].parts[j]; j++)
            add(&date, rows[i].parts[j]);
        when_date_resolve(&date, &year, &month, &day);
        assert_int_equal(year, rows[i].year);
        assert_int_equal(month, rows[i].month);
        assert_int_equal(day, rows[i].day);
    }
}

static void refuses(void **state)
{
    struct when_date date;

    (void)state;
    when_date_init(&date);
    assert_false(when_date_add_text(&date, "", LABEL_NONE));
    assert_false(when_date_add_text(&date, "1.5", LABEL_NONE));
    assert_true(when_date_add_text(&date, "2030", LABEL_NONE));
    assert_false(when_date_add_text(&date, "2031", LABEL_NONE));
    assert_false(when_date_add_number(&date, 101, false));
    assert_true(when_date_add_month(&date, 2));
    assert_false(when_date_add_month(&date, 3));
    assert_true(when_date_may_be_day(&date, 28, false));
    assert_false(when_date_may_be_day(&date, 28, true));
    assert_false(when_date_may_be_day(&date, 29, false));
    assert_false(when_date_may_be_day(&date, 0, true));
    assert_true(when_date_add_number(&date, 100, false));
    assert_false(when_date_add_number(&date, 1, false));
}

static void centuries(void **state)
{
    struct when_date date;

    (void)state;
    when_date_init(&date);
    assert_true(when_date_add_text(&date, "30", LABEL_NONE));
    assert_true(when_date_add_number(&date, 100, false));
    assert_false(date.century_is_told);
    assert_true(when_date_add_text(&date, "005", LABEL_NONE));
    assert_true(date.century_is_told);
    when_date_init(&date);
    assert_true(when_date_add_number(&date, 100, true));
    assert_true(date.century_is_told);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(resolves),
        cmocka_unit_test(refuses),
        cmocka_unit_test(centuries),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
