#include "pgha/eligible.h"

#include "pgha/arena.h"
#include "pgha/dynconf.h"

static const char *tagged(const struct member *member)
{
    const struct value *tag = value_get(value_get(&member->data, "tags"), "nofailover");

    return tag && !value_is(tag, VALUE_NULL) ? "is tagged nofailover" : "has failover_priority 0";
}

bool eligible_check(const struct cluster *cluster, const struct member *member, bool planned, struct arena *arena,
                    const char **why, struct err *err)
{
    bool nofailover, matches = true;

    if (!member_is_nofailover(member, arena, &nofailover, err))
        return false;
    if (planned && dynconf_is_synchronous(cluster) && !dynconf_is_quorum(cluster) &&
        !cluster_sync_matches(cluster, arena, member->name, false, &matches, err))
        return false;
    *why = nofailover ? tagged(member) : matches ? NULL : "is not a synchronous standby";
    return true;
}
