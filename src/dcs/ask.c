#include "ask.h"

#include <string.h>

#include "pgha/arena.h"
#include "pgha/log.h"
#include "pgha/signals.h"
#include "pgha/str.h"

/* Reads under way at once. */
#define WINDOW 16

/* How long a server that cannot serve at the moment (an election) is asked again, and how often. As patronictl. */
#define RETRY_SECONDS 10.0
#define RETRY_PAUSE_MS 250

/* What the list of the other servers may take. */
#define LEARN_SECONDS 1.0

struct attempt {
    struct attempt *next;
    struct question *question;
    size_t endpoint;
    struct http_transfer *transfer;
};

/* Reasons that a message tells, and bytes of each: a server may send any text, and there may be many servers. */
#define MOST_REASONS 4
#define LONGEST_REASON 300

/* What went wrong so far; a TLS failure is told rather than an unreachable server, because somebody has to act. */
struct failures {
    struct str text;
    size_t reasons; /* that the text has */
    bool cut;       /* there are more */
    bool closed;    /* a server has closed the connection without an answer, as one does that wants TLS */
    enum err_kind kind;
};

/* A read and its attempts. */
struct question {
    const struct ask *ask;
    struct http_reply *reply;
    struct attempt *running;
    size_t first;        /* endpoint that is asked first */
    size_t tried;        /* endpoints that were asked in this round */
    deadline_t next;     /* when another one is asked */
    deadline_t patience; /* until then another round is worth it */
    const char *busy;    /* a server that answered that it cannot serve at the moment, NULL for none */
    struct failures failures;
    bool answered;
};

static void note_failure(struct arena *arena, struct failures *failures, enum err_kind kind, const char *text)
{
    if (kind == ERR_TLS && failures->kind != ERR_TLS) {
        str_cut(&failures->text, 0);
        failures->reasons = 0;
        failures->cut = false;
        failures->kind = ERR_TLS;
    } else if (kind != failures->kind) {
        return;
    }
    const char *reason = str_shorten(arena, text, LONGEST_REASON);
    if (failures->cut || strstr(failures->text.text, reason))
        return;
    failures->cut = failures->reasons++ >= MOST_REASONS;
    if (failures->text.length)
        str_add(&failures->text, "; ");
    str_add(&failures->text, failures->cut ? "and others" : reason);
}

/* What the section says about certificates: when they are at fault, the fault may be here. */
static const char *tls_text(const struct dcs *dcs, struct arena *arena)
{
    const struct http_tls *tls = &dcs->endpoints.tls;
    struct str text;

    str_init(&text, arena);
    str_printf(&text, "%s.cacert: %s", dcs->backend->section, tls->cafile ? tls->cafile : "none");
    if (tls->certfile)
        str_printf(&text, ", %s.cert: %s", dcs->backend->section, tls->certfile);
    if (tls->keyfile)
        str_printf(&text, ", %s.key: %s", dcs->backend->section, tls->keyfile);
    return text.text;
}

static bool fail(struct dcs *dcs, struct arena *arena, const struct failures *failures, struct err *err)
{
    if (failures->kind == ERR_TLS && dcs->tls_advice)
        return err_set(err, arena, ERR_TLS, "%s: %s; %s", dcs->backend->section, failures->text.text, dcs->tls_advice);
    if (failures->kind == ERR_TLS)
        return err_set(err, arena, ERR_TLS, "%s: %s (%s)", dcs->backend->section, failures->text.text,
                       tls_text(dcs, arena));
    bool expected = failures->closed && dcs->endpoints.tls.expected && dcs->tls_advice;
    return err_set(err, arena, failures->kind, "%s is not reachable: %s%s%s%s", dcs->backend->section,
                   failures->text.length ? failures->text.text : "there was no time to ask",
                   expected ? "; possibly it wants TLS: " : "", expected ? dcs->tls_advice : "", dcs->peer_advice);
}

static bool aborted(struct arena *arena, struct err *err)
{
    return err_set(err, arena, ERR_ABORTED, ERR_MESSAGE_ABORTED);
}

static struct http_request to_request(struct dcs *dcs, struct arena *arena, const struct ask *ask, const char *base,
                                      deadline_t deadline)
{
    return (struct http_request){
        .method = ask->method,
        .url = arena_printf(arena, "%s%s", base, ask->path),
        .body = ask->body,
        .body_length = ask->body_length,
        .content_type = ask->content_type,
        .authorization = ask->authorization,
        .body_secret = ask->body_secret,
        .user = ask->basic_auth ? dcs->endpoints.user : NULL,
        .password = ask->basic_auth ? dcs->endpoints.password : NULL,
        .tls = &dcs->endpoints.tls,
        .repeatable = !ask->write,
        .deadline = deadline,
    };
}

