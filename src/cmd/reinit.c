#include <string.h>

#include "pgha/arena.h"
#include "pgha/json.h"
#include "pgha/print.h"
#include "pgha/prompt.h"
#include "pgha/signals.h"
#include "pgha/str.h"
#include "pgha/tally.h"
#include "pgha/targets.h"

#include "rows.h"

#define POLL_INTERVAL 0.5       /* seconds: Patroni takes longer to be started again, so that this is noticed */
#define PATRONICTL_INTERVAL 2.0 /* seconds */
#define PATIENCE 60.0           /* seconds that a member may be silent while it is waited for */

struct reinit_args {
    const char *cluster_name;
    struct opt_list member_names;
    struct opt_int group;
    bool force;
    bool from_leader;
    bool wait;
    bool keep_going;
};

static const struct opt opts[] = {
    OPT_ROW_GROUP(struct reinit_args),
    OPT_ROW_FORCE(struct reinit_args),
    {.names = "--from-leader",
     .help = "Copy from the leader only",
     .patronictl_help = "Get basebackup from leader",
     .kind = OPT_FLAG,
     .offset = offsetof(struct reinit_args, from_leader)},
    {.names = "--wait",
     .help = "Wait until PostgreSQL runs on the new copy",
     .patronictl_help = "Wait until reinitialization completes",
     .kind = OPT_FLAG,
     .offset = offsetof(struct reinit_args, wait)},
    {.names = "--keep-going",
     .help = "With --wait: rebuild all members at once",
     .kind = OPT_FLAG,
     .offset = offsetof(struct reinit_args, keep_going),
     .pgha_only = true},
    OPT_ROW_END,
};

static const struct arg args[] = {
    ARG_ROW_CLUSTER(struct reinit_args),
    {.name = "member_names",
     .offset = offsetof(struct reinit_args, member_names),
     .many = true,
     .completes = COMPLETE_REPLICAS},
    ARG_ROW_END,
};

/* A member that builds its data directory anew. */
struct building {
    const struct member *member;
    bool known;          /* it told what it did before */
    const char *before;  /* when its PostgreSQL was started then; NULL: it did not run */
    bool copying;        /* it was seen at that */
    bool lost;           /* it was out of reach for a while */
    deadline_t patience; /* until when it may be */
    deadline_t progress; /* until when something has to be seen */
};

struct start {
    bool started;
    bool busy; /* something is in progress already */
};

static void print_answer(struct tally *tally, const struct rest_request *request, const struct http_reply *reply,
                         void *context)
{
    struct start *start = context;

    start->started = reply->status < 400;
    start->busy = !start->started && str_ends_with(reply->body, " already in progress");
    tally_check(tally, request, reply, NULL);
}

/* What was in progress is cancelled if the user says so. */
static bool start_one(struct tally *tally, const struct reinit_args *given, const struct member *member, bool *started,
                      struct err *err)
{
    struct ctx *ctx = tally->ctx;
    bool force = given->force;

    for (;;) {
        struct value body = value_map();
        struct tally attempt = *tally;
        struct start start = {false, false};
        const struct rest_request request = {
            .member = member,
            .method = "POST",
            .endpoint = "reinitialize",
            .body = &body,
            .deadline = rest_deadline(ctx, true),
            .works = true,
        };
        bool again = false;

        value_map_set(ctx->arena, &body, "force", value_bool(force));
        value_map_set(ctx->arena, &body, "from_leader", value_bool(given->from_leader));
        if (!tally_ask(&attempt, &request, 1, print_answer, &start, err))
            return false;
        if (start.busy && !given->force &&
            !prompt_confirm(ctx, "Do you want to cancel it and reinitialize anyway?", &again, err))
            return false;
        if (!again) {
            *tally = attempt;
            *started = start.started;
            return true;
        }
        force = true;
    }
}

static struct rest_request status_request(const struct ctx *ctx, const struct member *member)
{
    return (struct rest_request){
        .member = member, .method = "GET", .endpoint = "patroni", .deadline = rest_deadline(ctx, false)};
}

/* What the member says of itself; false with a reason when it does not. */
static bool read_status(struct ctx *ctx, const struct member *member, const struct http_reply *reply,
                        struct value *status, struct err *err)
{
    const struct rest_request request = status_request(ctx, member);

    if (!rest_check(ctx, &request, reply, err))
        return false;
    if (!json_read(ctx->arena, reply->body, reply->body_length, status, err))
        return err_wrap(err, ctx->arena, "the answer of member %s is not what it should be", member->name);
    return value_is(status, VALUE_MAP) ||
           err_set(err, ctx->arena, ERR_FAILED, "the answer of member %s is %s where a mapping is due", member->name,
                   value_kind_name(status));
}

