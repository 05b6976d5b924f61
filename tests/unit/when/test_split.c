#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../../src/when/parts.h"
#include "pgha/arena.h"
#include "pgha/str.h"

static void splits(void **state)
{
    /* The tokens with bars between them. */
    static const struct {
        const char *text;
        const char *tokens;
    } rows[] = {
        {"", ""},
        {"2030-02-03T04:05", "2030|-|02|-|03|T|04|:|05"},
        {"4:30:21.447", "4|:|30|:|21.447"},
        {"21,5", "21.5"},
        {"2,5", "2|,|5"},
        {"21,", "21|,"},
        {"Sep.20.2009", "Sep|.|20|.|2009"},
        {"3.2.2030", "3|.|2|.|2030"},
        {"a.m.", "a|.|m|."},
        {"1.am", "1|.|am"},
        {"1.a", "1.a"},
        {"5th\tx", "5|th| |x"},
        {"10:00 (EST)", "10|:|00| |(|EST|)"},
        {"\xc3\xa9t\xc3\xa9 1", "\xc3\xa9t\xc3\xa9| |1"},
        {"1\xc2\xa0"
         "2",
         "1| |2"},
        {"\xef\xbc\x92\xef\xbc\x91\xc2\xb2", "21|\xc2\xb2"},
        {"\xff"
         "1",
         "\xff|1"},
    };
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t count;
        const char **tokens = when_split(arena, rows[i].text, &count);
        struct str joined;
        str_init(&joined, arena);
        for (size_t j = 0; j < count; j++)
            str_printf(&joined, "%s%s", j ? "|" : "", tokens[j]);
        assert_string_equal(joined.text, rows[i].tokens);
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(splits)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
