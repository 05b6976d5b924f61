#include "pgha/cluster_role.h"

#include "pgha/arena.h"
#include "pgha/dcs.h"
#include "pgha/open.h"
#include "pgha/print.h"
#include "pgha/prompt.h"
#include "pgha/rest.h"
#include "pgha/signals.h"
#include "pgha/str.h"
#include "pgha/tally.h"
#include "pgha/when.h"

struct run {
    struct ctx *ctx;
    const struct cluster_role *given;
    const char *action; /* "demot" or "promot", as the beginning of words */
    const char *role;   /* that the leader is to have */
    struct dcs *dcs;
    struct cluster before;
};

static const struct value *leader_get(const struct cluster *cluster, const char *key)
{
    return cluster->leader.present ? value_get(&cluster->leader.member->data, key) : NULL;
}

static bool is_text(const struct value *value, const char *text)
{
    return str_equal(value_as_string(value), text);
}

static bool has_leader(const struct cluster *cluster)
{
    return cluster->leader.present && *cluster->leader.name;
}

/* Patroni before 4.0 says master. */
static bool has_role(const struct run *run, const struct cluster *cluster)
{
    const struct value *role = leader_get(cluster, "role");

    return is_text(role, run->role) || (!run->given->standby && is_text(role, "master"));
}

static bool check_and_confirm(const struct run *run, struct err *err)
{
    struct ctx *ctx = run->ctx;
    const char *name = run->given->cluster_name;
    bool yes;

    if (!has_leader(&run->before))
        return err_set(err, ctx->arena, ERR_FAILED, "Cluster has no leader, %sion is not possible", run->action);
    /* patronictl knows the new name only; it would also wait for that for ever, which is not reproduced. */
    if (differs(ctx, DIFF_ROLE_MASTER) ? has_role(run, &run->before)
                                       : is_text(leader_get(&run->before, "role"), run->role))
        return err_set(err, ctx->arena, ERR_FAILED, "Cluster is already in the required state");
    fprintf(ctx->out, "Current cluster topology\n");
    if (!print_members(ctx, &run->before, run->given->force ? PRINT_CUT : PRINT_PAGE, err))
        return false;
    if (run->given->force)
        return true;
    if (!prompt_confirm(ctx, arena_printf(ctx->arena, "Are you sure you want to %se %s cluster?", run->action, name),
                        &yes, err))
        return false;
    return yes || err_set(err, ctx->arena, ERR_ABORTED, "Aborted cluster %sion", run->action);
}

static bool request(const struct run *run, struct err *err)
{
    struct ctx *ctx = run->ctx;
    const char *failed = arena_printf(ctx->arena, "Failed to %se %s cluster", run->action, run->given->cluster_name);
    struct value body = value_map();
    const struct rest_request ask = {
        .member = run->before.leader.member,
        .method = "PATCH",
        .endpoint = "config",
        .body = &body,
        .config = &run->before.config.data,
        .deadline = rest_deadline(ctx, false),
    };
    struct http_reply reply;
    bool told_twice = !differs(ctx, DIFF_ROLE_REFUSAL); /* case demote-failed */

    value_map_set(ctx->arena, &body, "standby_cluster", run->given->standby ? *run->given->standby : value_null());
    if (!rest_send(ctx, &ask, &reply, err))
        return differs(ctx, DIFF_CONFIG_ERRORS) ? false : err_wrap(err, ctx->arena, "%s", failed);
    if (reply.outcome == HTTP_ANSWERED && reply.status == 200)
        return true;
    if ((told_twice && reply.outcome == HTTP_ANSWERED) || rest_check(ctx, &ask, &reply, err))
        err_set(err, ctx->arena, ERR_REFUSED, "%s/config PATCH status code=%d, (%s)",
                told_twice ? arena_printf(ctx->arena, "%s: ", failed) : "", reply.status, reply.body);
    if (err->kind == ERR_UNKNOWN && differs(ctx, DIFF_ODD_ANSWERS) &&
        open_is_patched(ctx, run->dcs, run->given->cluster_name, CLUSTER_NO_GROUP, &body))
        return true;
    tally_error(err);
    if (err->kind == ERR_ABORTED)
        return tally_interrupted(
            ctx, ask.member, reply.sent,
            arena_printf(ctx->arena, "cluster \"%s\" is being %sed", run->given->cluster_name, run->action), err);
    if (err->kind == ERR_UNKNOWN && differs(ctx, DIFF_ODD_ANSWERS))
        return err_wrap(err, ctx->arena, "The outcome of the %sion is not known", run->action);
    return err_wrap(err, ctx->arena, "%s", failed);
}

