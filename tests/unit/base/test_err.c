#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pgha/arena.h"
#include "pgha/err.h"

static void set_keeps_kind_and_message(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct err err = ERR_INIT;

    (void)state;
    assert_int_equal(err.kind, ERR_NONE);
    assert_false(err_set(&err, arena, ERR_TLS, "%s: %d", "pg1", 7));
    assert_int_equal(err.kind, ERR_TLS);
    assert_string_equal(err.message, "pg1: 7");
    arena_free(arena);
}

static void wrap_puts_a_prefix_in_front(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct err err = ERR_INIT;

    (void)state;
    (void)err_set(&err, arena, ERR_CONFLICT, "too late");
    assert_false(err_wrap(&err, arena, "key %s", "leader"));
    assert_int_equal(err.kind, ERR_CONFLICT);
    assert_string_equal(err.message, "key leader: too late");
    arena_free(arena);
}

static void nobody_need_listen(void **state)
{
    struct arena *arena = arena_new(NULL);

    (void)state;
    assert_false(err_set(NULL, arena, ERR_FAILED, "lost"));
    assert_false(err_wrap(NULL, arena, "lost"));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(set_keeps_kind_and_message),
        cmocka_unit_test(wrap_puts_a_prefix_in_front),
        cmocka_unit_test(nobody_need_listen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
