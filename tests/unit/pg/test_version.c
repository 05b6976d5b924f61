#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pgha/arena.h"
#include "pgha/pg_version.h"

static void takes(void **state)
{
    static const char *const texts[] = {"9.5.2", "10.1", "16.4", "9.6.0", " 14 . 2 ", "1_0.1", "16.04", "-9.5.3"};
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct err err = ERR_INIT;
        assert_true(pg_version_check(arena, texts[i], &err));
    }
    arena_free(arena);
}

static void refuses(void **state)
{
    static const struct {
        const char *text;
        const char *message;
    } rows[] = {
        {"a.b.c", "Invalid PostgreSQL version: a.b.c"},
        {"16.", "Invalid PostgreSQL version: 16."},
        {"16..1", "Invalid PostgreSQL version: 16..1"},
        {"10.-1", "Invalid PostgreSQL version: 10.-1"},
        {"10", "Invalid PostgreSQL version format: X.Y or X.Y.Z is accepted: 10"},
        {"9.6", "Invalid PostgreSQL version format: X.Y or X.Y.Z is accepted: 9.6"},
        {"1.2.3.4", "Invalid PostgreSQL version format: X.Y or X.Y.Z is accepted: 1.2.3.4"},
    };
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct err err = ERR_INIT;
        assert_false(pg_version_check(arena, rows[i].text, &err));
        assert_string_equal(err.message, rows[i].message);
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(takes), cmocka_unit_test(refuses)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
