#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../../src/shell/typed.h"

static void keeps_what_a_terminal_may_get(void **state)
{
    static const struct {
        const char *text;
        size_t safe;
    } cases[] = {
        {"", 0},
        {"list", 4},
        {"l\303\274n", 4},
        {"ab\033c", 4},         /* shown as ^[ */
        {"ab\302\233c", 2},     /* CSI as one control of UTF-8 */
        {"ab\233c", 2},         /* and as one byte, which is no UTF-8 */
        {"ab\342\200\256c", 2}, /* from right to left */
        {"ab\342\200", 2},      /* cut off */
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(typed_safe(cases[i].text, strlen(cases[i].text)), cases[i].safe);
}

static void reads_characters(void **state)
{
    static const struct {
        const char *typed;
        bool good;
        size_t length;
        uint32_t code;
    } cases[] = {
        {"\303\274", true, 2, 0xfc}, {"\342\202\254!", true, 3, 0x20ac}, {"\360\237\230\200", true, 4, 0x1f600},
        {"\302\233", false, 2, 0},   {"\342\200\256", false, 3, 0},      {"\233", false, 1, 0},
        {"\303", false, 1, 0}, /* the rest does not come */
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char bytes[TYPED_CHARACTER_MOST];
        size_t length, typed = strlen(cases[i].typed);
        uint32_t code = 0;
        int ends[2];

        assert_int_equal(pipe(ends), 0);
        assert_int_equal(write(ends[1], cases[i].typed + 1, typed - 1), typed - 1);
        assert_int_equal(typed_character(ends[0], (unsigned char)*cases[i].typed, bytes, &length, &code),
                         cases[i].good);
        assert_int_equal(length, cases[i].length);
        assert_memory_equal(bytes, cases[i].typed, length);
        if (cases[i].good)
            assert_int_equal(code, cases[i].code);
        close(ends[0]);
        close(ends[1]);
    }
}

static void tells_the_end_from_a_byte(void **state)
{
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(typed_byte(ends[0], 0), TYPED_NONE);
    assert_int_equal(write(ends[1], "\377", 1), 1);
    assert_int_equal(typed_byte(ends[0], -1), 0xff);
    close(ends[1]);
    assert_int_equal(typed_byte(ends[0], -1), TYPED_NONE);
    close(ends[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_what_a_terminal_may_get),
        cmocka_unit_test(reads_characters),
        cmocka_unit_test(tells_the_end_from_a_byte),
    };

    return setlocale(LC_ALL, "C.UTF-8") ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
