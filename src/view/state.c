#include "state.h"

#include "pgha/arena.h"
#include "pgha/dynconf.h"
#include "pgha/str.h"

/* Scratch memory is given back whenever it reaches this. */
#define SCRATCH_LIMIT ((size_t)256 * 1024)

static bool derive_role(struct arena *scratch, const struct cluster *cluster, struct state *state, struct err *err)
{
    bool matches = false;

    if (state->member->heard_role) {
        state->role = state->member->heard_role;
        return true;
    }
    if (state->leads) {
        state->role = dynconf_is_standby_cluster(cluster) ? "standby_leader" : "leader";
        return true;
    }
    if (dynconf_is_synchronous(cluster) &&
        !cluster_sync_matches(cluster, scratch, state->member->name, false, &matches, err))
        return false;
    state->role = !matches ? "replica" : dynconf_is_quorum(cluster) ? "quorum_standby" : "sync_standby";
    return true;
}

/* replication_state says more than state, and a primary has none. */
static struct value derive_state(const struct state *state)
{
    const struct value *replication = value_get(&state->member->data, "replication_state");
    const struct value *own = value_get(&state->member->data, "state");

    if (!str_equal(state->role, "leader") && value_truth(replication))
        return *replication;
    return own ? *own : value_string("");
}

static bool derive_position(struct arena *scratch, const struct cluster *cluster, const struct member *member,
                            const char *key, struct position *position, struct err *err)
{
    lsn_t lsn;

    if (!member_lsn(member, scratch, key, &lsn, err))
        return false;
    *position = (struct position){.lsn = lsn, .lag = cluster->last_lsn > lsn ? cluster->last_lsn - lsn : 0};
    return true;
}

static bool derive_one(struct arena *arena, struct arena *scratch, const struct cluster *cluster, struct state *state,
                       struct err *err)
{
    const struct member *member = state->member;
    struct value host, port;

    state->leads = cluster->leader.present && str_equal(member->name, cluster->leader.name);
    if (member->heard_role) /* there may be two that say so */
        state->leads = str_equal(member->heard_role, "leader") || str_equal(member->heard_role, "standby_leader");
    if (!derive_role(scratch, cluster, state, err))
        return false;
    state->state = derive_state(state);
    if (!member_address(member, scratch, &host, &port, err))
        return false;
    state->host = value_copy(arena, &host);
    state->port = value_copy(arena, &port);
    return state->leads || (derive_position(scratch, cluster, member, "receive_lsn", &state->receive, err) &&
                            derive_position(scratch, cluster, member, "replay_lsn", &state->replay, err) &&
                            derive_position(scratch, cluster, member, "xlog_location", &state->any, err));
}

enum style state_role_style(const struct state *state)
{
    if (state->leads)
        return STYLE_LEADER;
    if (str_equal(state->role, "unknown"))
        return STYLE_ATTENTION;
    return str_equal(state->role, "replica") ? STYLE_PLAIN : STYLE_SYNC;
}

enum style state_style(const struct value *state)
{
    static const enum style styles[] = {
        [HEALTH_WELL] = STYLE_PLAIN, [HEALTH_CHANGING] = STYLE_ATTENTION, [HEALTH_BAD] = STYLE_ALARM};

    return styles[member_health(state)];
}

bool state_derive(struct arena *arena, const struct cluster *cluster, struct state **states, struct err *err)
{
    struct state *derived = arena_calloc(arena, cluster->member_count, sizeof *derived);
    struct arena *scratch = arena_new(arena);

    for (size_t i = 0; i < cluster->member_count; i++) {
        derived[i].member = &cluster->members[i];
        if (!derive_one(arena, scratch, cluster, &derived[i], err))
            return false; /* the message is in the scratch memory, which goes with `arena` */
        if (arena_used(scratch) > SCRATCH_LIMIT) {
            arena_free(scratch);
            scratch = arena_new(arena);
        }
    }
    arena_free(scratch);
    *states = derived;
    return true;
}
