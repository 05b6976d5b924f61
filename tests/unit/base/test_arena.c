#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pgha/arena.h"

static char order[8];

static void note(void *handle)
{
    const char *name = handle;

    order[strlen(order)] = *name;
}

static void releases_in_reverse(void **state)
{
    static char first[] = "1", second[] = "2", child[] = "c";
    struct arena *arena = arena_new(NULL);

    (void)state;
    memset(order, 0, sizeof order);
    arena_own(arena, first, note);
    arena_own(arena, second, note);
    arena_own(arena_new(arena), child, note);
    arena_own(arena, NULL, note);
    arena_free(arena);
    assert_string_equal(order, "c21");
}

static void memory_is_zeroed_and_apart(void **state)
{
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t size = 0; size < 70000; size += 701) {
        char *memory = arena_alloc(arena, size);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(memory[i], 0);
        memset(memory, 0xff, size);
        assert_int_equal((uintptr_t)memory % _Alignof(max_align_t), 0);
    }
    arena_free(arena);
}

static void formats(void **state)
{
    struct arena *arena = arena_new(NULL);

    (void)state;
    assert_string_equal(arena_printf(arena, "%s-%d", "a", 7), "a-7");
    assert_string_equal(arena_strndup(arena, "abc", 2), "ab");
    assert_string_equal(arena_strndup(arena, "abc", 9), "abc");
    arena_free(arena);
}

static void libraries_get_memory_or_none_of_it(void **state)
{
    char *text = arena_must_strdup("text");
    char *zeroes = arena_must_calloc(3, 2);

    (void)state;
    text = arena_must_realloc(text, 100);
    assert_string_equal(text, "text");
    assert_memory_equal(zeroes, "\0\0\0\0\0\0", 6);
    free(text);
    free(zeroes);
    /* Nothing is not the same as no memory. */
    void *nothing[] = {arena_must_malloc(0), arena_must_calloc(0, 8), arena_must_realloc(NULL, 0)};
    for (size_t i = 0; i < 3; i++) {
        assert_non_null(nothing[i]);
        free(nothing[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(releases_in_reverse),
        cmocka_unit_test(memory_is_zeroed_and_apart),
        cmocka_unit_test(formats),
        cmocka_unit_test(libraries_get_memory_or_none_of_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
