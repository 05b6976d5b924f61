#include "pgha/maintenance.h"

#include "pgha/arena.h"
#include "pgha/dynconf.h"
#include "pgha/log.h"
#include "pgha/open.h"
#include "pgha/print.h"
#include "pgha/rest.h"
#include "pgha/select.h"
#include "pgha/signals.h"
#include "pgha/str.h"
#include "pgha/tally.h"

struct run {
    struct ctx *ctx;
    const struct maintenance *given;
    int64_t group;
    struct dcs *dcs;
    struct cluster before;
};

static const char *verb(const struct run *run)
{
    return run->given->paused ? "pause" : "resume";
}

static void report_success(const struct run *run)
{
    fprintf(run->ctx->out, "Success: cluster management is %sd\n", verb(run));
}

static bool has_noticed(const struct run *run, const struct member *member)
{
    const struct value *pause = value_get(&member->data, "pause");
    struct value paused = value_bool(run->given->paused), running = value_bool(false);

    return value_equal(pause ? pause : &running, &paused);
}

/* Names of the members that are waited for in vain; `alive`: only those that have reported something since. */
static const char *find_waiting(const struct run *run, const struct cluster *now, bool alive)
{
    struct str names;

    str_init(&names, run->ctx->arena);
    for (size_t i = 0; i < now->member_count; i++) {
        const struct member *member = &now->members[i], *old = cluster_find_member(&run->before, member->name);

        if (!old || !old->api_url || has_noticed(run, member) || (alive && old->revision == member->revision))
            continue;
        str_printf(&names, "%s%s", names.length ? ", " : "", member->name);
    }
    return names.length ? names.text : NULL;
}

static bool loop_wait(const struct run *run, struct value *wait, double *seconds, struct err *err)
{
    *wait = dynconf_loop_wait(&run->before, run->ctx->config);
    if (value_is(wait, VALUE_INT) || value_is(wait, VALUE_BOOL))
        *seconds = wait->kind == VALUE_INT ? (double)wait->integer : wait->boolean;
    else if (value_is(wait, VALUE_FLOAT))
        *seconds = wait->real;
    else
        return err_set(err, run->ctx->arena, ERR_FAILED, "loop_wait is %s, not a number", value_kind_name(wait));
    return true;
}

/* patronictl takes those that have not reported anything for gone, and calls it a success: case pause-wait-silent. */
static void give_up(const struct run *run, const struct cluster *now, const struct value *wait)
{
    const char *names = find_waiting(run, now, !differs(run->ctx, DIFF_PAUSE_SILENT_MEMBERS));
    struct str seconds;

    if (!names) {
        report_success(run);
        return;
    }
    str_init(&seconds, run->ctx->arena);
    value_str(wait, &seconds);
    if (!differs(run->ctx, DIFF_RESUME_UNCONFIRMED)) {
        print_line(run->ctx, "%s members didn't recognized pause state after %s seconds\n", names, seconds.text);
        return;
    }
    print_line(run->ctx, "Unknown: %s was accepted, but not confirmed within %s s by: %s\n", verb(run), seconds.text,
               names);
    run->ctx->status = 4;
}

static bool wait_for_members(const struct run *run, struct err *err)
{
    struct ctx *ctx = run->ctx;
    struct value wait;
    double seconds = 0;
    struct cluster now = run->before;

    fprintf(ctx->out, "'%s' request sent, waiting until it is recognized by all nodes\n", verb(run));
    fflush(ctx->out);
    if (!loop_wait(run, &wait, &seconds, err))
        return false;
    for (deadline_t deadline = deadline_in(seconds + 1); deadline_left(deadline);) {
        if (!cluster_read(run->dcs, ctx->arena, ctx->config, run->given->cluster_name, run->group,
                          deadline_in(ctx->timeout), &now, err))
            return false;
        if (!find_waiting(run, &now, false)) {
            report_success(run);
            return true;
        }
        if (!signals_sleep(deadline_in(1)))
            return err_set(err, ctx->arena, ERR_ABORTED, ERR_MESSAGE_ABORTED);
    }
    give_up(run, &now, &wait);
    return true;
}

static bool succeed(const struct run *run, struct err *err)
{
    if (run->given->wait)
        return wait_for_members(run, err);
    report_success(run);
    return true;
}

