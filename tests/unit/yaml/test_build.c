#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "read_yaml.h"

static void merges(void **state)
{
    static const struct yaml_case cases[] = {
        {"a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\n", "{\"a\":{\"x\":1,\"y\":2},\"b\":{\"x\":1,\"y\":3}}"},
        {"<<: [{x: 1}, {x: 2, y: 2}]\nz: 3\n", "{\"x\":1,\"y\":2,\"z\":3}"},
        {"{a: 1, <<: {<<: {b: 2}, c: 3}}", "{\"b\":2,\"c\":3,\"a\":1}"},
        {"\"<<\": 1\n", "{\"<<\":1}"},
        {"<<: 1\n", "!expected a mapping or list of mappings for merging, but found a scalar"},
        {"<<: [1]\n", "!but found a scalar"},
        {"- <<\n", "!<< has no meaning here"},
    };

    (void)state;
    check_yaml(cases, sizeof cases / sizeof *cases);
}

static void keys(void **state)
{
    static const struct yaml_case cases[] = {
        {"=: 1\n", "{\"=\":1}"},
        {"- =\n", "!= has no meaning here"},
        {"1: a\ntrue: b\n1.0: c\n", "{\"1\":\"c\"}"},
        {"~: 1\n", "{\"null\":1}"},
        {"[a]: 1\n", "!line 1, column 1: a sequence is no key for a mapping"},
        {"? {a: 1}\n: 1\n", "!a mapping is no key for a mapping"},
    };

    (void)state;
    check_yaml(cases, sizeof cases / sizeof *cases);
}

static void tags(void **state)
{
    static const struct yaml_case cases[] = {
        {"!!str 5\n", "\"5\""},
        {"! 12\n", "12"},
        {"!\n", "null"},
        {"!!seq [a]\n", "[\"a\"]"},
        {"!!seq {a: 1}\n", "!expected a sequence, but found a mapping"},
        {"!!map [a]\n", "!expected a mapping, but found a sequence"},
        {"!!omap [a: 1, b: 2]\n", "[[\"a\",1],[\"b\",2]]"},
        {"!!pairs [a: 1, a: 2]\n", "[[\"a\",1],[\"a\",2]]"},
        {"!!omap {a: 1}\n", "!expected a sequence"},
        {"!!omap [{a: 1, b: 2}]\n", "!expected a mapping of length 1"},
        {"!!str {=: 5}\n", "\"5\""},
        {"!!str [a]\n", "!expected a scalar, but found a sequence"},
        {"!foo 5\n", "!unknown tag"},
        {"!!python/name:os.system x\n", "!unknown tag"},
        {"!<tag:yaml.org,2002:int> \"7\"\n", "7"},
    };

    (void)state;
    check_yaml(cases, sizeof cases / sizeof *cases);
}

static void sets(void **state)
{
    static const char text[] = "!!set {a, b, a}";
    struct arena *arena = arena_new(NULL);
    struct value value;

    (void)state;
    assert_true(yaml_read(arena, text, strlen(text), "doc", NULL, &value, NULL));
    assert_true(value.is_set);
    assert_int_equal(value.length, 2);
    arena_free(arena);
}

static void repeats(void **state)
{
    static const struct {
        const char *text, *key;
        size_t count, line;
    } cases[] = {
        {"a: 1\nb: {c: 1, c: 2}\na: 2\na: 3", "c", 3, 2},
        {"x: &x {a: 1}\ny:\n  <<: *x\n  a: 2", NULL, 0, 0},
        {"a: 1\nb: {a: 1}\n'1': 1\n1: 1", NULL, 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(NULL);
        struct yaml_repeats found = {0};
        struct value value;

        assert_true(yaml_read_noting(arena, cases[i].text, strlen(cases[i].text), "doc", NULL, &found, &value, NULL));
        assert_int_equal(found.count, cases[i].count);
        if (cases[i].key)
            assert_string_equal(found.key, cases[i].key);
        assert_int_equal(found.line, cases[i].line);
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(merges), cmocka_unit_test(keys),    cmocka_unit_test(tags),
        cmocka_unit_test(sets),   cmocka_unit_test(repeats),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
