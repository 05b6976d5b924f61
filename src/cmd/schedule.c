#include "schedule.h"

#include "pgha/log.h"
#include "pgha/str.h"

bool schedule_parse(struct ctx *ctx, const char *text, bool *scheduled, struct when *when, struct err *err)
{
    const char *unknown_zone;
    struct when parsed;

    if (!text || !*text || str_equal(text, "now")) {
        *scheduled = false;
        return true;
    }
    if (!when_parse(ctx->arena, text, &parsed, &unknown_zone, err))
        return err_set(
            err, ctx->arena, ERR_FAILED,
            "Unable to parse scheduled timestamp (%s). It should be in an unambiguous format (e.g. ISO 8601)", text);
    if (unknown_zone && !ctx->as_patronictl)
        return err_set(err, ctx->arena, ERR_FAILED, "The time zone %s in the scheduled timestamp (%s) is not known",
                       unknown_zone, text);
    if (unknown_zone)
        log_warning(ctx->log, "UnknownTimezoneWarning: tzname %s identified but not understood.", unknown_zone);
    if (!parsed.zoned)
        when_assume_local(&parsed);
    *scheduled = true;
    *when = parsed;
    return true;
}
