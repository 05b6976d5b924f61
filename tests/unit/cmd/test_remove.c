#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "call.h"

#define KEY "/service/batman/"

/* Everything has to be typed exactly, or nothing is removed. */
static void typing(void **state)
{
    static const struct {
        const char *input;
        int status;
        const char *err;
    } rows[] = {
        {"batman\nYes I am aware\npg1\n", 0, ""},
        {"robin\n", 1, "Error: Cluster names specified do not match\n"},
        {"batman\nyes I am aware\n", 1, "Error: You did not exactly type \"Yes I am aware\"\n"},
        {"batman\nYes I am aware\npg2\n", 1, "Error: You did not specify the current leader of the cluster\n"},
        {"batman\n", 1, "Aborted!\n"},
    };
    static const char *const keys[] = {KEY "leader", "pg1", KEY "members/pg1", "{}", NULL};
    static const char *const words[] = {"remove", "batman", "-f", "tsv", NULL};
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct fake_answer answers[] = {
            store_range(arena, keys), store_answer(arena, "{\"header\":{\"revision\":\"8\"},\"deleted\":\"2\"}")};
        const struct call_world world = {.answers = answers, .count = 2, .input = rows[i].input};
        struct call call = call_run_in(arena, "pgha", &world, words);

        assert_int_equal(call.status, rows[i].status);
        assert_string_equal(call.err, rows[i].err);
        assert_memory_equal(call.out, "Cluster\tMember\t", 15);
        assert_int_equal(strstr(call.last, "/kv/deleterange ") != NULL, rows[i].status == 0);
        if (rows[i].status == 0)
            assert_non_null(strstr(call.last, base64_encode(arena, KEY, strlen(KEY))));
        call_free(&call);
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(typing)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
