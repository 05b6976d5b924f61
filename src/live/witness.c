#include "pgha/witness.h"

#include <string.h>

#include "pgha/arena.h"
#include "pgha/json.h"
#include "pgha/rest.h"
#include "pgha/signals.h"
#include "pgha/str.h"

/* Bytes of a cell about a member that does not answer. */
#define LONGEST_REASON 100

/* A member, and the cluster or worker that it belongs to. */
struct witness {
    struct cluster *cluster;
    struct member *member;
    const char *led; /* the role of a leader that the source gives it, NULL: none */
};

struct round {
    struct ctx *ctx;
    const char *source;
    struct witness *witnesses;
    size_t count;
};

const char *witness_role(const struct value *answer)
{
    static const struct {
        const char *said;
        const char *role;
    } roles[] = {{"primary", "leader"}, {"master", "leader"}, {"standby_leader", "standby_leader"}};
    const char *said = value_as_string(value_get(answer, "role"));

    if (!said || !value_is(value_get(answer, "patroni"), VALUE_MAP))
        return NULL;
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (str_equal(said, roles[i].said))
            return roles[i].role;
    if (value_truth(value_get(answer, "sync_standby")))
        return "sync_standby";
    return value_truth(value_get(answer, "quorum_standby")) ? "quorum_standby" : "replica";
}

static bool leads(const char *role)
{
    return str_equal(role, "leader") || str_equal(role, "standby_leader");
}

static void count_members(struct cluster *cluster, struct round *round)
{
    for (size_t i = 0; i < cluster->member_count; i++) {
        struct member *member = &cluster->members[i];
        bool led = cluster->leader.present && str_equal(cluster->leader.name, member->name);

        if (round->witnesses)
            round->witnesses[round->count] = (struct witness){cluster, member, led ? "leader" : NULL};
        round->count++;
    }
    for (size_t i = 0; i < cluster->worker_count; i++)
        count_members(&cluster->workers[i], round);
}

static void add_difference(struct str *text, const char *source, const char *what)
{
    if (text->length)
        str_printf(text, ", %s", what);
    else
        str_printf(text, "%s says %s", source, what);
}

/* What the source says and the member does not. */
static const char *compare(const struct round *round, const struct witness *witness, const struct value *answer)
{
    const char *state = value_as_string(value_get(answer, "state"));
    const char *known = value_as_string(value_get(&witness->member->data, "state"));
    const struct value *timeline = value_get(answer, "timeline");
    const struct value *listed = value_get(&witness->member->data, "timeline");
    struct str text;

    if (!witness->led && !known && !value_get(&witness->member->data, "role"))
        return MEMBER_OWN_WORD;
    str_init(&text, round->ctx->arena);
    str_add(&text, "");
    if (leads(witness->member->heard_role) != (witness->led != NULL))
        add_difference(&text, round->source, witness->led ? witness->led : "replica");
    /* "streaming" is how Patroni's own view calls a replica that runs */
    if (known && state && !str_equal(known, state) && !str_equal(known, "streaming"))
        add_difference(&text, round->source, known);
    if (value_is(timeline, VALUE_INT) && value_is(listed, VALUE_INT) && timeline->integer != listed->integer)
        add_difference(&text, round->source,
                       arena_printf(round->ctx->arena, "timeline %lld", (long long)listed->integer));
    return text.length ? text.text : MEMBER_AGREES;
}

static void set(struct arena *arena, struct value *data, const char *key, const struct value *value)
{
    if (value)
        value_map_set(arena, data, key, value_copy(arena, value));
    else
        value_map_remove(data, key);
}

