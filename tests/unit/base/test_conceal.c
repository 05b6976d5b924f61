#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>

#include <cmocka.h>

#include "pgha/arena.h"
#include "pgha/conceal.h"

static void masks_what_ps_shows(void **state)
{
    static const struct {
        const char *given;
        const char *shown;
    } cases[] = {
        {"list", "list"},
        {"etcd3://10.0.0.1:2379/service", "etcd3://10.0.0.1:2379/service"},
        {"etcd3://admin@10.0.0.1:2379", "etcd3://admin@10.0.0.1:2379"},
        {"etcd3://admin:secret@10.0.0.1:2379", "etcd3://admin:******@10.0.0.1:2379"},
        {"--dcs-url=etcd3://a:b@c:d@host/x:y@z", "--dcs-url=etcd3://a:*****@host/x:y@z"},
        {"a://b:c@d e://f:g@h", "a://b:*@d e://f:*@h"},
        {"http://a:@b", "http://a:@b"},
        {"://", "://"},
        {"", ""},
    };
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *words[] = {arena_strdup(arena, cases[i].given)};
        const char *const *copies = conceal_words(arena, 1, words);

        assert_string_equal(copies[0], cases[i].given);
        assert_null(copies[1]);
        assert_string_equal(words[0], cases[i].shown);
    }
    arena_free(arena);
}

static void leaves_no_core(void **state)
{
    (void)state;
    conceal_memory();
#ifndef __SANITIZE_ADDRESS__
    assert_int_equal(prctl(PR_GET_DUMPABLE), 0);
    prctl(PR_SET_DUMPABLE, 1); /* other tools look at tests */
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(masks_what_ps_shows), cmocka_unit_test(leaves_no_core)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
