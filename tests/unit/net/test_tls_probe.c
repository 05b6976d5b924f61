#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../../src/net/tls_probe.h"
#include "fake_http.h"
#include "pgha/arena.h"

static void release_url(void *url)
{
    curl_url_cleanup(url);
}

/* What a real server tells is for tests/net/test_tls.py; here is what happens when there is none. */
static void tells_nothing_in_little_time(void **state)
{
    struct fake_http *fake = fake_http_start(&(struct fake_answer){.hang = true}, 1);
    struct arena *arena = arena_new(NULL);
    const char *const places[] = {fake_http_nowhere(), fake_http_place(fake)};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        char words[CURL_ERROR_SIZE] = "as before";
        struct http_transfer transfer = {
            .arena = arena, .address = arena_own(arena, curl_url(), release_url), .started = clock_ms(), .timeout = 60};
        int64_t start = clock_ms();

        assert_int_equal(
            curl_url_set(transfer.address, CURLUPART_URL, arena_printf(arena, "https://%s/", places[i]), 0), CURLUE_OK);
        assert_null(tls_probe_expiry(&transfer));
        assert_false(tls_probe_alert(&transfer, words));
        assert_string_equal(words, "as before");
        assert_false(tls_probe_speaks(&transfer));
        /* Not the request's 60 s. Under valgrind, reading the system's authorities alone takes more than a second. */
        assert_in_range(clock_ms() - start, 0, 20000);
        /* Nothing more than what the request had left. */
        transfer.started = clock_ms() - 100000;
        start = clock_ms();
        assert_false(tls_probe_alert(&transfer, words));
        assert_in_range(clock_ms() - start, 0, 1000);
    }
    assert_int_equal(fake_http_count(fake), 0);
    arena_free(arena);
    fake_http_stop(fake);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_nothing_in_little_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
