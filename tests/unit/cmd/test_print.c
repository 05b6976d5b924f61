#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../../src/cmd/print.h"
#include "pgha/arena.h"
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
    assert_string_equal(PRINTED("a\033]0;never ends\nb\033[3"), "a\nb");
    assert_string_equal(PRINTED("a\rb\bc\x7f"
                                "d\0e\xc2\x9b"
                                "f"),
                        "abcdef");
    assert_string_equal(PRINTED("a\033\nb\033[\nc"), "a\nb\nc");
    ctx.as_patronictl = true;
    assert_string_equal(PRINTED("a\033[31mb\r"), "a\033[31mb\r");
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
    const struct CMUnitTest tests[] = {cmocka_unit_test(terminals_are_protected),
                                       cmocka_unit_test(redirected_output_keeps_its_bytes), cmocka_unit_test(formats)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
