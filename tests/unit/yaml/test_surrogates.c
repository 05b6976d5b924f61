#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "read_yaml.h"

static void halves_pass(void **state)
{
    static const struct yaml_case cases[] = {
        {"\"\\ud83d\\ude00\"", "\"\\ud83d\\ude00\""},
        {"\"\\uD83Dx\"", "\"\\ud83dx\""},
        {"{\"\\udc80\": 1}", "{\"\\udc80\":1}"},
        {"\"\\\\ud83d\"", "\"\\\\ud83d\""},
        {"- \"\\ud83d\"\n- '\\ud83d'\n- \\uD83D\n", "[\"\\ud83d\",\"\\\\ud83d\",\"\\\\uD83D\"]"},
        {"\"\\ud7ff\\ue000\"", "\"\\ud7ff\\ue000\""},
        {"\"\\ud83\"", "!did not find expected hexdecimal number"},
    };

    (void)state;
    check_yaml(cases, sizeof cases / sizeof *cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(halves_pass)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
