#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pgha/arena.h"
#include "pgha/base64.h"

/* RFC 4648, section 10. */
static const struct {
    const char *plain;
    const char *encoded;
} vectors[] = {
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
};

static void known_vectors(void **state)
{
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        size_t length = strlen(vectors[i].plain), size = 99;
        char data[16] = "";

        assert_string_equal(base64_encode(arena, vectors[i].plain, length), vectors[i].encoded);
        assert_true(base64_decode(vectors[i].encoded, strlen(vectors[i].encoded), data, &size));
        assert_int_equal(size, length);
        assert_memory_equal(data, vectors[i].plain, length);
    }
    arena_free(arena);
}

static void every_byte(void **state)
{
    struct arena *arena = arena_new(NULL);
    unsigned char bytes[256];
    size_t size = 0;

    (void)state;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)i;
    char *text = base64_encode(arena, bytes, sizeof bytes);
    /* In place. */
    assert_true(base64_decode(text, strlen(text), text, &size));
    assert_int_equal(size, sizeof bytes);
    assert_memory_equal(text, bytes, sizeof bytes);
    arena_free(arena);
}

static void refuses(void **state)
{
    static const char *const bad[] = {
        "Z", "Zg", "Zg=", "Zg===", "=", "====", "Z===", "Zm9v\n", "Zm 9", "Zm-_", "Zg==Zg=="};
    char data[16];
    size_t size = 7;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(base64_decode(bad[i], strlen(bad[i]), data, &size));
    assert_int_equal(size, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_vectors),
        cmocka_unit_test(every_byte),
        cmocka_unit_test(refuses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
