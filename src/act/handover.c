#include "pgha/handover.h"

#include <string.h>

#include "candidate.h"
#include "follow.h"
#include "pgha/arena.h"
#include "pgha/dynconf.h"
#include "pgha/json.h"
#include "pgha/log.h"
#include "pgha/open.h"
#include "pgha/print.h"
#include "pgha/prompt.h"
#include "pgha/pytext.h"
#include "pgha/rest.h"
#include "pgha/schedule.h"
#include "pgha/str.h"
#include "pgha/tally.h"
#include "pgha/usage.h"

/* One run from the first look at the cluster to its end. */
struct run {
    struct ctx *ctx;
    const struct handover *given;
    const char *action;
    int64_t group;
    struct dcs *dcs;
    struct cluster cluster;
    const char *leader; /* NULL: the cluster has none */
    const char *candidate;
    const char *old_leader;   /* the one that is to go; switchover only */
    const char *scheduled_at; /* NULL: at once */
};

static bool failed(const struct run *run, struct err *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool failed(const struct run *run, struct err *err, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    const char *message = arena_vprintf(run->ctx->arena, format, list);
    va_end(list);
    return err_set(err, run->ctx->arena, ERR_FAILED, "%s", message);
}

/* With --force, what is missing is missing on the command line; otherwise it is an answer. */
static bool misused(const struct run *run, struct err *err, const char *message)
{
    return failed(run, err, "%s", message) || (run->given->force && usage_fails(run->ctx, err));
}

/* A question whose refusal is the end. */
static bool confirm(const struct run *run, const char *question, const char *refusal, struct err *err)
{
    bool yes;

    if (run->given->force)
        return true;
    if (!prompt_confirm(run->ctx, question, &yes, err))
        return false;
    return yes || err_set(err, run->ctx->arena, ERR_ABORTED, "%s %s", refusal, run->action);
}

/* A cluster has one request at a time: what waits is gone with the new one. */
static void tell_replaced(const struct run *run)
{
    const struct failover *failover = &run->cluster.failover;
    struct str parties;

    if (!failover_is_scheduled(failover) || !differs(run->ctx, DIFF_HANDOVER_REPLACES))
        return;
    str_init(&parties, run->ctx->arena);
    if (value_truth(&failover->leader)) {
        str_add(&parties, " from ");
        value_str(&failover->leader, &parties);
    }
    if (value_truth(&failover->candidate)) {
        str_add(&parties, " to ");
        value_str(&failover->candidate, &parties);
    }
    print_notice(run->ctx, "Warning: this %s replaces the switchover%s that %s %s\n", run->action,
                 parties.length ? parties.text : "",
                 failover_is_overdue(failover) ? "is overdue since" : "is scheduled at", failover->scheduled_at);
}

static bool open_and_show(struct run *run, struct err *err)
{
    struct ctx *ctx = run->ctx;
    long long group;

    if (!open_cluster(ctx, run->given->cluster_name, run->group, &run->dcs, &run->cluster, err))
        return false;
    fprintf(ctx->out, "Current cluster topology\n");
    if (!print_members(ctx, &run->cluster, run->given->force ? PRINT_CUT : PRINT_PAGE, err))
        return false;
    if (!run->cluster.citus || run->group != CLUSTER_NO_GROUP)
        return true;
    if (run->given->force)
        return misused(run, err, "For Citus clusters the --group must me specified");
    if (!prompt_int(ctx, "Citus group", &group, err))
        return false;
    run->group = group;
    return open_cluster(ctx, run->given->cluster_name, run->group, &run->dcs, &run->cluster, err);
}

static bool choose_leader(struct run *run, struct err *err)
{
    const struct leader *leader = &run->cluster.leader;

    run->leader = leader->present && *leader->name ? leader->name : NULL;
    if (!run->given->is_switchover)
        return true;
    if (!run->leader)
        return failed(run, err, "This cluster has no leader");
    run->old_leader = run->given->leader;
    if (!run->old_leader && run->given->force)
        run->old_leader = run->leader;
    else if (!run->old_leader &&
             !prompt_text(run->ctx, dynconf_is_standby_cluster(&run->cluster) ? "Standby Leader" : "Primary",
                          run->leader, &run->old_leader, err))
        return false;
    if (!str_equal(run->leader, run->old_leader))
        return failed(run, err, "Member %s is not the leader of cluster %s", run->old_leader, run->given->cluster_name);
    return true;
}

static struct candidates candidates_of(const struct run *run)
{
    return (struct candidates){
        .ctx = run->ctx,
        .cluster = &run->cluster,
        .given = run->given,
        .action = run->action,
        .leader = run->leader,
    };
}

static bool choose_candidate(struct run *run, struct err *err)
{
    const struct candidates candidates = candidates_of(run);

    if (!candidate_choose(&candidates, &run->candidate, err))
        return false;
    return run->given->is_switchover || (run->candidate && *run->candidate) ||
           misused(run, err, "Failover could be performed only to a specific candidate");
}

/* The sync key is empty without a leader in it: Patroni's is_empty. */
static bool confirm_asynchronous(const struct run *run, struct err *err)
{
    bool matches;

    if (run->given->is_switchover || run->given->force || !dynconf_is_synchronous(&run->cluster) ||
        !value_truth(value_get(&run->cluster.sync.data, "leader")))
        return true;
    if (!cluster_sync_matches(&run->cluster, run->ctx->arena, run->candidate, true, &matches, err))
        return false;
    return matches ||
           confirm(run,
                   arena_printf(run->ctx->arena, "Are you sure you want to failover to the asynchronous node %s?",
                                run->candidate),
                   "Aborting", err);
}

static bool choose_time(struct run *run, struct err *err)
{
    struct ctx *ctx = run->ctx;
    const char *text = run->given->scheduled;
    bool scheduled;
    struct when when;

    if (!run->given->is_switchover)
        return true;
    if (!text && !run->given->force) {
        const char *question =
            arena_printf(ctx->arena, "When should the switchover take place (e.g. %s ) ", when_next_hour(ctx->arena));
        if (!prompt_text(ctx, question, "now", &text, err))
            return false;
    }
    if (!schedule_parse(ctx, text, &scheduled, &when, err))
        return false;
    if (scheduled && dynconf_is_paused(&run->cluster))
        return failed(run, err, "Can't schedule switchover in the paused state");
    if (scheduled)
        run->scheduled_at = when_iso(ctx->arena, &when);
    return true;
}

static bool confirm_all(const struct run *run, struct err *err)
{
    struct arena *arena = run->ctx->arena;
    const char *demoting = run->leader ? arena_printf(arena, ", demoting current leader %s", run->leader) : "";
    const char *name = run->given->cluster_name;

    if (run->scheduled_at)
        return confirm(run,
                       arena_printf(arena, "Are you sure you want to schedule switchover of cluster %s at %s%s?", name,
                                    run->scheduled_at, demoting),
                       "Aborting scheduled", err);
    return confirm(run, arena_printf(arena, "Are you sure you want to %s cluster %s%s?", run->action, name, demoting),
                   "Aborting", err);
}

static struct value request_body(const struct run *run)
{
    struct arena *arena = run->ctx->arena;
    struct value body = value_map();

    value_map_set(arena, &body, "candidate", value_string(run->candidate));
    if (run->given->is_switchover)
        value_map_set(arena, &body, "leader", value_string(run->old_leader));
    if (run->scheduled_at)
        value_map_set(arena, &body, "scheduled_at", value_string(run->scheduled_at));
    return body;
}

/*
 * Patroni itself gives up after twice its loop_wait or 20 seconds. patronictl waits as long as anyone would; called as
 * pgha a member that hangs is not waited for much longer than one that does not.
 */
static deadline_t overdue(const struct run *run)
{
    struct value wait = dynconf_loop_wait(&run->cluster, run->ctx->config);
    double seconds = value_is(&wait, VALUE_INT) && wait.integer > 10 ? (double)wait.integer : 10;
    deadline_t most = rest_deadline(run->ctx, true), expected = deadline_in(2 * seconds + 3 * run->ctx->timeout);

    return !differs(run->ctx, DIFF_HANDOVER_WAIT) || most < expected ? most : expected;
}

/* A Patroni before 1.6 has no switchover: case switchover-501. */
static bool is_too_old(const struct run *run, const struct http_reply *reply)
{
    return run->given->is_switchover && reply->outcome == HTTP_ANSWERED && reply->status == 501 &&
           strstr(reply->body, "Server does not support this operation");
}

static bool ask(const struct run *run, struct rest_request *request, struct http_reply *reply, struct err *err)
{
    if (!rest_send(run->ctx, request, reply, err))
        return false;
    if (!is_too_old(run, reply))
        return true;
    request->endpoint = "failover";
    request->deadline = overdue(run);
    return rest_send(run->ctx, request, reply, err);
}

static const char *title(const struct run *run)
{
    return run->given->is_switchover ? "Switchover" : "Failover";
}

/* The key that has the members do it themselves. patronictl makes no version check here. */
static bool write_key(const struct run *run, struct err *err)
{
    struct ctx *ctx = run->ctx;
    struct value key = value_map();
    struct str json;

    if (run->old_leader && *run->old_leader)
        value_map_set(ctx->arena, &key, "leader", value_string(run->old_leader));
    if (run->candidate && *run->candidate)
        value_map_set(ctx->arena, &key, "member", value_string(run->candidate));
    if (run->scheduled_at)
        value_map_set(ctx->arena, &key, "scheduled_at", value_string(run->scheduled_at));
    str_init(&json, ctx->arena);
    json_write(&key, true, &json);
    const char *path = cluster_path(ctx->arena, ctx->config, run->given->cluster_name, run->group);
    return dcs_put_if(run->dcs, ctx->arena, arena_printf(ctx->arena, "%s/failover", path), json.text, DCS_ANY,
                      deadline_in(ctx->timeout), err);
}

/* It is done by now: that the result cannot be shown does not change that. */
static bool show_result(struct run *run, struct err *err)
{
    struct ctx *ctx = run->ctx;

    if (cluster_read(run->dcs, ctx->arena, ctx->config, run->given->cluster_name, run->group, deadline_in(ctx->timeout),
                     &run->cluster, err) &&
        print_members(ctx, &run->cluster, PRINT_CUT, err))
        return true;
    if (err->kind == ERR_ABORTED)
        return false;
    log_warning(ctx->log, "The cluster cannot be shown: %s", err->message);
    return true;
}

/*
 * patronictl shows the cluster as it was and calls that a success. `doubt` is why nobody knows whether there is a
 * request, or NULL.
 */
static bool tell_what_became(struct run *run, const struct err *doubt, struct err *err)
{
    struct ctx *ctx = run->ctx;
    const struct follow follow = {
        .ctx = ctx,
        .dcs = run->dcs,
        .cluster_name = run->given->cluster_name,
        .group = run->group,
        .before = &run->cluster,
        .old_leader = run->leader,
        .candidate = run->candidate && *run->candidate ? run->candidate : NULL,
        .doubted = doubt,
    };
    enum follow_end end;
    const char *leader, *what;

    fflush(ctx->out);
    if (!follow_handover(&follow, &end, &leader, err))
        return false;
    if (doubt && end == FOLLOW_UNKNOWN) {
        *err = *doubt;
        return err_wrap(err, ctx->arena, "The outcome of the %s is not known", run->action);
    }
    ctx->status = end == FOLLOW_DONE ? 0 : end == FOLLOW_UNKNOWN ? 4 : 3;
    if (end == FOLLOW_DONE)
        what = arena_printf(ctx->arena, "Successfully %s over to \"%s\"",
                            run->given->is_switchover ? "switched" : "failed", leader);
    else if (end == FOLLOW_OTHER)
        what = arena_printf(ctx->arena, "%s failed, details: \"%s\" leads instead of \"%s\"", title(run), leader,
                            run->candidate);
    else if (end == FOLLOW_DROPPED)
        what = arena_printf(ctx->arena, "%s failed, details: the members dropped the request and \"%s\" leads",
                            title(run), leader);
    else
        what = arena_printf(ctx->arena, "%s result unknown, details: the request is in the store and %s leads",
                            title(run), leader ? arena_printf(ctx->arena, "\"%s\" still", leader) : "nobody");
    print_line(ctx, "%s %s\n", when_stamp(ctx->arena, 5), what);
    return show_result(run, err);
}

static bool fall_back(struct run *run, const char *why, struct err *err)
{
    struct ctx *ctx = run->ctx;
    struct err problem = ERR_INIT;

    log_error(ctx->log, "%s", why);
    log_warning(ctx->log, "Failing over to DCS");
    fprintf(ctx->out, "%s Could not %s using Patroni api, falling back to DCS\n", when_stamp(ctx->arena, 5),
            run->action);
    if (!write_key(run, &problem)) {
        if (differs(ctx, DIFF_REFUSED_WRITE) || problem.kind == ERR_ABORTED) {
            *err = problem;
            return false;
        }
        log_error(ctx->log, "%s", problem.message);
    }
    if (!run->scheduled_at && differs(ctx, DIFF_HANDOVER_WATCHED))
        return tell_what_became(run, NULL, err);
    return print_members(ctx, &run->cluster, PRINT_CUT, err);
}

/* "status unknown": the member gave up waiting. patronictl calls that failed (cases *-unknown-result). */
static bool report(struct run *run, const struct http_reply *reply, struct err *err)
{
    struct ctx *ctx = run->ctx;
    bool unknown =
        strstr(pytext_lower(ctx->arena, reply->body), "status unknown") && differs(ctx, DIFF_HANDOVER_UNKNOWN);

    if (reply->status == 200 || reply->status == 202) {
        print_line(ctx, "%s %s\n", when_stamp(ctx->arena, 5), reply->body);
        /* Patroni's words for a leader that nobody had asked for. */
        if (strstr(reply->body, "ed over to \"") && strstr(reply->body, " instead of \"") &&
            differs(ctx, DIFF_HANDOVER_OTHER_LEADER))
            ctx->status = 3;
        return show_result(run, err);
    }
    print_line(ctx, "%s %s, details: %d, %s\n", title(run), unknown ? "result unknown" : "failed", reply->status,
               reply->body);
    if (differs(ctx, DIFF_EXIT_STATUS))
        ctx->status = unknown ? 4 : 3;
    const struct candidates candidates = candidates_of(run);
    return reply->status != 412 || !differs(ctx, DIFF_HANDOVER_EXPLAINED) ||
           candidate_explain(&candidates, run->candidate, !run->scheduled_at, err);
}

static bool act(struct run *run, struct err *err)
{
    struct ctx *ctx = run->ctx;
    const struct member *member =
        run->cluster.leader.present ? run->cluster.leader.member : cluster_find_member(&run->cluster, run->candidate);
    struct value body = request_body(run);
    struct rest_request request = {
        .member = member,
        .method = "POST",
        .endpoint = run->action,
        .body = &body,
        .deadline = overdue(run),
        .works = true,
    };
    struct http_reply reply;
    struct err problem = ERR_INIT;

    if (!ask(run, &request, &reply, &problem)) {
        if (!differs(ctx, DIFF_HANDOVER_THROUGH_STORE))
            return fall_back(run, problem.message, err);
        *err = problem;
        return false;
    }
    if (reply.outcome == HTTP_ANSWERED && !differs(ctx, DIFF_HANDOVER_CREDENTIALS))
        return report(run, &reply, err);
    if (rest_check(ctx, &request, &reply, &problem))
        return report(run, &reply, err);
    if (problem.kind == ERR_UNREACHABLE || (problem.kind != ERR_ABORTED && !differs(ctx, DIFF_HANDOVER_THROUGH_STORE)))
        return fall_back(run, problem.message, err);
    if (problem.kind == ERR_ABORTED && reply.sent && differs(ctx, DIFF_INTERRUPTED))
        return err_set(err, ctx->arena, ERR_UNKNOWN, "Interrupted while member %s was at work; the %s may still happen",
                       member->name, run->action);
    if (problem.kind == ERR_UNKNOWN && !run->scheduled_at)
        return tell_what_became(run, &problem, err);
    tally_error(&problem);
    *err = problem;
    return problem.kind == ERR_UNKNOWN ? err_wrap(err, ctx->arena, "The outcome of the %s is not known", run->action)
                                       : false;
}

bool handover_run(struct ctx *ctx, const struct handover *given, struct err *err)
{
    struct run run = {
        .ctx = ctx,
        .given = given,
        .action = given->is_switchover ? "switchover" : "failover",
        .group = open_group(&given->group),
    };

    if (!schedule_check(ctx, given->scheduled, err) || !open_and_show(&run, err))
        return false;
    tell_replaced(&run);
    return choose_leader(&run, err) && choose_candidate(&run, err) && confirm_asynchronous(&run, err) &&
           choose_time(&run, err) && confirm_all(&run, err) && act(&run, err);
}
