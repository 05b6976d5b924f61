#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pgha/arena.h"
#include "pgha/click.h"

static void names(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct str str;

    (void)state;
    assert_string_equal(click_variable(arena, "patronictl"), "_PATRONICTL_COMPLETE");
    assert_string_equal(click_variable(arena, "pg-ha.2"), "_PG_HA_2_COMPLETE");
    assert_int_equal(click_shell("fish_source", 4), CLICK_FISH);
    assert_int_equal(click_shell("ksh", 3), CLICK_NO_SHELL);
    assert_int_equal(click_shell("", 0), CLICK_NO_SHELL);
    str_init(&str, arena);
    click_script(arena, CLICK_BASH, "my-prog", &str);
    assert_non_null(strstr(str.text, "_my_prog_completion() {\n"));
    assert_non_null(strstr(str.text, " _MY_PROG_COMPLETE=bash_complete "));
    str_init(&str, arena);
    click_script(arena, CLICK_FISH, "a; b'c", &str);
    assert_non_null(strstr(str.text, "--command 'a; bc' "));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