/* Puts the answer in the place of what the source had. */
static void take(const struct round *round, struct witness *witness, const struct value *answer)
{
    static const char *const replaced[] = {"state", "replication_state", "pending_restart", "pending_restart_reason",
                                           "scheduled_restart"};
    static const char *const positions[][2] = {
        {"received_location", "receive_lsn"}, {"replayed_location", "replay_lsn"}, {"location", "xlog_location"}};
    struct member *member = witness->member;
    struct arena *arena = round->ctx->arena;
    const struct value *timeline = value_get(answer, "timeline"), *xlog = value_get(answer, "xlog");

    member->heard_role = witness_role(answer);
    member->unverified = compare(round, witness, answer);
    for (size_t i = 0; i < sizeof replaced / sizeof *replaced; i++)
        set(arena, &member->data, replaced[i], value_get(answer, replaced[i]));
    set(arena, &member->data, "role", value_get(answer, "role"));
    if (value_is(timeline, VALUE_INT))
        set(arena, &member->data, "timeline", timeline);
    for (size_t i = 0; i < sizeof positions / sizeof *positions; i++) {
        const struct value *position = value_get(xlog, positions[i][0]);
        bool known = value_is(position, VALUE_INT) && position->integer > 0;

        set(arena, &member->data, positions[i][1], known ? position : NULL);
        if (known && position->integer > witness->cluster->last_lsn)
            witness->cluster->last_lsn = position->integer;
    }
}

/* The answer of this member of this cluster, or why there is none. */
static const char *understand(const struct round *round, const struct witness *witness, const struct http_reply *reply,
                              struct value *answer)
{
    struct err ignored = ERR_INIT;

    if (reply->outcome != HTTP_ANSWERED)
        return reply->error;
    if (!json_read(round->ctx->arena, reply->body, reply->body_length, answer, &ignored) || !witness_role(answer))
        return "it does not answer as Patroni does";
    const struct value *patroni = value_get(answer, "patroni");
    const char *scope = value_as_string(value_get(patroni, "scope")),
               *name = value_as_string(value_get(patroni, "name"));
    if (scope && !str_equal(scope, witness->cluster->name))
        return arena_printf(round->ctx->arena, "its address belongs to cluster \"%s\"", scope);
    if (name && !str_equal(name, witness->member->name))
        return arena_printf(round->ctx->arena, "its address belongs to member \"%s\"", name);
    return NULL;
}

/* Without an answer a member is what the source says; where it says nothing of it, nobody knows. */
static void note_silence(const struct round *round, struct member *member, const char *why)
{
    struct arena *arena = round->ctx->arena;

    if (!value_get(&member->data, "state") && !value_get(&member->data, "replication_state"))
        member->heard_role = "unknown";
    member->unverified = str_shorten(arena, arena_printf(arena, "not confirmed: %s", why), LONGEST_REASON);
}

/* A leader that denies it is none. Who says that it leads is shown as leading, whatever the source has. */
static void settle_leader(const struct witness *witness)
{
    if (witness->led && witness->member->heard_role && !leads(witness->member->heard_role))
        witness->cluster->leader = (struct leader){.present = false};
}

bool witness_ask(struct ctx *ctx, struct cluster *clusters, size_t count, const char *source, deadline_t deadline,
                 struct err *err)
{
    struct round round = {.ctx = ctx, .source = source};

    for (size_t i = 0; i < count; i++)
        count_members(&clusters[i], &round);
    round.witnesses = arena_calloc(ctx->arena, round.count, sizeof *round.witnesses);
    round.count = 0;
    for (size_t i = 0; i < count; i++)
        count_members(&clusters[i], &round);
    struct rest_request *requests = arena_calloc(ctx->arena, round.count, sizeof *requests);
    struct http_reply *replies = arena_calloc(ctx->arena, round.count, sizeof *replies);
    for (size_t i = 0; i < round.count; i++)
        requests[i] = (struct rest_request){
            .member = round.witnesses[i].member, .method = "GET", .endpoint = "patroni", .deadline = deadline};
    if (!rest_send_all(ctx, requests, round.count, replies, err))
        return false;
    if (signals_pending())
        return err_set(err, ctx->arena, ERR_ABORTED, ERR_MESSAGE_ABORTED);
    for (size_t i = 0; i < round.count; i++) {
        struct value answer;
        const char *why = understand(&round, &round.witnesses[i], &replies[i], &answer);

        if (why)
            note_silence(&round, round.witnesses[i].member, why);
        else
            take(&round, &round.witnesses[i], &answer);
    }
    for (size_t i = 0; i < round.count; i++)
        settle_leader(&round.witnesses[i]);
    return true;
}
