#include "ask.h"

#include <string.h>

#include "pgha/arena.h"
#include "pgha/log.h"
#include "pgha/signals.h"
#include "pgha/str.h"

struct attempt {
    struct attempt *next;
    size_t endpoint;
    struct http_transfer *transfer;
};

/* What went wrong so far; a TLS failure is told rather than an unreachable server, because somebody has to act. */
struct failures {
    struct str text;
    enum err_kind kind;
};

static void note_failure(struct failures *failures, enum err_kind kind, const char *text)
{
    if (kind == ERR_TLS && failures->kind != ERR_TLS) {
        str_cut(&failures->text, 0);
        failures->kind = ERR_TLS;
    } else if (kind != failures->kind) {
        return;
    }
    if (strstr(failures->text.text, text))
        return;
    if (failures->text.length)
        str_add(&failures->text, "; ");
    str_add(&failures->text, text);
}

static bool fail(struct dcs *dcs, struct arena *arena, const struct failures *failures, struct err *err)
{
    return err_set(err, arena, failures->kind, failures->kind == ERR_TLS ? "%s: %s" : "%s is not reachable: %s",
                   dcs->backend->section, failures->text.length ? failures->text.text : "there was no time to ask");
}

static struct attempt *start(struct dcs *dcs, struct arena *arena, const struct ask *ask, size_t endpoint,
                             deadline_t deadline)
{
    const struct endpoints *endpoints = &dcs->endpoints;
    struct attempt *attempt = arena_alloc(arena, sizeof *attempt);
    struct http_request request = {
        .method = ask->method,
        .url = arena_printf(arena, "%s%s", endpoints->bases[endpoint], ask->path),
        .body = ask->body,
        .body_length = ask->body_length,
        .content_type = ask->content_type,
        .authorization = ask->authorization,
        .user = ask->basic_auth ? endpoints->user : NULL,
        .password = ask->basic_auth ? endpoints->password : NULL,
        .tls = &endpoints->tls,
        .repeatable = !ask->write,
        .deadline = deadline,
        .owner = attempt,
    };

    attempt->endpoint = endpoint;
    attempt->transfer = http_start(dcs->http, arena, &request);
    return attempt;
}

/* Whether the reply is the answer that was asked for; notes why not. */
static bool is_good(struct dcs *dcs, struct arena *arena, const struct http_reply *reply, const char *base,
                    struct failures *failures)
{
    struct err why = ERR_INIT;

    if (reply->outcome != HTTP_ANSWERED) {
        if (!http_error(reply, arena, &why))
            note_failure(failures, why.kind == ERR_TLS ? ERR_TLS : ERR_UNREACHABLE, why.message);
        return false;
    }
    const char *unavailable = dcs->backend->why_unavailable(arena, reply);
    if (unavailable)
        note_failure(failures, ERR_UNREACHABLE, arena_printf(arena, "%s says: %s", base, unavailable));
    return !unavailable;
}

static bool aborted(struct arena *arena, struct err *err)
{
    return err_set(err, arena, ERR_ABORTED, "interrupted");
}

static bool ask_read(struct dcs *dcs, struct arena *arena, const struct ask *ask, deadline_t deadline,
                     struct http_reply *reply, struct err *err)
{
    struct endpoints *endpoints = &dcs->endpoints;
    struct attempt *running = NULL;
    struct failures failures = {.kind = ERR_UNREACHABLE};
    size_t first = endpoints->preferred, tried = 0;
    deadline_t hedge = 0;
    bool good = false;

    str_init(&failures.text, arena);
    while (!good && (running || tried < endpoints->count) && !signals_pending()) {
        if (tried < endpoints->count && (!running || !deadline_left(hedge))) {
            struct attempt *attempt = start(dcs, arena, ask, (first + tried++) % endpoints->count, deadline);

            attempt->next = running;
            running = attempt;
            hedge = clock_ms() + ASK_HEDGE_MS;
        }
        struct http_transfer *transfer =
            http_wait(dcs->http, tried < endpoints->count && hedge < deadline ? hedge : deadline);
        if (!transfer) {
            if (!deadline_left(deadline))
                break;
            continue;
        }
        struct attempt *attempt = http_transfer_owner(transfer), **link = &running;
        while (*link != attempt)
            link = &(*link)->next;
        *link = attempt->next;
        *reply = *http_transfer_reply(transfer);
        good = is_good(dcs, arena, reply, endpoints->bases[attempt->endpoint], &failures);
        if (good)
            endpoints->preferred = attempt->endpoint;
    }
    for (; running; running = running->next) {
        if (!good)
            note_failure(&failures, ERR_UNREACHABLE,
                         arena_printf(arena, "no answer from %s in time", endpoints->bases[running->endpoint]));
        http_cancel(running->transfer);
    }
    if (good)
        return true;
    return signals_pending() ? aborted(arena, err) : fail(dcs, arena, &failures, err);
}

static bool ask_write(struct dcs *dcs, struct arena *arena, const struct ask *ask, deadline_t deadline,
                      struct http_reply *reply, struct err *err)
{
    struct endpoints *endpoints = &dcs->endpoints;
    struct failures failures = {.kind = ERR_UNREACHABLE};

    str_init(&failures.text, arena);
    for (size_t tried = 0; tried < endpoints->count; tried++) {
        size_t endpoint = (endpoints->preferred + tried) % endpoints->count;
        int left = deadline_left(deadline);
        /* The other half is for finding out what became of a write that got no answer. */
        deadline_t half = deadline == DEADLINE_NEVER ? deadline : deadline - left / 2;
        struct attempt *attempt = start(dcs, arena, ask, endpoint, half);

        if (!http_wait(dcs->http, DEADLINE_NEVER))
            http_cancel(attempt->transfer);
        *reply = *http_transfer_reply(attempt->transfer);
        if (reply->outcome == HTTP_ABORTED)
            return aborted(arena, err);
        if (is_good(dcs, arena, reply, endpoints->bases[endpoint], &failures)) {
            endpoints->preferred = endpoint;
            return true;
        }
        if (reply->sent)
            return err_set(err, arena, ERR_UNKNOWN, "%s", failures.text.text);
    }
    return fail(dcs, arena, &failures, err);
}

bool ask_send(struct dcs *dcs, struct arena *arena, const struct ask *ask, deadline_t deadline,
              struct http_reply *reply, struct err *err)
{
    return (ask->write ? ask_write : ask_read)(dcs, arena, ask, deadline, reply, err);
}
