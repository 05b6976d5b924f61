#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "pgha/arena.h"
#include "pgha/input.h"
#include "pgha/str.h"

static int set_up(void **state)
{
    struct ctx *ctx = test_calloc(1, sizeof *ctx);

    ctx->arena = arena_new(NULL);
    *state = ctx;
    return 0;
}

static int tear_down(void **state)
{
    struct ctx *ctx = *state;

    arena_free(ctx->arena);
    test_free(ctx);
    return 0;
}

static void reads_standard_input(void **state)
{
    struct ctx *ctx = *state;
    struct err err = ERR_INIT;
    const char *text;
    char bytes[] = "a: 1\r\nb: 2\rc: 3\n\r\n";

    ctx->in = fmemopen(bytes, strlen(bytes), "r");
    assert_true(input_read(ctx, "-", &text, &err));
    assert_string_equal(text, "a: 1\nb: 2\nc: 3\n\n");
    assert_true(input_read(ctx, "-", &text, &err)); /* nothing is left */
    assert_string_equal(text, "");
    fclose(ctx->in);
}

static void refuses_zero_bytes(void **state)
{
    struct ctx *ctx = *state;
    struct err err = ERR_INIT;
    const char *text = "untouched";
    char bytes[] = "a: \0";

    ctx->in = fmemopen(bytes, sizeof bytes - 1, "r");
    assert_false(input_read(ctx, "-", &text, &err));
    assert_string_equal(err.message, "standard input: a zero byte is no text");
    assert_string_equal(text, "untouched");
    fclose(ctx->in);
}

static void names_the_file(void **state)
{
    struct ctx *ctx = *state;
    struct err err = ERR_INIT;
    struct value data = value_null();
    const char *text;

    assert_false(input_read(ctx, "/nowhere/p.yml", &text, &err));
    assert_string_equal(err.message, "/nowhere/p.yml: No such file or directory");
    assert_false(input_read(ctx, "/", &text, &err));
    assert_string_equal(err.message, "/: Is a directory");
    assert_false(input_parse(ctx, "p.yml", "a: [", &data, &err));
    assert_true(str_starts_with(err.message, "p.yml, line "));
}

static void checks(void **state)
{
    struct ctx *ctx = *state;
    struct err err = ERR_INIT;
    struct value data;

    assert_true(input_parse(ctx, "-", "- a\n", &data, &err));
    assert_false(input_check_mapping(ctx, "-", &data, &err));
    assert_string_equal(err.message, "standard input: the configuration has to be a mapping, not a list");
    assert_true(input_check_json(ctx, &data, &err));
    assert_true(input_parse(ctx, "-", "a: {b: [2020-01-01]}\n", &data, &err));
    assert_true(input_check_mapping(ctx, "-", &data, &err));
    assert_false(input_check_json(ctx, &data, &err));
    assert_string_equal(err.message, "The configuration is kept as JSON, which has no form for a date");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_standard_input, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refuses_zero_bytes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_the_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(checks, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
