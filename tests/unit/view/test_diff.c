#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pgha/arena.h"
#include "pgha/diff.h"

/* Expected texts come from Python 3.11: ''.join(difflib.unified_diff(listify(a), listify(b))). */
static void check(const char *before, const char *after, const char *expected)
{
    struct arena *arena = arena_new(NULL);
    struct str out;

    str_init(&out, arena);
    diff_write(before, after, &out);
    assert_string_equal(out.text, expected);
    arena_free(arena);
}

static void nothing_changed(void **state)
{
    (void)state;
    check("a\nb\n", "a\nb\n\n", "");
    check("", "\n", "");
}

static void small_texts(void **state)
{
    (void)state;
    check("{}\n", "a: 1\n", "--- \n+++ \n@@ -1 +1 @@\n-{}\n+a: 1\n");
    check("", "a\nb\n", "--- \n+++ \n@@ -1 +1,2 @@\n-\n+a\n+b\n");
    check("a\nb", "a", "--- \n+++ \n@@ -1,2 +1 @@\n a\n-b\n");
    check("b", "a\nb", "--- \n+++ \n@@ -1 +1,2 @@\n+a\n b\n");
}

static void hunks_part_beyond_six_lines(void **state)
{
    (void)state;
    check("a\n1\n2\n3\n4\n5\n6\nb\n", "A\n1\n2\n3\n4\n5\n6\nB\n",
          "--- \n+++ \n@@ -1,8 +1,8 @@\n-a\n+A\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n+B\n");
    check("0\n0\n0\n0\na\n1\n2\n3\n4\n5\n6\n7\nb\n8\n8\n8\n8\n", "0\n0\n0\n0\nA\n1\n2\n3\n4\n5\n6\n7\nB\n8\n8\n8\n8\n",
          "--- \n+++ \n@@ -2,7 +2,7 @@\n 0\n 0\n 0\n-a\n+A\n 1\n 2\n 3\n"
          "@@ -10,7 +10,7 @@\n 5\n 6\n 7\n-b\n+B\n 8\n 8\n 8\n");
}

/* Among common parts of equal length the first of the old text is taken, and of its matches the first in the new. */
static void ties(void **state)
{
    (void)state;
    check("a\nb", "a\nc\na\nb", "--- \n+++ \n@@ -1,2 +1,4 @@\n+a\n+c\n a\n b\n");
    check("x\ny\nx", "x\nx", "--- \n+++ \n@@ -1,3 +1,2 @@\n x\n-y\n x\n");
    check("p\nq", "q\np", "--- \n+++ \n@@ -1,2 +1,2 @@\n+q\n p\n-q\n");
}

/* 200 lines: those that appear more than three times start no common part, so nothing joins these two. */
static void frequent_lines(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct str after, out;

    (void)state;
    str_init(&after, arena);
    str_init(&out, arena);
    for (int i = 0; i < 200; i++)
        str_add(&after, i ? "x\n" : "first\n");
    diff_write("last\nx\nx\n", after.text, &out);
    assert_true(str_starts_with(out.text, "--- \n+++ \n@@ -1,3 +1,200 @@\n-last\n-x\n-x\n+first\n+x\n"));
    str_cut(&after, after.length - 2);
    str_cut(&out, 0);
    diff_write("last\nx\nx\n", after.text, &out);
    assert_true(str_starts_with(out.text, "--- \n+++ \n@@ -1,3 +1,199 @@\n-last\n+first\n x\n x\n+x\n"));
    arena_free(arena);
}

static void colours(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct str out;

    (void)state;
    str_init(&out, arena);
    diff_write_coloured("a\nb", "a\nc", &out);
    assert_string_equal(out.text, "\033[33m--- \n\033[0m\033[33m+++ \n\033[0m\033[1;34m@@ -1,2 +1,2 @@\n\033[0m"
                                  "\033[0m a\n\033[0m\033[1;31m-b\n\033[0m\033[32m+c\n\033[0m");
    arena_free(arena);
}

/* Frequent lines between others: they belong to the common parts on both sides, which become one again. */
static void frequent_lines_in_common_parts(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct str before, after;

    (void)state;
    str_init(&before, arena);
    str_init(&after, arena);
    for (int i = 0; i < 240; i++) {
        str_printf(&before, i % 10 == 5 ? "f\n" : "n%d\n", i);
        str_printf(&after, i == 102 ? "X\n" : i % 10 == 5 ? "f\n" : "n%d\n", i);
    }
    check(before.text, after.text,
          "--- \n+++ \n@@ -100,7 +100,7 @@\n n99\n n100\n n101\n-n102\n+X\n n103\n n104\n f\n");
    arena_free(arena);
}

static void many_changes(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct str before, after, expected;

    (void)state;
    str_init(&before, arena);
    str_init(&after, arena);
    str_init(&expected, arena);
    str_add(&expected, "--- \n+++ \n@@ -1,40 +1,40 @@\n");
    for (int i = 0; i < 40; i += 2) {
        str_printf(&before, "a%d\nc%d\n", i, i);
        str_printf(&after, "b%d\nc%d\n", i, i);
        str_printf(&expected, "-a%d\n+b%d\n c%d\n", i, i, i);
    }
    check(before.text, after.text, expected.text);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_changed),
        cmocka_unit_test(small_texts),
        cmocka_unit_test(hunks_part_beyond_six_lines),
        cmocka_unit_test(ties),
        cmocka_unit_test(many_changes),
        cmocka_unit_test(frequent_lines),
        cmocka_unit_test(frequent_lines_in_common_parts),
        cmocka_unit_test(colours),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
