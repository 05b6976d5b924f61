#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "read_yaml.h"

static void numbers(void **state)
{
    static const struct yaml_case cases[] = {
        {"[0, -0, +1, 1_000, 012, 0b101, 0x1F, -0x10]", "[0,0,1,1000,10,5,31,-16]"},
        {"[190:20:30, -1:30, 1_0:30]", "[685230,-90,630]"},
        {"[99999999999999999999, 0xffffffffffffffffff]", "[99999999999999999999,4722366482869645213695]"},
        {"[1., .5, 1_0.5, -1.5e+3, 1e3, 1:30.5]", "[1.0,0.5,10.5,-1500.0,\"1e3\",90.5]"},
        {"[.inf, -.INF, .NaN]", "[Infinity,-Infinity,NaN]"},
        {"0x_", "!no valid integer"},
        {"!!int \" 5 \"", "5"},
        {"!!int x", "!no valid integer"},
        {"!!int 5?", "!no valid integer"},
        {"!!float 1e3", "1000.0"},
        {"!!float 0x10", "!no valid number"},
        {"!!float \"\"", "!no valid number"},
    };

    (void)state;
    check_yaml(cases, sizeof cases / sizeof *cases);
}

static void words(void **state)
{
    static const struct yaml_case cases[] = {
        {"[yes, No, ON, off, true, y]", "[true,false,true,false,true,\"y\"]"},
        {"[~, null, Null, nUll]", "[null,null,null,\"nUll\"]"},
        {"!!bool x", "!no valid truth value"},
        {"!!bool YeS", "true"},
        {"!!null x", "null"},
    };

    (void)state;
    check_yaml(cases, sizeof cases / sizeof *cases);
}

static void dates(void **state)
{
    static const struct yaml_case cases[] = {
        {"2020-02-29", "\"2020-02-29\""},
        {"2020-1-2 3:04:05", "\"2020-01-02 03:04:05\""},
        {"2020-01-02T03:04:05.1234567Z", "\"2020-01-02 03:04:05.123456+00:00\""},
        {"2020-01-02 03:04:05 -5:30", "\"2020-01-02 03:04:05-05:30\""},
        {"2020-01-02 03:04:05.5+7", "\"2020-01-02 03:04:05.500000+07:00\""},
        {"2021-02-29", "!no valid date"},
        {"2020-13-01", "!no valid date"},
        {"0000-01-01", "!no valid date"},
        {"2020-01-01 24:00:00", "!no valid date"},
        {"2020-01-01 10:00:00 +24", "!no valid date"},
        {"!!timestamp x", "!no valid date"},
    };
    struct arena *arena = arena_new(NULL);
    struct value value;

    (void)state;
    check_yaml(cases, sizeof cases / sizeof *cases);
    assert_true(yaml_read(arena, "[2020-01-01, 2020-01-01 10:00:00]", 33, "doc", NULL, &value, NULL));
    assert_int_equal(value.items[0].kind, VALUE_DATE);
    assert_int_equal(value.items[1].kind, VALUE_DATETIME);
    arena_free(arena);
}

static void binary_data(void **state)
{
    static const struct {
        const char *yaml;
        const char *bytes;
        size_t length;
    } cases[] = {
        {"!!binary aGVsbG8=", "hello", 5}, {"!!binary \"aGVs bG8*=\"", "hello", 5},
        {"!!binary AP8=", "\0\xff", 2},    {"!!binary YQ==YQ==", "a", 1},
        {"!!binary \"\"", "", 0},
    };
    static const struct yaml_case bad[] = {{"!!binary A", "!no valid base64"},
                                           {"!!binary AAA", "!no valid base64"},
                                           {"!!binary \xc3\xa9", "!no valid base64"}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(NULL);
        struct value value;

        assert_true(yaml_read(arena, cases[i].yaml, strlen(cases[i].yaml), "doc", NULL, &value, NULL));
        assert_int_equal(value.kind, VALUE_BYTES);
        assert_int_equal(value.length, cases[i].length);
        assert_memory_equal(value.text, cases[i].bytes, cases[i].length);
        arena_free(arena);
    }
    check_yaml(bad, sizeof bad / sizeof *bad);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers),
        cmocka_unit_test(words),
        cmocka_unit_test(dates),
        cmocka_unit_test(binary_data),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
