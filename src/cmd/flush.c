#include "pgha/arena.h"
#include "pgha/log.h"
#include "pgha/open.h"
#include "pgha/print.h"
#include "pgha/str.h"
#include "pgha/tally.h"
#include "pgha/targets.h"
#include "pgha/when.h"

#include "rows.h"

struct flush_args {
    const char *cluster_name;
    struct opt_list member_names;
    const char *target;
    struct opt_int group;
    const char *role;
    bool force;
};

static const char *const target_choices[] = {"restart", "switchover", NULL};

static const struct opt opts[] = {
    OPT_ROW_GROUP(struct flush_args),
    {.names = "--role|-r",
     .help = "Only members with this role",
     .patronictl_help = "Flush only members with this role",
     .kind = OPT_CHOICE,
     .choices = role_choices,
     .preset = "any",
     .offset = offsetof(struct flush_args, role)},
    OPT_ROW_FORCE(struct flush_args),
    OPT_ROW_END,
};

static const struct arg args[] = {
    ARG_ROW_CLUSTER(struct flush_args),
    ARG_ROW_MEMBERS(struct flush_args),
    {.name = "target", .offset = offsetof(struct flush_args, target), .choices = target_choices, .required = true},
    ARG_ROW_END,
};

static bool flush_restarts(struct ctx *ctx, const struct targets *targets, const struct cluster *cluster,
                           struct err *err)
{
    struct tally tally = {.ctx = ctx, .action = "flush scheduled restart"};
    struct member_list members;

    if (!targets_choose(ctx, targets, cluster, &members, err) || !targets_confirm(ctx, targets, &members, err))
        return false;
    for (size_t i = 0; i < members.count; i++) {
        const struct rest_request request = {
            .member = members.items[i],
            .method = "DELETE",
            .endpoint = "restart",
            .deadline = rest_deadline(ctx, false),
        };
        if (!value_truth(value_get(&members.items[i]->data, "scheduled_restart")))
            print_line(ctx, "No scheduled restart for member %s\n", members.items[i]->name);
        else if (!tally_ask(&tally, &request, 1, tally_check, NULL, err))
            return false;
    }
    tally_finish(&tally);
    return true;
}

/* What one member made of the request. */
enum verdict {
    VERDICT_DONE,    /* the matter is settled, for good or ill: no other member is asked */
    VERDICT_NO,      /* it answered, and could not */
    VERDICT_NOTHING, /* it was not asked */
    VERDICT_UNKNOWN, /* it did not answer, and may have done it */
};

static bool ask_member(struct ctx *ctx, const struct member *member, enum verdict *verdict, struct err *err)
{
    const struct rest_request request = {
        .member = member, .method = "DELETE", .endpoint = "switchover", .deadline = rest_deadline(ctx, false)};
    struct http_reply reply = {.sent = false};
    struct err found = ERR_INIT;

    bool reached = rest_send(ctx, &request, &reply, &found) && rest_check(ctx, &request, &reply, &found);
    if (found.kind == ERR_ABORTED || (differs(ctx, DIFF_FLUSH_CREDENTIALS) && !reached &&
                                      found.kind != ERR_UNREACHABLE && found.kind != ERR_UNKNOWN)) {
        tally_error(&found);
        *err = found;
        return tally_interrupted(ctx, member, reply.sent, "it discards the switchover", err);
    }
    if (!reached && found.kind != ERR_CREDENTIALS) {
        log_warning(ctx->log, "%s", found.message);
        log_warning(ctx->log, "Member %s is not accessible", member->name);
        *verdict = found.kind == ERR_UNKNOWN ? VERDICT_UNKNOWN : VERDICT_NOTHING;
        return true;
    }
    if (reply.status == 200 || reply.status == 404) {
        print_line(ctx, "%s: %s\n", reply.status == 200 ? "Success" : "Failed", reply.body);
        *verdict = VERDICT_DONE;
        ctx->status = reply.status == 200 || !differs(ctx, DIFF_FLUSH_NONE) ? 0 : 3;
        return true;
    }
    print_line(ctx, "Failed: member=%s, status_code=%d, (%s)\n", member->name, reply.status, reply.body);
    *verdict = VERDICT_NO;
    return true;
}

/* patronictl does not look at what comes of the write. */
static bool flush_key(struct ctx *ctx, const struct targets *targets, struct dcs *dcs, const struct cluster *cluster,
                      struct err *err)
{
    const char *path =
        arena_printf(ctx->arena, "%s/failover",
                     cluster_path(ctx->arena, ctx->config, targets->cluster_name, open_group(&targets->group)));
    struct err found = ERR_INIT;

