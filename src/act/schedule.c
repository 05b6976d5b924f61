#include "pgha/schedule.h"

#include "pgha/arena.h"
#include "pgha/log.h"
#include "pgha/print.h"
#include "pgha/str.h"
#include "pgha/usage.h"

/* About what can be read in two ways. */
static void warn(struct ctx *ctx, const char *text, enum when_shown shown, const struct when *when)
{
    const char *zone = when_reversed_zone(ctx->arena, text, when), *why = NULL;

    if (shown == WHEN_NEVER)
        why = "the clock is put forward and skips this local time";
    if (shown == WHEN_TWICE)
        why = "the clock is put back and shows this local time twice";
    if (zone)
        why = arena_printf(ctx->arena, "\"%s\" is read as in POSIX, with the sign the other way round", zone);
    if (why)
        print_notice(ctx, "Warning: \"%s\" is taken for %s, which is %s: %s\n", text, when_iso(ctx->arena, when),
                     when_utc(ctx->arena, when), why);
}

bool schedule_is_now(const char *text)
{
    return !text || !*text || str_equal(text, "now");
}

static bool parse(struct ctx *ctx, const char *text, bool silent, bool *scheduled, struct when *when, struct err *err)
{
    const char *unknown_zone;
    struct when parsed;

    if (schedule_is_now(text)) {
        *scheduled = false;
        return true;
    }
    if (!when_parse(ctx->arena, text, &parsed, &unknown_zone, err))
        return err_set(
            err, ctx->arena, ERR_FAILED,
            "Unable to parse scheduled timestamp (%s). It should be in an unambiguous format (e.g. ISO 8601)", text);
    if (unknown_zone && differs(ctx, DIFF_TIME_UNKNOWN_ZONE))
        return err_set(err, ctx->arena, ERR_FAILED, "The time zone %s in the scheduled timestamp (%s) is not known",
                       unknown_zone, text);
    if (unknown_zone)
        log_warning(ctx->log, "UnknownTimezoneWarning: tzname %s identified but not understood.", unknown_zone);
    bool local = !parsed.zoned;
    enum when_shown shown = local ? when_shown(&parsed) : WHEN_ONCE;
    when_assume_local(&parsed);
    if (!silent && differs(ctx, DIFF_TIME_AMBIGUOUS))
        warn(ctx, text, shown, &parsed);
    *scheduled = true;
    *when = parsed;
    return true;
}

bool schedule_parse(struct ctx *ctx, const char *text, bool *scheduled, struct when *when, struct err *err)
{
    return parse(ctx, text, false, scheduled, when, err);
}

bool schedule_check(struct ctx *ctx, const char *text, struct err *err)
{
    bool scheduled;
    struct when when;

    return !differs(ctx, DIFF_USAGE_ERRORS) || parse(ctx, text, true, &scheduled, &when, err) || usage_fails(ctx, err);
}
