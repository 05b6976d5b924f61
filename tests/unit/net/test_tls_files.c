#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../../src/net/tls_files.h"
#include "pgha/arena.h"

#define CERTIFICATE "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
#define KEY "-----BEGIN EC PRIVATE KEY-----\nMHcC\n-----END EC PRIVATE KEY-----\n"
#define ENCRYPTED_KEY "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIHs\n-----END ENCRYPTED PRIVATE KEY-----\n"

static void release_file(void *path)
{
    unlink(path);
}

/* A file with this text that is gone with the arena. */
static const char *file_with(struct arena *arena, const char *text)
{
    char *path = arena_strdup(arena, "/tmp/pgha-tls-files-XXXXXX");
    int fd = mkstemp(path);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
    return arena_own(arena, path, release_file);
}

static void authorities(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct http_tls tls = {.cafile = NULL};

    (void)state;
    assert_null(tls_files_why_no_authorities(arena, &tls));
    tls.cafile = "/nowhere/ca.pem";
    assert_string_equal(tls_files_why_no_authorities(arena, &tls), "/nowhere/ca.pem: No such file or directory");
    tls.cafile = "/tmp";
    assert_string_equal(tls_files_why_no_authorities(arena, &tls), "/tmp: Is a directory");
    tls.cafile = file_with(arena, KEY);
    assert_non_null(strstr(tls_files_why_no_authorities(arena, &tls), " holds no certificate"));
    tls.cafile = file_with(arena, CERTIFICATE);
    assert_null(tls_files_why_no_authorities(arena, &tls));
    arena_free(arena);
}

static void certificates_and_keys(void **state)
{
    struct arena *arena = arena_new(NULL);
    const struct {
        struct http_tls tls;
        const char *says;
    } rows[] = {
        {{.certfile = "/nowhere/a"}, "/nowhere/a: No such file or directory"},
        {{.certfile = file_with(arena, "")}, " holds no certificate"},
        {{.certfile = file_with(arena, CERTIFICATE)}, " holds no key"},
        {{.certfile = file_with(arena, CERTIFICATE), .keyfile = "/nowhere/b"}, "/nowhere/b: No such file"},
        {{.certfile = file_with(arena, CERTIFICATE KEY)}, " does not match the certificate "},
        {{.certfile = file_with(arena, CERTIFICATE), .keyfile = file_with(arena, KEY)}, " does not match the "},
        {{.certfile = file_with(arena, CERTIFICATE), .keyfile = file_with(arena, ENCRYPTED_KEY)}, "is not given"},
        {{.certfile = file_with(arena, CERTIFICATE),
          .keyfile = file_with(arena, ENCRYPTED_KEY),
          .key_password = "open sesame"},
         " is encrypted and its password is wrong"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *why = tls_files_why_no_certificate(arena, &rows[i].tls);

        assert_non_null(why);
        if (!strstr(why, rows[i].says))
            fail_msg("%s", why);
        assert_null(strstr(why, "sesame"));
    }
    assert_null(tls_files_why_no_certificate(arena, &(struct http_tls){.keyfile = "/nowhere/b"}));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(authorities),
        cmocka_unit_test(certificates_and_keys),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
