#include <sys/random.h>

#include "pgha/arena.h"
#include "pgha/dynconf.h"
#include "pgha/pg_version.h"
#include "pgha/print.h"
#include "pgha/prompt.h"
#include "pgha/schedule.h"
#include "pgha/seconds.h"
#include "pgha/str.h"
#include "pgha/tally.h"
#include "pgha/targets.h"
#include "pgha/usage.h"

#include "rows.h"

struct restart_args {
    const char *cluster_name;
    struct opt_list member_names;
    struct opt_int group;
    const char *role;
    bool any;
    const char *scheduled;
    const char *pg_version;
    bool pending;
    const char *timeout;
    bool force;
    bool keep_going;
};

static const struct opt opts[] = {
    OPT_ROW_GROUP(struct restart_args),
    {.names = "--role|-r",
     .help = "Only members with this role",
     .patronictl_help = "Restart only members with this role",
     .kind = OPT_CHOICE,
     .choices = role_choices,
     .preset = "any",
     .offset = offsetof(struct restart_args, role)},
    {.names = "--any",
     .help = "Restart one member, chosen at random",
     .patronictl_help = "Restart a single member only",
     .kind = OPT_FLAG,
     .offset = offsetof(struct restart_args, any)},
    {.names = "--scheduled",
     .help = "Restart at this time, such as 2030-11-05T03:00+01:00",
     .patronictl_help = "Timestamp of a scheduled restart in unambiguous format (e.g. ISO 8601)",
     .kind = OPT_STRING,
     .offset = offsetof(struct restart_args, scheduled)},
    {.names = "--pg-version",
     .help = "Only if PostgreSQL is older than this, such as 17.5",
     .patronictl_help = "Restart if the PostgreSQL version is less than provided (e.g. 9.5.2)",
     .kind = OPT_STRING,
     .offset = offsetof(struct restart_args, pg_version)},
    {.names = "--pending",
     .help = "Only members that need a restart",
     .patronictl_help = "Restart if pending",
     .kind = OPT_FLAG,
     .offset = offsetof(struct restart_args, pending)},
    {.names = "--timeout",
     .help = "Fail after this time; fail over if it is the leader",
     .patronictl_help = "Return error and fail over if necessary when restarting takes longer than this.",
     .kind = OPT_STRING,
     .offset = offsetof(struct restart_args, timeout)},
    OPT_ROW_FORCE(struct restart_args),
    {.names = "--keep-going",
     .help = "Go on with the other members if one fails",
     .kind = OPT_FLAG,
     .offset = offsetof(struct restart_args, keep_going),
     .pgha_only = true},
    OPT_ROW_END,
};

static const struct arg args[] = {
    ARG_ROW_CLUSTER(struct restart_args),
    ARG_ROW_MEMBERS(struct restart_args),
    ARG_ROW_END,
};

/* When, which version? What options did not tell is asked for, unless forced. */
static bool ask(struct ctx *ctx, bool force, const char *question, const char *preset, const char **answer,
                struct err *err)
{
    return *answer || force || prompt_text(ctx, question, preset, answer, err);
}

static bool ask_when(struct ctx *ctx, const struct restart_args *given, bool *scheduled, struct when *when,
                     struct err *err)
{
    const char *text = given->scheduled;
    const char *question =
        arena_printf(ctx->arena, "When should the restart take place (e.g. %s) ", when_next_hour(ctx->arena));

    return ask(ctx, given->force, question, "now", &text, err) && schedule_parse(ctx, text, scheduled, when, err);
}

/* Who needs a restart by now; for a scheduled one that is found out when the time has come. */
static void keep_pending(struct member_list *members)
{
    size_t count = 0;

    for (size_t i = 0; i < members->count; i++)
        if (value_truth(value_get(&members->items[i]->data, "pending_restart")))
            members->items[count++] = members->items[i];
    members->count = count;
}

static void keep_any(struct member_list *members)
{
    uint32_t number;

    if (members->count < 2 || getrandom(&number, sizeof number, 0) != sizeof number)
        number = 0;
    if (members->count > 1) {
        members->items[0] = members->items[number % members->count];
        members->count = 1;
    }
}

