#include "state.h"

#include "pgha/arena.h"
#include "pgha/dynconf.h"
#include "pgha/str.h"

/* Scratch memory is given back whenever it reaches this. */
#define SCRATCH_LIMIT ((size_t)256 * 1024)

/* What is the same for all members. */
struct common {
    struct arena *arena;
    const struct cluster *cluster;
    struct text_set standbys;
    bool has_standbys; /* they were read, which is done for the first who could be one */
};

static bool is_standby(struct common *common, struct arena *scratch, const char *name, bool *is, struct err *err)
{
    *is = false;
    if (!*name || !dynconf_is_synchronous(common->cluster))
        return true;
    if (!common->has_standbys && !cluster_sync_names(common->cluster, common->arena, &common->standbys, err))
        return false;
    common->has_standbys = true;
    *is = sync_names_have(&common->standbys, scratch, name);
    return true;
}

static bool derive_role(struct common *common, struct arena *scratch, struct state *state, struct err *err)
{
    const struct cluster *cluster = common->cluster;
    bool matches;

    if (state->member->heard_role) {
        state->role = state->member->heard_role;
        return true;
    }
    if (state->leads) {
        state->role = dynconf_is_standby_cluster(cluster) ? "standby_leader" : "leader";
        return true;
    }
    if (!is_standby(common, scratch, state->member->name, &matches, err))
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

static bool derive_one(struct common *common, struct arena *scratch, struct state *state, struct err *err)
{
    const struct cluster *cluster = common->cluster;
    struct arena *arena = common->arena;
    const struct member *member = state->member;
    struct value host, port;

    state->leads = cluster->leader.present && str_equal(member->name, cluster->leader.name);
    if (member->heard_role) /* there may be two that say so */
        state->leads = str_equal(member->heard_role, "leader") || str_equal(member->heard_role, "standby_leader");
    if (!derive_role(common, scratch, state, err))
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
    struct common common = {.arena = arena, .cluster = cluster};

    for (size_t i = 0; i < cluster->member_count; i++) {
        derived[i].member = &cluster->members[i];
        if (!derive_one(&common, scratch, &derived[i], err))
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