/* Asks members for it, all at once: together they take no longer than one. */
static bool ask_statuses(struct ctx *ctx, const struct building *building, size_t count, struct http_reply *replies,
                         struct err *err)
{
    struct rest_request *requests = arena_calloc(ctx->arena, count, sizeof *requests);

    for (size_t i = 0; i < count; i++)
        requests[i] = status_request(ctx, building[i].member);
    return rest_send_all(ctx, requests, count, replies, err);
}

static void end_badly(struct tally *tally, const struct building *building, bool unknown, const char *why)
{
    print_line(tally->ctx, "%s: reinitialize for member %s, (%s)\n", unknown ? "Unknown" : "Failed",
               building->member->name, why);
    if (unknown)
        tally->unknown++;
    else
        tally->refused++;
}

/*
 * Patroni may not have begun, and may fail, so a state that is not "creating replica" does not tell that it has ended,
 * as which patronictl takes it: PostgreSQL has to run, and not be the one from before.
 */
static bool has_ended(struct tally *tally, struct building *building, const struct value *status)
{
    const char *state = value_as_string(value_get(status, "state"));
    const char *started = value_as_string(value_get(status, "postmaster_start_time"));
    bool creating = str_equal(state, "creating replica");
    bool anew = building->copying || (building->known && started && !str_equal(started, building->before));
    bool ended = differs(tally->ctx, DIFF_REINIT_DONE) ? str_equal(state, "running") && anew : !creating;

    if (!ended && building->copying && state && (str_ends_with(state, "failed") || str_equal(state, "crashed"))) {
        end_badly(tally, building, false, state);
        return true;
    }
    if (creating) {
        building->copying = true;
        building->progress = rest_deadline(tally->ctx, true);
    }
    if (!ended && deadline_left(building->progress) == 0 && differs(tally->ctx, DIFF_REINIT_SILENCE)) {
        end_badly(tally, building, true,
                  arena_printf(tally->ctx->arena, "its state is still %s", state ? state : "unknown"));
        return true;
    }
    /* Patroni that was started again knows nothing of what it had begun. */
    if (ended && building->lost && !building->copying)
        end_badly(tally, building, true, "it was out of reach meanwhile");
    else if (ended)
        print_line(tally->ctx, "Reinitialize is completed on: %s\n", building->member->name);
    return ended;
}

/* Sets `*ended` when there is no more to wait for. A member that is out of reach for a while may be back later. */
static bool check_one(struct tally *tally, struct building *building, struct http_reply *reply, bool *ended,
                      struct err *err)
{
    struct ctx *ctx = tally->ctx;
    const struct rest_request request = status_request(ctx, building->member);
    struct value status;
    struct err found = ERR_INIT;

    *ended = false;
    /* patronictl asks one after the other. */
    if ((differs(ctx, DIFF_SEQUENTIAL_MEMBERS) || rest_send(ctx, &request, reply, &found)) &&
        read_status(ctx, building->member, reply, &status, &found)) {
        building->patience = deadline_in(PATIENCE);
        *ended = has_ended(tally, building, &status);
        return true;
    }
    if (found.kind == ERR_ABORTED || !differs(ctx, DIFF_REINIT_SILENCE)) {
        found.kind = found.kind == ERR_ABORTED ? ERR_ABORTED : ERR_FAILED;
        *err = found;
        return false;
    }
    building->lost = true;
    *ended = found.kind == ERR_CREDENTIALS || deadline_left(building->patience) == 0;
    if (*ended)
        end_badly(tally, building, true, found.message);
    return true;
}

static void print_waiting(struct ctx *ctx, const struct building *building, size_t count)
{
    struct str names;

    str_init(&names, ctx->arena);
    for (size_t i = 0; i < count; i++)
        str_printf(&names, "%s%s", i ? ", " : "", building[i].member->name);
    print_line(ctx, "Waiting for reinitialize to complete on: %s\n", names.text);
    fflush(ctx->out);
}

