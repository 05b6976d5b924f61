#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../src/dcs/srv.h"
#include "pgha/arena.h"

/* An answer to _etcd._tcp.a with three records, of which the last is the root (no such service), and an address. */
static const unsigned char answer[] = "\x12\x34\x81\x80\0\1\0\4\0\0\0\0"
                                      "\5_etcd\4_tcp\1a\0\0\x21\0\1"
                                      "\xc0\x0c\0\x21\0\1\0\0\0\x3c\0\x0e\0\x0a\0\5\x09\x4b\2h1\1a\1b\0"
                                      "\xc0\x0c\0\x21\0\1\0\0\0\x3c\0\x0b\0\1\0\5\x09\x4c\2h2\xc0\x17"
                                      "\xc0\x0c\0\x21\0\1\0\0\0\x3c\0\7\0\1\0\5\x09\x4d\0"
                                      "\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\x7f\0\0\1";

static void reads_records(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct srv_target *targets;
    size_t count;

    (void)state;
    assert_true(srv_parse(arena, answer, sizeof answer - 1, &targets, &count));
    assert_int_equal(count, 2);
    assert_string_equal(targets[0].host, "h2.a");
    assert_int_equal(targets[0].port, 2380);
    assert_string_equal(targets[1].host, "h1.a.b");
    assert_int_equal(targets[1].port, 2379);
    arena_free(arena);
}

/* A target with other bytes than a host has would be another host, port or path in the address that is made of it. */
static void refuses_other_names(void **state)
{
    struct arena *arena = arena_new(NULL);
    unsigned char copy[sizeof answer];
    struct srv_target *targets;
    size_t count;

    (void)state;
    for (const char *odd = "@/#?:% \n\x1b\"[,\xc2"; *odd; odd++) {
        memcpy(copy, answer, sizeof answer);
        unsigned char *label = memmem(copy, sizeof copy, "\2h2", 3);
        label[2] = (unsigned char)*odd;
        assert_true(srv_parse(arena, copy, sizeof copy - 1, &targets, &count));
        assert_int_equal(count, 1);
        assert_string_equal(targets[0].host, "h1.a.b");
    }
    arena_free(arena);
}

static void refuses_broken_messages(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct srv_target *targets;
    size_t count = 42;

    (void)state;
    for (size_t length = 0; length < sizeof answer - 1; length++) {
        unsigned char *copy = malloc(length + 1);

        memcpy(copy, answer, length);
        assert_false(srv_parse(arena, copy, length, &targets, &count));
        free(copy);
    }
    assert_int_equal(count, 42);
    /* A name that points to itself. */
    unsigned char loop[sizeof answer];
    memcpy(loop, answer, sizeof answer);
    memcpy(loop + 48, "\xc0\x30", 2);
    assert_true(srv_parse(arena, loop, sizeof answer - 1, &targets, &count));
    assert_int_equal(count, 1);
    arena_free(arena);
}

static void unknown_names_and_time(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct srv_target *targets;
    int64_t start = clock_ms();
    size_t count;

    (void)state;
    assert_false(srv_lookup(arena, "_etcd._tcp.nowhere.invalid", deadline_in(0.5), &targets, &count));
    assert_in_range(clock_ms() - start, 0, 1500);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_records),
        cmocka_unit_test(refuses_other_names),
        cmocka_unit_test(refuses_broken_messages),
        cmocka_unit_test(unknown_names_and_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