static bool report(const struct run *run, const struct http_reply *reply, struct err *err)
{
    struct ctx *ctx = run->ctx;

    if (reply->status == 200)
        return succeed(run, err);
    print_line(ctx, "Failed: %s cluster management status code=%d, (%s)\n", verb(run), reply->status, reply->body);
    if (differs(ctx, DIFF_EXIT_STATUS))
        ctx->status = 3;
    return true;
}

static struct value make_patch(const struct run *run)
{
    struct value patch = value_map();

    value_map_set(run->ctx->arena, &patch, "pause", run->given->paused ? value_bool(true) : value_null());
    return patch;
}

/* Whether the member answered; if not, why not. */
static bool ask(const struct run *run, const struct member *member, struct http_reply *reply, bool *answered,
                struct err *why, struct err *err)
{
    struct ctx *ctx = run->ctx;
    bool ends_all = differs(ctx, DIFF_CONFIG_ERRORS);
    const struct value body = make_patch(run);
    const struct rest_request request = {
        .member = member,
        .method = "PATCH",
        .endpoint = "config",
        .body = &body,
        .config = &run->before.config.data,
        .deadline = rest_deadline(ctx, false),
    };

    /* To patronictl a configuration that cannot be used is a fault of each member: case pause-not-latin. */
    if (!rest_send(ctx, &request, reply, ends_all ? err : why)) {
        *answered = false;
        return !ends_all;
    }
    *answered = rest_check(ctx, &request, reply, why) || reply->outcome == HTTP_ANSWERED;
    return true;
}

/* Nobody answered: with the reason of the last one that was asked, which may be the fault of a file here. */
static bool nobody(const struct run *run, const struct err *why, struct err *err)
{
    static const char message[] = "Can not find accessible cluster member";
    struct err found = *why;

    if (why->kind == ERR_NONE || !differs(run->ctx, why->kind == ERR_TLS ? DIFF_PAUSE_TLS : DIFF_PAUSE_UNREACHABLE))
        return err_set(err, run->ctx->arena, ERR_FAILED, "%s", message);
    tally_error(&found);
    *err = found;
    return found.kind == ERR_REFUSED ? false : err_wrap(err, run->ctx->arena, "%s", message);
}

/* A member may have done it, and none has said so: the store knows, once it is done. */
static bool find_out(const struct run *run, const struct err *unknown, struct err *err)
{
    struct ctx *ctx = run->ctx;
    const struct value patch = make_patch(run);

    if (open_is_patched(ctx, run->dcs, run->given->cluster_name, run->group, &patch))
        return succeed(run, err);
    *err = *unknown;
    return err_wrap(err, ctx->arena, "it is not known whether cluster \"%s\" is %sd", run->given->cluster_name,
                    verb(run));
}

bool maintenance_run(struct ctx *ctx, const struct maintenance *given, struct err *err)
{
    struct run run = {.ctx = ctx, .given = given, .group = open_group(&given->group)};
    struct err why = ERR_INIT, unknown = ERR_INIT;

    if (!open_cluster(ctx, given->cluster_name, run.group, &run.dcs, &run.before, err))
        return false;
    if (dynconf_is_paused(&run.before) == given->paused)
        return err_set(err, ctx->arena, ERR_FAILED, "Cluster is %s paused", given->paused ? "already" : "not");
    struct member_list members = select_leader_first(&run.before, ctx->arena);
    for (size_t i = 0; i < members.count; i++) {
        struct http_reply reply;
        bool answered;

        why = (struct err)ERR_INIT;
        if (!ask(&run, members.items[i], &reply, &answered, &why, err))
            return false;
        if (why.kind == ERR_CREDENTIALS && differs(ctx, DIFF_PAUSE_CREDENTIALS))
            break;
        /* A refusal does not undo what another member may have done. */
        if (answered && unknown.kind != ERR_NONE && reply.status != 200)
            break;
        if (answered)
            return report(&run, &reply, err);
        if (why.kind == ERR_ABORTED) {
            *err = why;
            return tally_interrupted(ctx, members.items[i], reply.sent || unknown.kind != ERR_NONE,
                                     arena_printf(ctx->arena, "cluster \"%s\" is %sd", given->cluster_name, verb(&run)),
                                     err);
        }
        if (why.kind == ERR_UNKNOWN && differs(ctx, DIFF_ODD_ANSWERS))
            unknown = why;
        log_warning(ctx->log, "%s", why.message);
        log_warning(ctx->log, "Member %s is not accessible", members.items[i]->name);
    }
    if (unknown.kind != ERR_NONE)
        return find_out(&run, &unknown, err);
    return nobody(&run, &why, err);
}