static const struct value *old_leader_state(const struct run *run, const struct cluster *now)
{
    const struct member *member = cluster_find_member(now, run->before.leader.name);

    return member ? value_get(&member->data, "state") : NULL;
}

static bool is_done(const struct run *run, const struct cluster *now)
{
    return has_leader(now) && has_role(run, now) && is_text(leader_get(now, "state"), "running") &&
           (!run->given->standby || is_text(old_leader_state(run, now), "running"));
}

static void add_value(struct str *line, const char *label, const struct value *value)
{
    const struct value none = value_null();

    str_printf(line, ", %s: ", label);
    value_str(value ? value : &none, line);
}

static void print_progress(const struct run *run, struct arena *arena, const struct cluster *now)
{
    const struct value *state = old_leader_state(run, now);
    struct str line;

    str_init(&line, arena);
    str_printf(&line, "%s cluster is unlocked: %s", when_stamp(arena, 0), has_leader(now) ? "False" : "True");
    add_value(&line, "leader role", leader_get(now, "role"));
    add_value(&line, "leader state", leader_get(now, "state"));
    if (run->given->standby && now->leader.present && !str_equal(now->leader.name, run->before.leader.name) &&
        value_truth(state)) {
        str_add(&line, ", previous leader state: ");
        value_repr(state, &line);
    }
    print_line(run->ctx, "%s\n", line.text);
}

/* One look at the cluster, in memory of its own: there may be many. */
static bool look(const struct run *run, bool *done, struct err *err)
{
    struct ctx *ctx = run->ctx;
    struct arena *arena = arena_new(ctx->arena);
    struct cluster now;
    struct err problem = ERR_INIT;
    bool read = cluster_read(run->dcs, arena, ctx->config, run->given->cluster_name, CLUSTER_NO_GROUP,
                             deadline_in(ctx->timeout), &now, &problem);

    *done = read && is_done(run, &now);
    if (read && *done)
        fprintf(ctx->out, "%s cluster is successfully %sed\n", when_stamp(arena, 0), run->action);
    else if (read)
        print_progress(run, arena, &now);
    else
        err_set(err, ctx->arena, problem.kind, "%s", problem.message);
    arena_free(arena);
    return read;
}

static bool wait_for_role(const struct run *run, struct err *err)
{
    struct ctx *ctx = run->ctx;
    deadline_t deadline = differs(ctx, DIFF_ROLE_WAIT) ? rest_deadline(ctx, true) : DEADLINE_NEVER;

    for (;;) {
        deadline_t next = deadline_in(1);
        bool done;

        if (!look(run, &done, err))
            return false;
        if (done)
            return true;
        if (!deadline_left(deadline))
            return err_set(err, ctx->arena, ERR_UNKNOWN,
                           "The request was accepted, but after %.15g seconds the cluster is still not %sed",
                           ctx->operation_timeout, run->action);
        if (!signals_sleep(next))
            return err_set(err, ctx->arena, ERR_ABORTED, ERR_MESSAGE_ABORTED);
    }
}

bool cluster_role_run(struct ctx *ctx, const struct cluster_role *given, struct err *err)
{
    struct run run = {
        .ctx = ctx,
        .given = given,
        .action = given->standby ? "demot" : "promot",
        .role = given->standby ? "standby_leader" : "primary",
    };
    struct cluster now;

    if (!open_cluster(ctx, given->cluster_name, CLUSTER_NO_GROUP, &run.dcs, &run.before, err))
        return false;
    if (!check_and_confirm(&run, err) || !request(&run, err) || !wait_for_role(&run, err))
        return false;
    return cluster_read(run.dcs, ctx->arena, ctx->config, given->cluster_name, CLUSTER_NO_GROUP,
                        deadline_in(ctx->timeout), &now, err) &&
           print_members(ctx, &now, PRINT_CUT, err);
}