    log_warning(ctx->log, "Failing over to DCS");
    print_line(ctx, "%s Could not find any accessible member of cluster %s\n", when_stamp(ctx->arena, 5),
               targets->cluster_name);
    if (dcs_put_if(dcs, ctx->arena, path, "{}", cluster->failover.revision, deadline_in(ctx->timeout), &found))
        return true;
    if (!differs(ctx, DIFF_REFUSED_WRITE) && found.kind != ERR_ABORTED) {
        log_error(ctx->log, "%s", found.message);
        return true;
    }
    *err = found;
    return false;
}

/* Whether it was done by a member that did not say so. A store that does not answer does not say so either. */
static bool is_gone(struct ctx *ctx, const struct targets *targets, struct dcs *dcs)
{
    struct cluster now;
    struct err ignored = ERR_INIT;

    return cluster_read(dcs, ctx->arena, ctx->config, targets->cluster_name, open_group(&targets->group),
                        deadline_in(ctx->timeout), &now, &ignored) &&
           !failover_is_scheduled(&now.failover);
}

/* The key has changed since it was read: what was to be discarded is gone, or something else is there. */
static bool explain_conflict(struct ctx *ctx, const struct targets *targets, struct dcs *dcs, struct err *err)
{
    struct cluster now;

    if (!cluster_read(dcs, ctx->arena, ctx->config, targets->cluster_name, open_group(&targets->group),
                      deadline_in(ctx->timeout), &now, err))
        return false;
    if (failover_is_scheduled(&now.failover))
        return err_set(err, ctx->arena, ERR_REFUSED,
                       "the scheduled switchover was changed meanwhile and is left alone: it is scheduled at %s now",
                       now.failover.scheduled_at);
    print_line(ctx, "Success: the switchover is not scheduled any more\n");
    return true;
}

static bool flush_switchover(struct ctx *ctx, const struct targets *targets, struct dcs *dcs,
                             const struct cluster *cluster, struct err *err)
{
    struct member_list members = select_leader_first(cluster, ctx->arena);
    bool refused = false, unknown = false;

    if (!failover_is_scheduled(&cluster->failover)) {
        fputs("No pending scheduled switchover\n", ctx->out);
        return true;
    }
    for (size_t i = 0; i < members.count; i++) {
        enum verdict verdict = VERDICT_UNKNOWN;
        if (!ask_member(ctx, members.items[i], &verdict, err))
            return false;
        if (verdict == VERDICT_DONE)
            return true;
        refused = refused || verdict == VERDICT_NO;
        unknown = unknown || (verdict == VERDICT_UNKNOWN && differs(ctx, DIFF_FLUSH_STORE));
    }
    if (unknown && is_gone(ctx, targets, dcs)) {
        print_line(ctx, "Success: the switchover is not scheduled any more\n");
        return true;
    }
    if (refused && unknown)
        return err_set(err, ctx->arena, ERR_UNKNOWN, "it is not known whether a member discards the switchover");
    if (refused && differs(ctx, DIFF_FLUSH_STORE))
        return err_set(err, ctx->arena, ERR_REFUSED,
                       "Members were reached and did not discard the switchover, so the DCS was left alone");
    if (flush_key(ctx, targets, dcs, cluster, err))
        return true;
    return err->kind == ERR_CONFLICT && differs(ctx, DIFF_FLUSH_CHANGED_KEY) &&
           explain_conflict(ctx, targets, dcs, err);
}

static bool run(struct ctx *ctx, const void *data, struct err *err)
{
    const struct flush_args *given = data;
    struct targets targets = {
        .action = "flush",
        .cluster_name = given->cluster_name,
        .names = given->member_names,
        .group = given->group,
        .role = targets_role(given->role),
        .force = given->force,
    };
    struct dcs *dcs;
    struct cluster cluster;

    if (!targets_open(ctx, &targets, &dcs, &cluster, err))
        return false;
    if (str_equal(given->target, "restart"))
        return flush_restarts(ctx, &targets, &cluster, err);
    return flush_switchover(ctx, &targets, dcs, &cluster, err);
}

const struct cmd cmd_flush = {
    .name = "flush",
    .help = "Cancel a scheduled switchover or scheduled restarts",
    .patronictl_help = "Discard scheduled events",
    .group = GROUP_MEMBERS,
    .opts = opts,
    .args = args,
    .args_size = sizeof(struct flush_args),
    .run = run,
};