struct http_reply ask_one(struct dcs *dcs, struct arena *arena, const struct ask *ask, const char *base,
                          deadline_t deadline)
{
    struct http_request request = to_request(dcs, arena, ask, base, deadline);

    return http_send(dcs->http, arena, &request);
}

struct http_transfer *ask_start(struct dcs *dcs, struct arena *arena, const struct ask *ask, const char *base,
                                deadline_t deadline, void *owner)
{
    struct http_request request = to_request(dcs, arena, ask, base, deadline);

    request.owner = owner;
    return http_start(dcs->http, arena, &request);
}

/* So Go's HTTP server and nginx answer a plain request where they speak TLS. */
static bool is_from_tls_port(const struct http_reply *reply, const char *base)
{
    return str_starts_with(base, "http:") && reply->status == 400 &&
           (strstr(reply->body, "HTTP request to an HTTPS server") ||
            strstr(reply->body, "plain HTTP request was sent to HTTPS port"));
}

/* Whether the reply is the answer that was asked for; notes why not. */
static bool is_good(struct dcs *dcs, struct arena *arena, const struct http_reply *reply, const char *base,
                    struct failures *failures)
{
    struct err why = ERR_INIT;

    failures->closed |= reply->closed;
    if (reply->outcome != HTTP_ANSWERED) {
        if (!http_error(reply, arena, &why))
            note_failure(arena, failures, why.kind == ERR_TLS ? ERR_TLS : ERR_UNREACHABLE, why.message);
        return false;
    }
    if (is_from_tls_port(reply, base)) {
        note_failure(arena, failures, ERR_TLS, arena_printf(arena, "%s wants TLS, and was asked without", base));
        return false;
    }
    const char *unavailable = dcs->backend->why_unavailable(arena, reply);
    if (unavailable)
        note_failure(arena, failures, ERR_UNREACHABLE, arena_printf(arena, "%s says: %s", base, unavailable));
    return !unavailable;
}

static bool is_asking(const struct question *question, size_t endpoint)
{
    for (const struct attempt *attempt = question->running; attempt; attempt = attempt->next)
        if (attempt->endpoint == endpoint)
            return true;
    return false;
}

/* Asks the next server, unless it still has to answer since the round before. */
static void launch(struct dcs *dcs, struct arena *arena, struct question *question, deadline_t deadline)
{
    const struct endpoints *endpoints = &dcs->endpoints;
    size_t endpoint = (question->first + question->tried++) % endpoints->count;

    if (is_asking(question, endpoint))
        return;
    struct attempt *attempt = arena_alloc(arena, sizeof *attempt);
    attempt->question = question;
    attempt->endpoint = endpoint;
    struct http_request request = to_request(dcs, arena, question->ask, endpoints->bases[attempt->endpoint], deadline);
    request.owner = attempt;
    attempt->transfer = http_start(dcs->http, arena, &request);
    attempt->next = question->running;
    question->running = attempt;
    /* Without verification any server will do, and that it is asked burdens no other. */
    question->next = clock_ms() + (dcs->unverified ? 0 : ASK_HEDGE_MS);
}

/*
 * Whether there is still something to try after all servers have failed: those that only the others know, or, when one
 * of them has answered at least, all of them once more.
 */
static bool has_more(struct dcs *dcs, struct arena *arena, struct question *question, deadline_t deadline)
{
    struct endpoints *endpoints = &dcs->endpoints;

    if (!question->busy || !deadline_left(deadline))
        return false;
    if (!endpoints->fixed && !endpoints->learned) {
        deadline_t soon = deadline_in(LEARN_SECONDS);
        size_t before = endpoints->count;

        endpoints->learned = true;
        dcs->backend->learn(dcs, arena, question->busy, soon < deadline ? soon : deadline);
        if (endpoints->count > before) {
            question->first = 0;
            question->tried = before;
            question->next = 0;
            return true;
        }
    }
    if (!deadline_left(question->patience))
        return false;
    question->tried = 0;
    question->next = clock_ms() + RETRY_PAUSE_MS;
    return true;
}

