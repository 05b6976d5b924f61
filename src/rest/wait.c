#include "wait.h"

#include "pgha/arena.h"
#include "pgha/signals.h"
#include "pgha/str.h"

/* How often whoever waits is told, in seconds. */
#define TELL_EVERY 1

/* Patroni's API answers while PostgreSQL restarts; a member that was stopped, or whose network went away, does not. */
static void start_probes(struct ctx *ctx, struct rest_exchange *exchanges, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct rest_exchange *exchange = &exchanges[i];
        if (exchange->ended || exchange->probe || !exchange->probe_request.url)
            continue;
        exchange->probe_request.deadline = deadline_in(ctx->timeout);
        exchange->probe = http_start(ctx->http, ctx->arena, &exchange->probe_request);
    }
}

static void end(struct rest_exchange *exchange)
{
    exchange->ended = true;
    if (exchange->probe)
        http_cancel(exchange->probe);
    exchange->probe = NULL;
}

static void note(struct rest_exchange *exchanges, size_t count, const struct http_transfer *ended)
{
    for (size_t i = 0; i < count; i++) {
        struct rest_exchange *exchange = &exchanges[i];
        if (exchange->transfer == ended)
            end(exchange);
        if (exchange->probe != ended)
            continue;
        exchange->probe = NULL;
        exchange->silent = http_transfer_reply(ended)->outcome != HTTP_ANSWERED;
        if (exchange->silent) {
            http_cancel(exchange->transfer);
            exchange->ended = true;
        }
    }
}

static bool are_ended(const struct rest_exchange *exchanges, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!exchanges[i].ended)
            return false;
    return true;
}

/* `since`: when the waiting began, in milliseconds. */
static void tell(struct ctx *ctx, const struct rest_exchange *exchanges, size_t count, int64_t since)
{
    struct arena *arena = arena_new(ctx->arena);
    struct str names;

    str_init(&names, arena);
    for (size_t i = 0; i < count; i++)
        if (!exchanges[i].ended)
            str_printf(&names, "%s%s", names.length ? ", " : "", exchanges[i].request->member->name);
    ctx->on_wait(ctx, names.text, (int)((clock_ms() - since) / 1000));
    arena_free(arena);
}

void rest_wait(struct ctx *ctx, struct rest_exchange *exchanges, size_t count)
{
    int64_t start = clock_ms();
    deadline_t next = deadline_in(ctx->timeout), telling = ctx->on_wait ? deadline_in(TELL_EVERY) : DEADLINE_NEVER;
    bool told = false;

    for (size_t i = 0; i < count; i++)
        exchanges[i].ended = !exchanges[i].transfer;
    while (!are_ended(exchanges, count) && !signals_pending()) {
        const struct http_transfer *ended = http_wait(ctx->http, next < telling ? next : telling);
        if (ended)
            note(exchanges, count, ended);
        if (!deadline_left(telling) && !are_ended(exchanges, count)) {
            tell(ctx, exchanges, count, start);
            told = true;
            telling = deadline_in(TELL_EVERY);
        }
        if (deadline_left(next) > 0)
            continue;
        start_probes(ctx, exchanges, count);
        next = deadline_in(ctx->timeout);
    }
    if (told)
        ctx->on_wait(ctx, NULL, 0);
    for (size_t i = 0; i < count; i++)
        end(&exchanges[i]);
}
