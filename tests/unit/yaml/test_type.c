#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pgha/yaml_type.h"

static void types_are_those_of_pyyaml(void **state)
{
    static const struct {
        enum yaml_type type;
        const char *texts; /* separated by | */
    } cases[] = {
        {YAML_TYPE_NULL, "|~|null|Null|NULL"},
        {YAML_TYPE_BOOL, "yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF"},
        {YAML_TYPE_INT, "0|-0|+12|1_000|012|0_|0b1_0|-0b1|0x1F|0x_|0b_|190:20:30|-1:5|1_0:30|1:59"},
        {YAML_TYPE_FLOAT,
         "1.|1.5|-1.5|+1_0.5_|.5|.5_|1.5e+3|1.5E-3|.5e+1|1:30.5|01:5.|.inf|-.Inf|+.INF|.nan|.NaN|.NAN"},
        {YAML_TYPE_TIMESTAMP, "2020-01-01|2020-1-1 1:00:00|2020-01-01T10:00:00Z|2020-01-01t10:00:00.5 +01:30|"
                              "2020-01-01 10:00:00.|2020-01-01  10:00:00-5|9999-99-99"},
        {YAML_TYPE_MERGE, "<<"},
        {YAML_TYPE_VALUE, "="},
        {YAML_TYPE_STR, "nULL|y|n|Y|oN|tRue|08|0o7|0b2|0x|0xG|1:60|1:|1:5x|_1|1e3|1.5e3|1e+3|.|+.5|-.5|._5|-.nan|.iNF|"
                        "2020-1-1|20-01-01|2020-01-01 10:00|2020-01-01T|2020-01-01 10:00:00 +|<<<|==|a|-|+|--1|1-1|1 "},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (const char *text = cases[i].texts; text; text = strchr(text, '|') ? strchr(text, '|') + 1 : NULL) {
            size_t length = strcspn(text, "|");

            if (yaml_type_of(text, length) != cases[i].type)
                fail_msg("'%.*s' is %d, not %d", (int)length, text, yaml_type_of(text, length), cases[i].type);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(types_are_those_of_pyyaml)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
