#include "pgha/tally.h"

#include "pgha/arena.h"
#include "pgha/print.h"
#include "pgha/str.h"

/* So many bytes of what a member said fit a line. */
#define LONGEST_ANSWER 4096

static const char *shown(const struct tally *tally, const char *text)
{
    return differs(tally->ctx, DIFF_LONG_ERRORS) ? str_shorten(tally->ctx->arena, text, LONGEST_ANSWER) : text;
}

static void print_failure(const struct tally *tally, const struct rest_request *request, bool unknown, const char *why)
{
    print_line(tally->ctx, "%s: %s for member %s, (%s)\n", unknown ? "Unknown" : "Failed", tally->action,
               request->member->name, shown(tally, why));
}

/* The line about a member that could not be asked, or that did not answer. */
static bool note_failure(struct tally *tally, const struct rest_request *request, const struct http_reply *reply,
                         struct err *err)
{
    struct err found = ERR_INIT;

    if (rest_check(tally->ctx, request, reply, &found))
        return true;
    if (found.kind == ERR_ABORTED && reply->sent && differs(tally->ctx, DIFF_ABORTED_REQUEST))
        print_failure(tally, request, true, "interrupted while it worked");
    if (found.kind == ERR_ABORTED || !differs(tally->ctx, DIFF_MEMBER_UNREACHABLE)) {
        found.kind = found.kind == ERR_ABORTED ? ERR_ABORTED : ERR_FAILED;
        *err = found;
        return false;
    }
    print_failure(tally, request, found.kind == ERR_UNKNOWN, found.message);
    if (found.kind == ERR_UNKNOWN)
        tally->unknown++;
    else if (found.kind == ERR_UNREACHABLE)
        tally->unreachable++;
    else
        tally->refused++;
    return true;
}

static bool note(struct tally *tally, const struct rest_request *request, const struct http_reply *reply,
                 tally_answer *answer, void *context, struct err *err)
{
    tally->asked++;
    if (reply->outcome != HTTP_ANSWERED)
        return note_failure(tally, request, reply, err);
    answer(tally, request, reply, context);
    return true;
}

bool tally_ask(struct tally *tally, const struct rest_request *requests, size_t count, tally_answer *answer,
               void *context, struct err *err)
{
    struct ctx *ctx = tally->ctx;
    struct http_reply *replies = arena_calloc(ctx->arena, count, sizeof *replies);
    bool good = true;

    if (!differs(ctx, DIFF_SEQUENTIAL_MEMBERS)) {
        for (size_t i = 0; i < count && good; i++)
            good = rest_send(ctx, &requests[i], &replies[i], err) &&
                   note(tally, &requests[i], &replies[i], answer, context, err);
        return good;
    }
    if (!rest_send_all(ctx, requests, count, replies, err))
        return false;
    for (size_t i = 0; i < count; i++)
        good = note(tally, &requests[i], &replies[i], answer, context, err) && good;
    return good;
}

/* Patroni's own words for an operation whose end it did not wait for. */
static bool is_unknown(const struct http_reply *reply)
{
    return reply->status == 503 &&
           (str_ends_with(reply->body, " status unknown") || str_equal(reply->body, "postgres is still starting"));
}

void tally_refused(struct tally *tally, const struct rest_request *request, const struct http_reply *reply)
{
    struct err found = ERR_INIT;

    if (is_unknown(reply))
        tally->unknown++;
    else
        tally->refused++;
    print_line(tally->ctx, "Failed: %s for member %s, status code=%d, (%s)\n", tally->action, request->member->name,
               reply->status, shown(tally, reply->body));
    if (!differs(tally->ctx, DIFF_CREDENTIALS_EXPLAINED) || tally->explained ||
        rest_check(tally->ctx, request, reply, &found))
        return;
    print_notice(tally->ctx, "%s\n", found.message);
    tally->explained = true;
}

void tally_check(struct tally *tally, const struct rest_request *request, const struct http_reply *reply, void *context)
{
    (void)context;
    if (reply->status >= 400)
        tally_refused(tally, request, reply);
    else
        print_line(tally->ctx, "Success: %s for member %s\n", tally->action, request->member->name);
}

size_t tally_failures(const struct tally *tally)
{
    return tally->refused + tally->unreachable + tally->unknown;
}

void tally_finish(const struct tally *tally)
{
    if (!differs(tally->ctx, DIFF_EXIT_STATUS))
        return;
    if (tally->unknown)
        tally->ctx->status = 4;
    else if (tally->asked && tally->unreachable == tally->asked)
        tally->ctx->status = 5;
    else if (tally->refused || tally->unreachable)
        tally->ctx->status = 3;
}

bool tally_interrupted(const struct ctx *ctx, const struct member *member, bool sent, const char *what, struct err *err)
{
    if (err->kind != ERR_ABORTED || !sent || !differs(ctx, DIFF_INTERRUPTED))
        return false;
    return err_set(err, ctx->arena, ERR_UNKNOWN,
                   "interrupted after member \"%s\" was asked: it is not known whether %s", member->name, what);
}

void tally_error(struct err *err)
{
    if (err->kind == ERR_TLS || err->kind == ERR_CREDENTIALS)
        err->kind = ERR_REFUSED;
}
