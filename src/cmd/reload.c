#include "pgha/arena.h"
#include "pgha/dynconf.h"
#include "pgha/print.h"
#include "pgha/str.h"
#include "pgha/tally.h"
#include "pgha/targets.h"

#include "rows.h"

struct reload_args {
    const char *cluster_name;
    struct opt_list member_names;
    struct opt_int group;
    const char *role;
    bool force;
};

static const struct opt opts[] = {
    OPT_ROW_GROUP(struct reload_args),
    {.names = "--role|-r",
     .help = "Only members with this role",
     .patronictl_help = "Reload only members with this role",
     .kind = OPT_CHOICE,
     .choices = role_choices,
     .preset = "any",
     .offset = offsetof(struct reload_args, role)},
    OPT_ROW_FORCE(struct reload_args),
    OPT_ROW_END,
};

static const struct arg args[] = {
    ARG_ROW_CLUSTER(struct reload_args),
    ARG_ROW_MEMBERS(struct reload_args),
    ARG_ROW_END,
};

static void print_accepted(struct ctx *ctx, const struct cluster *cluster, const struct member *member)
{
    struct value loop_wait = dynconf_loop_wait(cluster, ctx->config);
    struct str seconds;

    str_init(&seconds, ctx->arena);
    value_str(&loop_wait, &seconds);
    print_line(ctx, "Reload request received for member %s and will be processed within %s seconds\n", member->name,
               seconds.text);
}

static void print_answer(struct tally *tally, const struct rest_request *request, const struct http_reply *reply,
                         void *cluster)
{
    if (reply->status == 200)
        print_line(tally->ctx, "No changes to apply on member %s\n", request->member->name);
    else if (reply->status == 202)
        print_accepted(tally->ctx, cluster, request->member);
    else
        tally_refused(tally, request, reply);
}

static bool run(struct ctx *ctx, const void *data, struct err *err)
{
    const struct reload_args *given = data;
    struct targets targets = {
        .action = "reload",
        .cluster_name = given->cluster_name,
        .names = given->member_names,
        .group = given->group,
        .role = targets_role(given->role),
        .force = given->force,
    };
    struct tally tally = {.ctx = ctx, .action = targets.action};
    struct dcs *dcs;
    struct cluster cluster;
    struct member_list members;

    if (!targets_open(ctx, &targets, &dcs, &cluster, err) || !targets_choose(ctx, &targets, &cluster, &members, err) ||
        !targets_confirm(ctx, &targets, &members, err))
        return false;
    struct rest_request *requests = arena_calloc(ctx->arena, members.count, sizeof *requests);
    for (size_t i = 0; i < members.count; i++)
        requests[i] = (struct rest_request){
            .member = members.items[i], .method = "POST", .endpoint = "reload", .deadline = rest_deadline(ctx, false)};
    if (!tally_ask(&tally, requests, members.count, print_answer, &cluster, err))
        return false;
    tally_finish(&tally);
    return true;
}

const struct cmd cmd_reload = {
    .name = "reload",
    .help = "Make members reload their configuration",
    .patronictl_help = "Reload cluster member configuration",
    .group = GROUP_MEMBERS,
    .opts = opts,
    .args = args,
    .args_size = sizeof(struct reload_args),
    .run = run,
};