static bool confirm(struct ctx *ctx, const struct targets *targets, const struct member_list *members,
                    const struct when *scheduled, bool pending, struct err *err)
{
    const char *question = "The nodes needing a restart will be identified at the scheduled time, and might be "
                           "different from the ones showing pending restart right now. Is this fine?";
    bool yes = true;

    if (!scheduled)
        return targets_confirm(ctx, targets, members, err);
    if (!pending)
        question = arena_printf(ctx->arena, "Are you sure you want to schedule restart of members %s at %s?",
                                targets_names(ctx->arena, members), when_text(ctx->arena, scheduled));
    if (!targets->force && !prompt_confirm(ctx, question, &yes, err))
        return false;
    return yes || err_set(err, ctx->arena, ERR_ABORTED, "Aborted scheduled restart");
}

static bool make_body(struct ctx *ctx, const struct restart_args *given, const struct cluster *cluster,
                      const struct when *scheduled, struct value *body, struct err *err)
{
    const char *version = given->pg_version;

    if (!ask(ctx, given->force, "Restart if the PostgreSQL version is less than provided (e.g. 9.5.2) ", "", &version,
             err))
        return false;
    *body = value_map();
    if (given->pending)
        value_map_set(ctx->arena, body, "restart_pending", value_bool(true));
    if (version && *version) {
        if (!pg_version_check(ctx->arena, version, err))
            return false;
        value_map_set(ctx->arena, body, "postgres_version", value_string(version));
    }
    if (scheduled && dynconf_is_paused(cluster))
        return err_set(err, ctx->arena, ERR_FAILED, "Can't schedule restart in the paused state");
    if (scheduled)
        value_map_set(ctx->arena, body, "schedule", value_string(when_iso(ctx->arena, scheduled)));
    if (given->timeout)
        value_map_set(ctx->arena, body, "timeout", value_string(given->timeout));
    return true;
}

/* Restarts on their way through the members. */
struct rolling {
    struct tally tally;
    const struct restart_args *given;
    const struct member_list *members;
    const struct value *body;
    bool scheduled;
    size_t unfit; /* members that did not meet the conditions, such as --pg-version: refusals, but no failures */
};

static void print_answer(struct tally *tally, const struct rest_request *request, const struct http_reply *reply,
                         void *context)
{
    const char *name = request->member->name;
    struct rolling *rolling = context;

    if (reply->status == 200)
        print_line(tally->ctx, "Success: restart on member %s\n", name);
    else if (reply->status == 202)
        print_line(tally->ctx, "Success: restart scheduled on member %s\n", name);
    else if (reply->status != 409)
        tally_refused(tally, request, reply);
    else {
        tally->refused++;
        print_line(tally->ctx, "Failed: another restart is already scheduled on member %s\n", name);
    }
    if (reply->status == 503 && str_equal(reply->body, "restart conditions are not satisfied"))
        rolling->unfit++;
}

static void print_flush_answer(struct tally *tally, const struct rest_request *request, const struct http_reply *reply,
                               void *context)
{
    (void)context;
    if (reply->status >= 400)
        tally_refused(tally, request, reply);
}

/* Makes room for what is to be scheduled. Whether there is any now, the member itself knows best. */
static bool flush(struct tally *tally, const struct member *member, bool *asked, struct err *err)
{
    const struct rest_request request = {
        .member = member,
        .method = "DELETE",
        .endpoint = "restart",
        .deadline = rest_deadline(tally->ctx, false),
    };
    struct tally flushed = {.ctx = tally->ctx, .action = "flush scheduled restart", .explained = tally->explained};

    if (!tally_ask(&flushed, &request, 1, print_flush_answer, NULL, err))
        return false;
    tally->explained = flushed.explained;
    *asked = flushed.unreachable == 0 && flushed.unknown == 0;
    if (!*asked) {
        tally->asked++;
        tally->unreachable += flushed.unreachable;
        tally->unknown += flushed.unknown;
    }
    return true;
}

/* The answer comes when PostgreSQL is up again, for which a start may take as long as --timeout allows. */
static deadline_t deadline_for(struct ctx *ctx, const struct restart_args *given, bool scheduled)
{
    int64_t seconds;

    if (!scheduled && given->timeout && seconds_read(ctx->arena, given->timeout, &seconds))
        return rest_deadline(ctx, true) + seconds * 1000;
    return rest_deadline(ctx, !scheduled);
}

