#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <time.h>

#include "pgha/arena.h"
#include "pgha/log.h"
#include "pgha/schedule.h"

/* The time as sent to a member, "now", or the error. */
static const char *parse(struct ctx *ctx, const char *text)
{
    struct err err = ERR_INIT;
    struct when when;
    bool scheduled;

    if (!schedule_parse(ctx, text, &scheduled, &when, &err))
        return err.message;
    return scheduled ? when_iso(ctx->arena, &when) : "now";
}

static void times(void **state)
{
    struct ctx ctx = {.arena = arena_new(NULL)};

    (void)state;
    setenv("TZ", "Europe/Berlin", 1);
    tzset();
    assert_string_equal(parse(&ctx, NULL), "now");
    assert_string_equal(parse(&ctx, ""), "now");
    assert_string_equal(parse(&ctx, "now"), "now");
    assert_string_equal(parse(&ctx, "2030-01-02 03:04"), "2030-01-02T03:04:00+01:00");
    assert_string_equal(parse(&ctx, "2030-07-02T03:04"), "2030-07-02T03:04:00+02:00");
    assert_string_equal(parse(&ctx, "2030-07-02T03:04Z"), "2030-07-02T03:04:00+00:00");
    assert_string_equal(parse(&ctx, "whenever"),
                        "Unable to parse scheduled timestamp (whenever). It should be in an unambiguous format (e.g. "
                        "ISO 8601)");
    arena_free(ctx.arena);
}

/* patronictl warns and takes it for local time; a switchover at the wrong hour is worse than none. */
static void unknown_zones(void **state)
{
    static const struct log quiet = {.stream = NULL};
    struct log log = quiet;
    struct ctx ctx = {.arena = arena_new(NULL), .log = &log};

    (void)state;
    assert_string_equal(parse(&ctx, "2030-01-02 03:04 XYZ"),
                        "The time zone XYZ in the scheduled timestamp (2030-01-02 03:04 XYZ) is not known");
    ctx.differences.as_patronictl = true;
    assert_string_equal(parse(&ctx, "2030-01-02 03:04 XYZ"), "2030-01-02T03:04:00+01:00");
    arena_free(ctx.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(times), cmocka_unit_test(unknown_zones)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
