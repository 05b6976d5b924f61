#include "wait.h"

#include <math.h>

#include "pgha/arena.h"
#include "pgha/signals.h"
#include "pgha/str.h"

/* How often whoever waits is told, in seconds. */
#define TELL_EVERY 1

/* Seconds after which a member that works is asked whether it is still there; later that comes once a timeout. */
#define FIRST_PROBE 0.25

/* Members asked at once. Connections are left for those that are asked whether they are still there. */
#define WINDOW 48

struct wait {
    struct ctx *ctx;
    struct rest_exchange *exchanges;
    size_t count;
    size_t begun;
    size_t running;
    deadline_t next; /* when somebody is to be asked whether it is still there */
};

static void plan_probe(struct wait *wait, struct rest_exchange *exchange, deadline_t due)
{
    if (!exchange->probe_request.url)
        return;
    exchange->probe_due = due;
    if (due < wait->next)
        wait->next = due;
}

/* A member whose turn comes after its deadline is not asked any more. */
static void begin(struct wait *wait)
{
    for (; wait->begun < wait->count && wait->running < WINDOW; wait->begun++) {
        struct rest_exchange *exchange = &wait->exchanges[wait->begun];

        exchange->ended = !exchange->http.url || !deadline_left(exchange->http.deadline);
        if (exchange->ended)
            continue;
        exchange->http.connecting = deadline_in(wait->ctx->timeout);
        /* Silence from the beginning costs one timeout, with what has passed until the member is asked. */
        exchange->probe_request.deadline = exchange->http.connecting;
        plan_probe(wait, exchange, deadline_in(fmin(FIRST_PROBE, wait->ctx->timeout / 2)));
        exchange->http.owner = exchange;
        exchange->transfer = http_start(wait->ctx->http, wait->ctx->arena, &exchange->http);
        wait->running++;
    }
}

/* Patroni's API answers while PostgreSQL restarts; a member that was stopped, or whose network went away, does not. */
static void start_probes(struct wait *wait)
{
    wait->next = DEADLINE_NEVER;
    for (size_t i = 0; i < wait->begun; i++) {
        struct rest_exchange *exchange = &wait->exchanges[i];
        if (exchange->ended || exchange->probe || !exchange->probe_request.url)
            continue;
        if (deadline_left(exchange->probe_due)) {
            plan_probe(wait, exchange, exchange->probe_due);
            continue;
        }
        exchange->probe_request.owner = exchange;
        exchange->probe = http_start(wait->ctx->http, wait->ctx->arena, &exchange->probe_request);
    }
}

static void end(struct rest_exchange *exchange)
{
    exchange->ended = true;
    if (exchange->probe)
        http_cancel(exchange->probe);
    exchange->probe = NULL;
}

static void note(struct wait *wait, const struct http_transfer *ended)
{
    struct rest_exchange *exchange = http_transfer_owner(ended);

    /* It may be somebody else's. */
    if (exchange < wait->exchanges || exchange >= wait->exchanges + wait->count)
        return;
    if (exchange->probe == ended) {
        exchange->probe = NULL;
        exchange->silent = http_transfer_reply(ended)->outcome != HTTP_ANSWERED;
        if (!exchange->silent) {
            plan_probe(wait, exchange, deadline_in(wait->ctx->timeout));
            exchange->probe_request.deadline = deadline_in(2 * wait->ctx->timeout);
            return;
        }
        http_cancel(exchange->transfer);
    }
    end(exchange);
    wait->running--;
}

/* `since`: when the waiting began, in milliseconds. */
static void tell(const struct wait *wait, int64_t since)
{
    struct ctx *ctx = wait->ctx;
    struct arena *arena = arena_new(ctx->arena);
    struct str names;

    str_init(&names, arena);
    for (size_t i = 0; i < wait->count; i++)
        if (wait->exchanges[i].http.url && !wait->exchanges[i].ended)
            str_printf(&names, "%s%s", names.length ? ", " : "", wait->exchanges[i].request->member->name);
    if (ctx->on_wait)
        ctx->on_wait(ctx, names.text, (int)((clock_ms() - since) / 1000));
    arena_free(arena);
}

void rest_wait(struct ctx *ctx, struct rest_exchange *exchanges, size_t count)
{
    struct wait wait = {.ctx = ctx, .exchanges = exchanges, .count = count, .next = DEADLINE_NEVER};
    int64_t start = clock_ms();
    deadline_t telling = ctx->on_wait ? deadline_in(TELL_EVERY) : DEADLINE_NEVER;
    bool told = false;

    for (begin(&wait); wait.running && !signals_pending(); begin(&wait)) {
        const struct http_transfer *ended = http_wait(ctx->http, wait.next < telling ? wait.next : telling);
        if (ended)
            note(&wait, ended);
        if (!deadline_left(telling) && wait.running) {
            tell(&wait, start);
            told = true;
            telling = deadline_in(TELL_EVERY);
        }
        if (wait.next != DEADLINE_NEVER && !deadline_left(wait.next))
            start_probes(&wait);
    }
    if (told && ctx->on_wait)
        ctx->on_wait(ctx, NULL, 0);
    for (size_t i = 0; i < count; i++)
        end(&exchanges[i]);
}
