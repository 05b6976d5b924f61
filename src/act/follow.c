#include "follow.h"

#include "pgha/arena.h"
#include "pgha/clock.h"
#include "pgha/dynconf.h"
#include "pgha/rest.h"
#include "pgha/signals.h"
#include "pgha/str.h"

/* A member writes a request to the store before it does anything else about it. */
#define SEEN_SECONDS 2.0
#define POLL_INTERVAL 0.5 /* seconds */

static double number_of(const struct value *value, double otherwise)
{
    return value && value_is(value, VALUE_INT) && value->integer > 0 ? (double)value->integer : otherwise;
}

static deadline_t latest(const struct follow *follow)
{
    const struct ctx *ctx = follow->ctx;
    struct value loop_wait = dynconf_loop_wait(follow->before, ctx->config);
    double seconds = number_of(dynconf_get(follow->before, "ttl"), 30) + number_of(&loop_wait, 10) + ctx->timeout;
    deadline_t expected = deadline_in(seconds), most = rest_deadline(ctx, true);

    return expected < most ? expected : most;
}

/*
 * Whoever becomes leader takes the request away afterwards, so one that is gone while the old leader is there was
 * refused.
 */
static bool has_ended(const struct follow *follow, const struct cluster *now, bool *requested, enum follow_end *end)
{
    const char *leader = now->leader.present ? now->leader.name : NULL;

    *requested = *requested || (now->failover.present && !follow->before->failover.present);
    if (leader && follow->candidate && str_equal(leader, follow->candidate))
        *end = FOLLOW_DONE;
    else if (leader && !str_equal(leader, follow->old_leader))
        *end = follow->candidate ? FOLLOW_OTHER : FOLLOW_DONE;
    else if (leader && !now->failover.present && (!follow->doubted || *requested))
        *end = FOLLOW_DROPPED;
    else
        return false;
    return true;
}

/* Whether it has ended; a cluster that cannot be read has not, and `*leader` is then whoever was seen before. */
static bool look(const struct follow *follow, bool *requested, enum follow_end *end, const char **leader)
{
    struct ctx *ctx = follow->ctx;
    struct arena *arena = arena_new(ctx->arena);
    struct cluster now;
    struct err ignored = ERR_INIT;
    bool ended = false;

    if (cluster_read(follow->dcs, arena, ctx->config, follow->cluster_name, follow->group, deadline_in(ctx->timeout),
                     &now, &ignored)) {
        ended = has_ended(follow, &now, requested, end);
        *leader = now.leader.present ? arena_strdup(ctx->arena, now.leader.name) : NULL;
    }
    arena_free(arena);
    return ended;
}

bool follow_handover(const struct follow *follow, enum follow_end *end, const char **leader, struct err *err)
{
    struct ctx *ctx = follow->ctx;
    deadline_t deadline = latest(follow);
    deadline_t seen_by = deadline_in(ctx->timeout < SEEN_SECONDS ? ctx->timeout : SEEN_SECONDS);
    const char *who = arena_printf(ctx->arena, "%s to lead", follow->candidate ? follow->candidate : "somebody else");
    const char *seen = follow->old_leader;
    int64_t begun = clock_ms();
    enum follow_end found = FOLLOW_UNKNOWN;
    bool requested = !follow->doubted;

    while (!look(follow, &requested, &found, &seen) && deadline_left(requested ? deadline : seen_by) &&
           !signals_pending()) {
        if (ctx->on_wait)
            ctx->on_wait(ctx, who, (int)((clock_ms() - begun) / 1000));
        if (!signals_sleep(deadline_in(POLL_INTERVAL)))
            break;
    }
    if (ctx->on_wait)
        ctx->on_wait(ctx, NULL, 0);
    if (found == FOLLOW_UNKNOWN && signals_pending())
        return err_set(err, ctx->arena, ERR_UNKNOWN, "Interrupted; the request %s and may still be met",
                       requested ? "is in the store" : "was sent to a member, was not seen in the store,");
    *end = found;
    *leader = seen;
    return true;
}
