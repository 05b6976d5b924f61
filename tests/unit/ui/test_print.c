#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pgha/arena.h"
#include "pgha/print.h"
#include "terminal.h"

static const char *printed(struct ctx *ctx, const char *text, size_t length, char *shown, size_t size)
{
    struct terminal terminal = terminal_open();
    struct err err = ERR_INIT;
    struct str str;

    ctx->out = terminal.file;
    str_init(&str, ctx->arena);
    str_add_bytes(&str, text, length);
    assert_true(print_text(ctx, &str, &err));
    terminal_text(&terminal, shown, size);
    terminal_close(&terminal);
    return shown;
}

#define PRINTED(text) printed(&ctx, text, sizeof(text) - 1, shown, sizeof shown)

static void terminals_are_protected(void **state)
{
    struct ctx ctx = {.arena = arena_new(NULL)};
    char shown[200];

    (void)state;
    assert_string_equal(PRINTED("a\tb\n\xc3\xa9\n"), "a\tb\n\xc3\xa9\n");
    assert_string_equal(PRINTED("a\033[31mb\033[0mc"), "abc");
    assert_string_equal(PRINTED("a\033]52;c;eA==\ab\033]0;x\033\\c"), "abc");
    assert_string_equal(PRINTED("a\033P1;2q\033\\b\033^x\ac\033_y\ad\033Xz\ae"), "abcde");
    assert_string_equal(PRINTED("a\033cb\033=c\033"), "abc");
    assert_string_equal(PRINTED("a\033]0;never ends\nb\033[3"), "a0;never ends\nb");
    assert_string_equal(PRINTED("a\rb\bc\x7f"
                                "d\0e\xc2\x9b"
                                "f"),
                        "abcdef");
    assert_string_equal(PRINTED("a\033\nb\033[\nc"), "a\nb\nc");
    ctx.differences.as_patronictl = true;
    assert_string_equal(PRINTED("a\033[31mb\r"), "ab");
    arena_free(ctx.arena);
}

static void redirected_output_keeps_its_bytes(void **state)
{
    char *text = NULL;
    size_t size;
    struct ctx ctx = {.arena = arena_new(NULL), .out = open_memstream(&text, &size)};
    struct err err = ERR_INIT;
    struct str str;

    (void)state;
    str_init(&str, ctx.arena);
    str_add(&str, "a\033[31mb\r");
    assert_true(print_text(&ctx, &str, &err));
    fflush(ctx.out);
    assert_string_equal(text, "a\033[31mb\r");
    str_add(&str, "\xed\xa0\x80"); /* a surrogate, from "\ud800" */
    assert_false(print_text(&ctx, &str, &err));
    fclose(ctx.out);
    free(text);
    arena_free(ctx.arena);
}

static const char *made(struct ctx *ctx, const char *text, enum print_large large, char *shown, size_t size)
{
    struct terminal terminal = terminal_open();
    struct err err = ERR_INIT;
    struct str str;

    ctx->in = ctx->out = terminal.file;
    str_init(&str, ctx->arena);
    str_add(&str, text);
    assert_true(print_made(ctx, &str, large, &err));
    terminal_text(&terminal, shown, size);
    terminal_close(&terminal);
    return shown;
}

#define LINE "123456789 123456789 123456789 123456789 123456789 123456789 123456789 12345678"

static void large_tables(void **state)
{
    struct ctx ctx = {.arena = arena_new(NULL)};
    char shown[200];

    (void)state;
    assert_string_equal(made(&ctx, LINE "9 1\n", PRINT_CUT, shown, sizeof shown), LINE "9>\n");
    assert_string_equal(made(&ctx, LINE "9 \n", PRINT_CUT, shown, sizeof shown), LINE "9 \n");
    assert_string_equal(made(&ctx, LINE "9 1\n", PRINT_WHOLE, shown, sizeof shown), LINE "9 1\n");
    assert_string_equal(made(&ctx, LINE "9 1\n", PRINT_PAGE, shown, sizeof shown), LINE "9 1\n");
    ctx.no_pager = true;
    assert_string_equal(made(&ctx, LINE "9 1\n", PRINT_CUT, shown, sizeof shown), LINE "9 1\n");
    ctx.no_pager = false;
    ctx.differences.as_patronictl = true;
    assert_string_equal(made(&ctx, LINE "9 1\n", PRINT_CUT, shown, sizeof shown), LINE "9 1\n");
    arena_free(ctx.arena);
}

/* What is ours to colour, and what is others' to have none. */
static void styles(void **state)
{
    struct terminal terminal = terminal_open();
    struct ctx ctx = {.out = terminal.file};

    (void)state;
    assert_true(print_style(&ctx, FORMAT_PRETTY).colour && print_style(&ctx, FORMAT_PRETTY).clean);
    ctx.colour = COLOUR_NEVER;
    assert_true(!print_style(&ctx, FORMAT_PRETTY).colour && print_style(&ctx, FORMAT_PRETTY).clean);
    ctx.colour = COLOUR_ALWAYS;
    ctx.differences.as_patronictl = true;
    assert_true(!print_style(&ctx, FORMAT_PRETTY).colour && print_style(&ctx, FORMAT_PRETTY).clean &&
                !print_style(&ctx, FORMAT_PRETTY).blank_tabs);
    ctx.differences.as_patronictl = false;
    ctx.out = tmpfile();
    assert_true(print_style(&ctx, FORMAT_PRETTY).colour && !print_style(&ctx, FORMAT_PRETTY).clean);
    assert_int_equal(print_style(&ctx, FORMAT_YAML).format, FORMAT_YAML);
    fclose(ctx.out);
    terminal_close(&terminal);
}

static void formats(void **state)
{
    (void)state;
    assert_int_equal(print_format("yml"), FORMAT_YAML);
    assert_int_equal(print_format("json"), FORMAT_JSON);
    assert_int_equal(print_format("tsv"), FORMAT_TSV);
    assert_int_equal(print_format("pretty"), FORMAT_PRETTY);
}

int main(void)
{
    setenv("TERM", "xterm", 1);
    unsetenv("NO_COLOR");
    const struct CMUnitTest tests[] = {cmocka_unit_test(terminals_are_protected),
                                       cmocka_unit_test(redirected_output_keeps_its_bytes), cmocka_unit_test(formats),
                                       cmocka_unit_test(large_tables), cmocka_unit_test(styles)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
