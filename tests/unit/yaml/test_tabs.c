#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "read_yaml.h"

static void only_in_quotes_blocks_and_comments(void **state)
{
    static const struct yaml_case cases[] = {
        {"a: \"x\ty\"\nb: 'x\ty'\n", "{\"a\":\"x\\ty\",\"b\":\"x\\ty\"}"},
        {"a: |\n  x\ty\nb: 1\n", "{\"a\":\"x\\ty\\n\",\"b\":1}"},
        {"a: 1 # x\ty\n#\t\nb: 2\n", "{\"a\":1,\"b\":2}"},
        {"a: | # x\ty\n  z\n", "{\"a\":\"z\\n\"}"},
        {"\xc3\xa9: \"\xc3\xa9\t\"\n", "{\"\\u00e9\":\"\\u00e9\\t\"}"},
        {"x: 1\n\xc3\xa9:\tb\n", "!doc, line 2, column 3: a tab outside"},
        {"a: b\t\n", "!a tab outside"},
        {"a: b\tc\n", "!doc, line 1, column 5: a tab outside"},
        {"a: \"b#\tc\"\t\n", "!a tab outside"},
        {"a: b\t# c\n", "!a tab outside"},
        {"a: !!str\t\"b\"\n", "!a tab outside"},
        {"a: |\t\n  z\n", "!a tab outside"},
        {"{}\t", "!a tab outside"},
        {"a:\n\tb: 1\n", "!doc, line 2"},
    };

    (void)state;
    check_yaml(cases, sizeof cases / sizeof *cases);
}

static void question_marks_in_brackets(void **state)
{
    static const struct yaml_case cases[] = {
        {"a: b?c\n", "{\"a\":\"b?c\"}"},
        {"['b?c']\n", "[\"b?c\"]"},
        {"[b?c]\n", "!a question mark in brackets has to be in quotes"},
    };

    (void)state;
    check_yaml(cases, sizeof cases / sizeof *cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_in_quotes_blocks_and_comments),
        cmocka_unit_test(question_marks_in_brackets),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