static bool wait_for_all(struct tally *tally, struct building *building, size_t count, struct err *err)
{
    size_t shown = 0;
    bool at_once = differs(tally->ctx, DIFF_SEQUENTIAL_MEMBERS);
    double interval = differs(tally->ctx, DIFF_REINIT_DONE) ? POLL_INTERVAL : PATRONICTL_INTERVAL;

    for (size_t i = 0; i < count; i++) {
        building[i].patience = deadline_in(PATIENCE);
        building[i].progress = rest_deadline(tally->ctx, true);
    }
    while (count > 0) {
        if (count != shown)
            print_waiting(tally->ctx, building, count);
        shown = count;
        if (!signals_sleep(deadline_in(interval)))
            return err_set(err, tally->ctx->arena, ERR_ABORTED, ERR_MESSAGE_ABORTED);
        struct http_reply *replies = arena_calloc(tally->ctx->arena, count, sizeof *replies);
        if (at_once && !ask_statuses(tally->ctx, building, count, replies, err))
            return false;
        /* The one behind a member that is done waits for the next round, as Python's loops over changing lists have
         * it. */
        for (size_t i = 0; i < count; i++) {
            bool ended;
            if (!check_one(tally, &building[i], &replies[i], &ended, err))
                return false;
            if (!ended)
                continue;
            memmove(building + i, building + i + 1, (count - i - 1) * sizeof *building);
            memmove(replies + i, replies + i + 1, (count - i - 1) * sizeof *replies);
            count--;
        }
    }
    return true;
}

/* What is known of the members before, which tells later whether their PostgreSQL was built anew. */
static bool note_before(struct ctx *ctx, struct building *building, size_t count, struct err *err)
{
    struct http_reply *replies = arena_calloc(ctx->arena, count, sizeof *replies);

    if (!ask_statuses(ctx, building, count, replies, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct building *one = &building[i];
        struct value status;
        struct err ignored = ERR_INIT;

        if (!read_status(ctx, one->member, &replies[i], &status, &ignored))
            continue;
        one->before = value_as_string(value_get(&status, "postmaster_start_time"));
        /* "unknown" is what Patroni says when PostgreSQL does not answer it */
        one->known = one->before || !str_equal(value_as_string(value_get(&status, "state")), "unknown");
    }
    return true;
}

/*
 * Called as pgha with --wait one after the other: what keeps the first copy from being made is likely to keep the next,
 * and a cluster whose replicas are all gone has nobody to take over.
 */
static bool reinit_one_by_one(struct tally *tally, const struct reinit_args *given, const struct member_list *members,
                              struct err *err)
{
    struct ctx *ctx = tally->ctx;

    for (size_t i = 0; i < members->count; i++) {
        struct building building = {.member = members->items[i]};
        bool started;
        bool good = note_before(ctx, &building, 1, err) && start_one(tally, given, building.member, &started, err) &&
                    (!started || wait_for_all(tally, &building, 1, err));

        if (!good || tally_failures(tally))
            targets_tell_rest(ctx, tally->action, members, i + 1, good ? members->items[i] : NULL);
        if (!good || tally_failures(tally))
            return good;
    }
    return true;
}

static bool reinit_at_once(struct tally *tally, const struct reinit_args *given, const struct member_list *members,
                           struct err *err)
{
    struct ctx *ctx = tally->ctx;
    struct building *building = arena_calloc(ctx->arena, members->count, sizeof *building);
    size_t waiting = 0;

    for (size_t i = 0; i < members->count; i++)
        building[i].member = members->items[i];
    if (given->wait && differs(ctx, DIFF_REINIT_DONE) && !note_before(ctx, building, members->count, err))
        return false;
    for (size_t i = 0; i < members->count; i++) {
        bool started;

        if (!start_one(tally, given, building[i].member, &started, err)) {
            targets_tell_rest(ctx, tally->action, members, i + 1, NULL);
            return false;
        }
        if (started && given->wait)
            building[waiting++] = building[i];
    }
    return wait_for_all(tally, building, waiting, err);
}

static bool run(struct ctx *ctx, const void *data, struct err *err)
{
    const struct reinit_args *given = data;
    struct targets targets = {
        .action = "reinitialize",
        .cluster_name = given->cluster_name,
        .names = given->member_names,
        .group = given->group,
        .role = ROLE_REPLICA,
        .ask_for_one = true,
        .force = given->force,
    };
    struct tally tally = {.ctx = ctx, .action = targets.action};
    struct dcs *dcs;
    struct cluster cluster;
    struct member_list members;

    if (!targets_open(ctx, &targets, &dcs, &cluster, err) || !targets_choose(ctx, &targets, &cluster, &members, err) ||
        !targets_confirm(ctx, &targets, &members, err))
        return false;
    bool one_by_one = given->wait && !given->keep_going && differs(ctx, DIFF_REINIT_ONE_BY_ONE);
    if (!(one_by_one ? reinit_one_by_one : reinit_at_once)(&tally, given, &members, err))
        return false;
    tally_finish(&tally);
    return true;
}

const struct cmd cmd_reinit = {
    .name = "reinit",
    .help = "Rebuild a replica from a new copy of the data",
    .patronictl_help = "Reinitialize cluster member",
    .group = GROUP_MEMBERS,
    .opts = opts,
    .args = args,
    .args_size = sizeof(struct reinit_args),
    .run = run,
};