static bool restart_one(struct rolling *rolling, const struct member *member, struct err *err)
{
    struct tally *tally = &rolling->tally;
    const struct restart_args *given = rolling->given;
    const struct rest_request request = {
        .member = member,
        .method = "POST",
        .endpoint = "restart",
        .body = rolling->body,
        .deadline = deadline_for(tally->ctx, given, rolling->scheduled),
        .works = !rolling->scheduled,
    };
    bool good = true;

    if (rolling->scheduled && given->force && value_truth(value_get(&member->data, "scheduled_restart")) &&
        !flush(tally, member, &good, err))
        return false;
    return !good || tally_ask(tally, &request, 1, print_answer, rolling, err);
}

/* A failure of one member is likely to be that of the next as well, and the leader comes last. */
static bool has_to_stop(const struct rolling *rolling)
{
    return differs(rolling->tally.ctx, DIFF_RESTART_STOPS) && !rolling->scheduled && !rolling->given->keep_going &&
           tally_failures(&rolling->tally) > rolling->unfit;
}

/* One after the other, whoever calls: a cluster whose members all restart at once serves nobody. */
static bool restart_all(struct rolling *rolling, struct err *err)
{
    const struct member_list *members = rolling->members;
    struct ctx *ctx = rolling->tally.ctx;

    for (size_t i = 0; i < members->count; i++) {
        if (!restart_one(rolling, members->items[i], err)) {
            targets_tell_rest(ctx, rolling->tally.action, members, i + 1, NULL);
            return false;
        }
        fflush(ctx->out);
        if (has_to_stop(rolling)) {
            targets_tell_rest(ctx, rolling->tally.action, members, i + 1, members->items[i]);
            break;
        }
    }
    tally_finish(&rolling->tally);
    return true;
}

/* patronictl finds out later, between its questions. */
static bool check_options(struct ctx *ctx, const struct restart_args *given, struct err *err)
{
    int64_t seconds;

    if (!schedule_check(ctx, given->scheduled, err))
        return false;
    if (differs(ctx, DIFF_RESTART_TIMEOUT) && given->timeout && !seconds_read(ctx->arena, given->timeout, &seconds))
        return err_set(err, ctx->arena, ERR_USAGE,
                       "--timeout \"%s\" is no time: write seconds, or a number with a unit, such as 30, 10s or 1min",
                       given->timeout);
    return !differs(ctx, DIFF_USAGE_ERRORS) || !given->pg_version || !*given->pg_version ||
           pg_version_check(ctx->arena, given->pg_version, err) || usage_fails(ctx, err);
}

static bool run(struct ctx *ctx, const void *data, struct err *err)
{
    const struct restart_args *given = data;
    struct targets targets = {
        .action = "restart",
        .cluster_name = given->cluster_name,
        .names = given->member_names,
        .group = given->group,
        .role = targets_role(given->role),
        .force = given->force,
    };
    struct dcs *dcs;
    struct cluster cluster;
    struct member_list members;
    struct when when;
    struct value body;
    struct rolling rolling = {
        .tally = {.ctx = ctx, .action = "restart"}, .given = given, .members = &members, .body = &body};
    bool scheduled;

    if (!check_options(ctx, given, err))
        return false;
    if (!targets_open(ctx, &targets, &dcs, &cluster, err) || !targets_choose(ctx, &targets, &cluster, &members, err) ||
        !ask_when(ctx, given, &scheduled, &when, err))
        return false;
    if (given->pending && !scheduled)
        keep_pending(&members);
    if (given->any)
        keep_any(&members);
    if (differs(ctx, DIFF_RESTART_ORDER))
        select_put_leaders_last(&cluster, ctx->arena, &members);
    rolling.scheduled = scheduled;
    return confirm(ctx, &targets, &members, scheduled ? &when : NULL, given->pending, err) &&
           make_body(ctx, given, &cluster, scheduled ? &when : NULL, &body, err) && restart_all(&rolling, err);
}

const struct cmd cmd_restart = {
    .name = "restart",
    .help = "Restart PostgreSQL on members",
    .patronictl_help = "Restart cluster member",
    .group = GROUP_MEMBERS,
    .opts = opts,
    .args = args,
    .args_size = sizeof(struct restart_args),
    .run = run,
};
