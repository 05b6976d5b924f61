#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../../src/dcs/etcd2_path.h"
#include "pgha/arena.h"

static const struct {
    const char *key;
    const char *plain;  /* as pgha */
    const char *python; /* as patronictl */
    bool cut;
} paths[] = {
    {"/service/batman", "/service/batman", "/service/batman", false},
    {"", "/", "/", false},
    {"/service/batman//config", "/service/batman//config", "/service/batman/config", false},
    {"/service/batman/", "/service/batman/", "/service/batman", false},
    {"/service/./batman/../robin", "/service/./batman/../robin", "/service/robin", false},
    {"/service/..", "/service/..", "/", false},
    {"/../..", "/../..", "/", false},
    {"/service/bat%6Dan", "/service/bat%256Dan", "/service/batman", false},
    {"/service/bat%6dan%", "/service/bat%256dan%25", "/service/bat%256dan%25", false},
    {"/service/%", "/service/%25", "/service/%25", false},
    {"/service/%2", "/service/%252", "/service/%252", false},
    {"/service/a%00b", "/service/a%2500b", "/service/a%2500b", false},
    {"/service/a%2fb%2e%2e", "/service/a%252fb%252e%252e", "/service/a/b..", false},
    {"/service/b\xc3\xa4t man", "/service/b%C3%A4t%20man", "/service/b%C3%A4t%20man", false},
    {"/service/batman?x/config", "/service/batman%3Fx/config", "/service/batman", true},
    {"/service/batman#x", "/service/batman%23x", "/service/batman", true},
};

static void test_paths(void **state)
{
    struct arena *arena = arena_new(NULL);
    bool cut;

    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        assert_string_equal(etcd2_path(arena, paths[i].key, differences_for("pgha"), &cut), paths[i].plain);
        assert_false(cut);
        assert_string_equal(etcd2_path(arena, paths[i].key, differences_for("patronictl"), &cut), paths[i].python);
        assert_int_equal(cut, paths[i].cut);
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_paths),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