/* Takes the outcome of an attempt; false when the question will have no answer. */
static bool take(struct dcs *dcs, struct arena *arena, struct attempt *attempt, deadline_t deadline)
{
    struct question *question = attempt->question;
    struct attempt **link = &question->running;
    const char *base = dcs->endpoints.bases[attempt->endpoint];

    while (*link != attempt)
        link = &(*link)->next;
    *link = attempt->next;
    *question->reply = *http_transfer_reply(attempt->transfer);
    question->answered = is_good(dcs, arena, question->reply, base, &question->failures);
    if (question->answered) {
        dcs->endpoints.preferred = attempt->endpoint;
        for (; question->running; question->running = question->running->next)
            http_cancel(question->running->transfer);
        return true;
    }
    if (question->reply->outcome == HTTP_ANSWERED)
        question->busy = base;
    if (question->tried) /* else this one is of the round before, and the next one has to wait */
        question->next = 0;
    return question->tried < dcs->endpoints.count || has_more(dcs, arena, question, deadline) || question->running;
}

/* Starts what is due; returns when something will be due next. */
static deadline_t advance(struct dcs *dcs, struct arena *arena, struct question *questions, size_t count,
                          deadline_t deadline, bool *running)
{
    deadline_t soonest = deadline;

    *running = false;
    for (size_t i = 0; i < count; i++) {
        struct question *question = &questions[i];

        if (question->answered)
            continue;
        while (question->tried < dcs->endpoints.count && !deadline_left(question->next))
            launch(dcs, arena, question, deadline);
        if (question->tried < dcs->endpoints.count && question->next < soonest)
            soonest = question->next;
        *running |= question->running != NULL;
    }
    return soonest;
}

/* Ends what is still under way after a failure. */
static bool give_up(struct dcs *dcs, struct arena *arena, struct question *questions, size_t count, struct err *err)
{
    struct failures *failures = NULL;

    for (size_t i = 0; i < count; i++) {
        struct question *question = &questions[i];

        for (; question->running; question->running = question->running->next) {
            note_failure(
                arena, &question->failures, ERR_UNREACHABLE,
                arena_printf(arena, "no answer from %s in time", dcs->endpoints.bases[question->running->endpoint]));
            http_cancel(question->running->transfer);
        }
        if (!question->answered && (!failures || question->failures.kind == ERR_TLS))
            failures = &question->failures;
    }
    return signals_pending() || !failures ? aborted(arena, err) : fail(dcs, arena, failures, err);
}

bool ask_send_all(struct dcs *dcs, struct arena *arena, const struct ask *asks, size_t count, deadline_t deadline,
                  struct http_reply *replies, struct err *err)
{
    struct question *questions = arena_calloc(arena, count, sizeof *questions);
    size_t opened = 0, answered = 0;
    bool running;

    while (answered < count) {
        for (; opened < count && opened - answered < WINDOW; opened++) {
            questions[opened] = (struct question){
                .ask = &asks[opened],
                .reply = &replies[opened],
                .first = dcs->endpoints.preferred,
                .patience = deadline_in(RETRY_SECONDS),
                .failures = {.kind = ERR_UNREACHABLE},
            };
            str_init(&questions[opened].failures.text, arena);
        }
        deadline_t soonest = advance(dcs, arena, questions, opened, deadline, &running);
        struct http_transfer *transfer = NULL;
        if (running)
            transfer = http_wait(dcs->http, soonest);
        else
            signals_sleep(soonest);
        if (signals_pending() || (!transfer && !deadline_left(deadline)))
            return give_up(dcs, arena, questions, opened, err);
        if (!transfer)
            continue;
        struct attempt *attempt = http_transfer_owner(transfer);
        if (!take(dcs, arena, attempt, deadline))
            return give_up(dcs, arena, questions, opened, err);
        answered += attempt->question->answered;
    }
    return true;
}

static bool ask_write(struct dcs *dcs, struct arena *arena, const struct ask *ask, deadline_t deadline,
                      struct http_reply *reply, struct err *err)
{
    struct endpoints *endpoints = &dcs->endpoints;
    struct failures failures = {.kind = ERR_UNREACHABLE};

    str_init(&failures.text, arena);
    for (size_t tried = 0; tried < endpoints->count; tried++) {
        size_t endpoint = (endpoints->preferred + tried) % endpoints->count;
        /* Half of the time is for finding out what became of a write that got no answer. */
        int64_t half = deadline_left(deadline) / 2;
        struct http_request request = to_request(dcs, arena, ask, endpoints->bases[endpoint], clock_ms() + half);

        request.connecting = clock_ms() + half / (int64_t)(endpoints->count - tried);
        *reply = http_send(dcs->http, arena, &request);
        if (reply->outcome == HTTP_ABORTED) {
            if (reply->sent && differs(dcs, DIFF_ABORTED_WRITE))
                log_warning(dcs->log, "interrupted: it is not known whether the write to %s has happened",
                            dcs->backend->section);
            return aborted(arena, err);
        }
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
    return ask->write ? ask_write(dcs, arena, ask, deadline, reply, err)
                      : ask_send_all(dcs, arena, ask, 1, deadline, reply, err);
}
