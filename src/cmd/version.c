#include <inttypes.h>

#include "pgha/arena.h"
#include "pgha/json.h"
#include "pgha/known.h"
#include "pgha/open.h"
#include "pgha/print.h"
#include "pgha/rest.h"
#include "pgha/select.h"
#include "pgha/str.h"
#include "pgha/tally.h"

#include "rows.h"

/* What the client says it is when it is called as patronictl: runbooks compare it with the members' versions. */
#define PATRONI_VERSION "4.1.5"

struct version_args {
    const char *cluster_name;
    struct opt_list member_names;
    struct opt_int group;
};

static const struct opt opts[] = {
    OPT_ROW_GROUP(struct version_args),
    OPT_ROW_END,
};

static const struct arg args[] = {
    {.name = "cluster_name", .offset = offsetof(struct version_args, cluster_name), .completes = COMPLETE_CLUSTERS},
    ARG_ROW_MEMBERS(struct version_args),
    ARG_ROW_END,
};

/* 150004 is 15.4 and 90624 is 9.6.24. */
static void add_postgres(int64_t number, struct str *out)
{
    if (number < 100000)
        str_printf(out, " PostgreSQL %" PRId64 ".%" PRId64 ".%" PRId64, number / 10000, number / 100 % 100,
                   number % 100);
    else
        str_printf(out, " PostgreSQL %" PRId64 ".%" PRId64, number / 10000, number % 100);
}

/* "Patroni 4.1.5 PostgreSQL 15.4" from a member's answer, whatever its status. */
static bool describe(const struct ctx *ctx, const struct http_reply *reply, struct str *out, struct err *err)
{
    struct arena *arena = ctx->arena;
    struct value answer, none = value_null();
    const struct value *patroni, *version, *postgres;

    if (reply->outcome != HTTP_ANSWERED)
        return http_error(reply, arena, err);
    if (!json_read(arena, reply->body, reply->body_length, &answer, err))
        return differs(ctx, DIFF_VERSION_NOT_JSON) && err_wrap(err, arena, "the answer is not JSON");
    patroni = value_get(&answer, "patroni");
    postgres = value_get(&answer, "server_version");
    if (!value_is(&answer, VALUE_MAP) || (patroni && !value_is(patroni, VALUE_MAP)))
        return err_set(err, arena, ERR_REFUSED, "the answer has no form that Patroni gives it");
    if (value_truth(postgres) && !value_is(postgres, VALUE_INT))
        return err_set(err, arena, ERR_REFUSED, "server_version is %s", value_kind_name(postgres));
    version = value_get(patroni, "version");
    str_add(out, "Patroni ");
    value_str(version ? version : &none, out);
    if (value_truth(postgres))
        add_postgres(postgres->integer, out);
    return true;
}

/* The members to ask, those of the workers of a Citus cluster too; patronictl leaves out who has no API address. */
static struct member_list choose(struct ctx *ctx, const struct version_args *given, const struct cluster *cluster)
{
    struct member_list all = select_members(cluster, ctx->arena, ROLE_ANY), chosen = {0};

    chosen.items = arena_calloc(ctx->arena, all.count, sizeof(*chosen.items));
    for (size_t i = 0; i < all.count; i++) {
        bool wanted = given->member_names.count == 0;

        for (size_t j = 0; j < given->member_names.count; j++)
            wanted = wanted || str_equal(all.items[i]->name, given->member_names.items[j]);
        if (wanted && (all.items[i]->api_url || differs(ctx, DIFF_VERSION_NO_API_URL)))
            chosen.items[chosen.count++] = all.items[i];
    }
    return chosen;
}

static bool show_member(struct tally *tally, const struct member *member, const struct http_reply *reply,
                        struct err *err)
{
    struct ctx *ctx = tally->ctx;
    struct err reason = ERR_INIT;
    struct str line;
    size_t named;

    str_init(&line, ctx->arena);
    str_printf(&line, "%s: ", member->name);
    named = line.length;
    if (!describe(ctx, reply, &line, &reason)) {
        if (reason.kind == ERR_ABORTED) {
            *err = reason;
            return false;
        }
        str_cut(&line, named);
        str_printf(&line, "failed to get version: %s", reason.message);
        /* A question without an answer is never the unknown outcome of anything. */
        if (reason.kind == ERR_UNREACHABLE || reason.kind == ERR_UNKNOWN)
            tally->unreachable++;
        else
            tally->refused++;
    }
    str_add_char(&line, '\n');
    return print_text(ctx, &line, err);
}

/* patronictl asks one after the other, and finds bad settings with each of them. */
static void ask_alone(struct ctx *ctx, const struct rest_request *request, struct http_reply *reply)
{
    struct err err = ERR_INIT;

    if (!rest_send(ctx, request, reply, &err))
        *reply = (struct http_reply){.outcome = HTTP_BROKEN, .error = err.message};
}

static bool show_members(struct ctx *ctx, const struct member_list *members, deadline_t deadline, struct err *err)
{
    struct rest_request *requests = arena_calloc(ctx->arena, members->count, sizeof(*requests));
    struct http_reply *replies = arena_calloc(ctx->arena, members->count, sizeof(*replies));
    struct tally tally = {.ctx = ctx, .asked = members->count};
    bool at_once = differs(ctx, DIFF_SEQUENTIAL_MEMBERS);

    for (size_t i = 0; i < members->count; i++)
        requests[i] = (struct rest_request){
            .member = members->items[i],
            .method = "GET",
            .deadline = differs(ctx, DIFF_TIMEOUTS) ? deadline : rest_deadline(ctx, false),
        };
    if (at_once && !rest_send_all(ctx, requests, members->count, replies, err))
        return false;
    for (size_t i = 0; i < members->count; i++) {
        if (!at_once)
            ask_alone(ctx, &requests[i], &replies[i]);
        if (!show_member(&tally, members->items[i], &replies[i], err))
            return false;
    }
    if (differs(ctx, DIFF_VERSION_STATUS))
        tally_finish(&tally);
    return true;
}

static bool run(struct ctx *ctx, const void *data, struct err *err)
{
    const struct version_args *given = data;
    struct dcs *dcs;
    struct cluster cluster;
    struct member_list members;
    deadline_t deadline;
    bool own = differs(ctx, DIFF_VERSION_OWN);

    fprintf(ctx->out, "%s version %s\n", own ? "pgha" : "patronictl", own ? PGHA_VERSION : PATRONI_VERSION);
    if (!given->cluster_name || !*given->cluster_name)
        return true;
    fputc('\n', ctx->out);
    if (!open_cluster_to_ask(ctx, given->cluster_name, open_group(&given->group), &dcs, &cluster, &deadline, err) ||
        (differs(ctx, DIFF_VERSION_UNKNOWN_MEMBERS) &&
         !known_members(ctx, &cluster, given->member_names.items, given->member_names.count, err)))
        return false;
    members = choose(ctx, given, &cluster);
    return show_members(ctx, &members, deadline, err);
}

const struct cmd cmd_version = {
    .name = "version",
    .help = "Show the versions of pgha, Patroni and PostgreSQL",
    .patronictl_help = "Output version of patronictl command or a running Patroni instance",
    .group = GROUP_SEE,
    .opts = opts,
    .args = args,
    .args_size = sizeof(struct version_args),
    .run = run,
};
