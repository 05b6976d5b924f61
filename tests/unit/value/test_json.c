#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pgha/arena.h"
#include "pgha/json.h"
#include "pgha/str.h"

static struct value read_ok(struct arena *arena, const char *text)
{
    struct err err = ERR_INIT;
    struct value value;

    if (!json_read(arena, text, strlen(text), &value, &err))
        fail_msg("%s: %s", text, err.message);
    return value;
}

static void takes_what_python_takes(void **state)
{
    static const struct {
        const char *text;
        const char *compact;
    } cases[] = {
        {" [1, -0, 2.5, 1e5, -1E-400] ", "[1,0,2.5,100000.0,-0.0]"},
        {"[NaN, Infinity, -Infinity, null, true, false]", "[NaN,Infinity,-Infinity,null,true,false]"},
        {"[9223372036854775807, 9223372036854775808, -9223372036854775809]",
         "[9223372036854775807,9223372036854775808,-9223372036854775809]"},
        {"{\"a\": 1, \"b\": 2, \"a\": 3}", "{\"a\":3,\"b\":2}"},
        {"\"\\u00e9\\ud83d\\ude00\\/\\b\"", "\"\\u00e9\\ud83d\\ude00/\\b\""},
        {"\"\\ud83d\"", "\"\\ud83d\""},
        {"\"\\ud83d\\u0041\"", "\"\\ud83dA\""},
        {"\"\x7f\"", "\"\\u007f\""},
        {"[]", "[]"},
        {"{}", "{}"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(NULL);
        struct value value = read_ok(arena, cases[i].text);
        struct str out;

        str_init(&out, arena);
        json_write(&value, true, &out);
        assert_string_equal(out.text, cases[i].compact);
        arena_free(arena);
    }
}

static void refuses_what_python_refuses(void **state)
{
    static const struct {
        const char *text;
        const char *where;
    } cases[] = {
        {"", "Expecting value: line 1 column 1 (char 0)"},
        {"\xef\xbb\xbf{}", "Expecting value: line 1 column 1 (char 0)"},
        {"01", "Extra data: line 1 column 2 (char 1)"},
        {"[1,]", "Expecting value: line 1 column 4 (char 3)"},
        {"{\"a\": 1,}", "Expecting property name enclosed in double quotes: line 1 column 9 (char 8)"},
        {"{a: 1}", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"},
        {"[1 2]", "Expecting ',' delimiter: line 1 column 4 (char 3)"},
        {"{\"a\" 1}", "Expecting ':' delimiter: line 1 column 6 (char 5)"},
        {"[\n\"\xc3\xa9\t\"]", "Invalid control character at: line 2 column 3 (char 4)"},
        {"\"abc", "Unterminated string starting at: line 1 column 1 (char 0)"},
        {"\"\\", "Unterminated string starting at: line 1 column 1 (char 0)"},
        {"\"\\x\"", "Invalid \\escape: line 1 column 2 (char 1)"},
        {"\"\\u12g4\"", "Invalid \\uXXXX escape: line 1 column 3 (char 2)"},
        {"\"\\ud83d\\uzzzz\"", "Invalid \\uXXXX escape: line 1 column 9 (char 8)"},
        {"\"\xff\"", "no valid UTF-8: line 1 column 2 (char 1)"},
        {"1.", "Extra data"},
        {".5", "Expecting value"},
        {"+1", "Expecting value"},
        {"-", "Expecting value"},
        {"nul", "Expecting value"},
        {"'a'", "Expecting value"},
        {"[", "Expecting value"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(NULL);
        struct value value = value_int(42);
        struct err err = ERR_INIT;

        assert_false(json_read(arena, cases[i].text, strlen(cases[i].text), &value, &err));
        assert_int_equal(err.kind, ERR_FAILED);
        assert_non_null(strstr(err.message, cases[i].where));
        assert_int_equal(value.integer, 42);
        arena_free(arena);
    }
}

static void caps_depth_and_digits(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct value value;
    struct str text;

    (void)state;
    for (size_t depth = JSON_MAX_DEPTH; depth <= JSON_MAX_DEPTH + 1; depth++) {
        str_init(&text, arena);
        str_add_repeat(&text, '[', depth);
        str_add_repeat(&text, ']', depth);
        assert_int_equal(json_read(arena, text.text, text.length, &value, NULL), depth == JSON_MAX_DEPTH);
    }
    for (size_t digits = 4300; digits <= 4301; digits++) {
        str_init(&text, arena);
        str_add_repeat(&text, '7', digits);
        assert_int_equal(json_read(arena, text.text, text.length, &value, NULL), digits == 4300);
    }
    arena_free(arena);
}

static void keeps_nuls_in_text(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct value value = read_ok(arena, "\"a\\u0000b\"");

    (void)state;
    assert_int_equal(value.length, 3);
    assert_memory_equal(value.text, "a\0b", 4);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_what_python_takes),
        cmocka_unit_test(refuses_what_python_refuses),
        cmocka_unit_test(caps_depth_and_digits),
        cmocka_unit_test(keeps_nuls_in_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
