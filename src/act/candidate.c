#include "candidate.h"

#include "pgha/arena.h"
#include "pgha/eligible.h"
#include "pgha/known.h"
#include "pgha/print.h"
#include "pgha/prompt.h"
#include "pgha/schedule.h"
#include "pgha/str.h"

/*
 * The names that may be chosen, sorted as the members are, and in `why_not` the others with their reasons. `now`: by
 * what Patroni wants of a switchover at once, which patronictl does not look at.
 */
static bool find(const struct candidates *candidates, bool now, struct value *names, struct str *why_not,
                 struct err *err)
{
    struct arena *arena = candidates->ctx->arena;
    struct value found = value_list();

    str_init(why_not, arena);
    for (size_t i = 0; i < candidates->cluster->member_count; i++) {
        const struct member *member = &candidates->cluster->members[i];
        const char *why;

        if (str_equal(member->name, candidates->leader))
            continue;
        if (!eligible_check(candidates->cluster, member, now, arena, &why, err))
            return false;
        if (!why)
            value_list_add(arena, &found, value_string(member->name));
        else
            str_printf(why_not, "%s\"%s\" %s", why_not->length ? ", " : "", member->name, why);
    }
    *names = found;
    return true;
}

static bool is_among(const struct value *names, const char *name)
{
    for (uint32_t i = 0; i < names->length; i++)
        if (str_equal(names->items[i].text, name))
            return true;
    return false;
}

static bool nobody(const struct candidates *candidates, const struct str *why_not, struct err *err)
{
    struct arena *arena = candidates->ctx->arena;

    if (!differs(candidates->ctx, DIFF_HANDOVER_NO_CANDIDATE))
        return err_set(err, arena, ERR_FAILED, "No candidates found to %s to", candidates->action);
    if (!why_not->length)
        return err_set(err, arena, ERR_FAILED, "cluster \"%s\" has no member that could take over",
                       candidates->given->cluster_name);
    return err_set(err, arena, ERR_FAILED, "no member can take over: %s", why_not->text);
}

/* Whether Patroni looks at the candidates at once, which patronictl does not think of. */
static bool is_checked_now(const struct candidates *candidates)
{
    const struct handover *given = candidates->given;

    return given->is_switchover && schedule_is_now(given->scheduled) &&
           differs(candidates->ctx, DIFF_HANDOVER_SYNC_CANDIDATES);
}

/* One that is named all the same is for Patroni to refuse, which knows better. */
static bool ask(const struct candidates *candidates, const char **candidate, struct err *err)
{
    struct ctx *ctx = candidates->ctx;
    struct value names;
    struct str question, why_not;

    if (!find(candidates, is_checked_now(candidates), &names, &why_not, err))
        return false;
    if (!names.length)
        return nobody(candidates, &why_not, err);
    str_init(&question, ctx->arena);
    str_add(&question, "Candidate ");
    value_repr(&names, &question);
    return prompt_text(ctx, question.text, "", candidate, err);
}

static bool refuse(const struct candidates *candidates, const char *name, struct err *err)
{
    struct ctx *ctx = candidates->ctx;
    const char *cluster = candidates->given->cluster_name, *why = NULL;
    const struct member *member = cluster_find_member(candidates->cluster, name);

    if (str_equal(name, candidates->leader))
        return err_set(err, ctx->arena, ERR_FAILED, "Member %s is already the leader of cluster %s", name, cluster);
    if (!differs(ctx, DIFF_HANDOVER_CANDIDATE))
        return err_set(err, ctx->arena, ERR_FAILED, "Member %s does not exist in cluster %s or is tagged as nofailover",
                       name, cluster);
    if (!member)
        return known_members(ctx, candidates->cluster, &name, 1, err);
    return eligible_check(candidates->cluster, member, false, ctx->arena, &why, err) &&
           err_set(err, ctx->arena, ERR_FAILED, "member \"%s\" of cluster \"%s\" cannot lead: it %s", name, cluster,
                   why);
}

bool candidate_choose(const struct candidates *candidates, const char **candidate, struct err *err)
{
    const char *chosen = candidates->given->candidate;
    struct value names;
    struct str why_not;

    if (!find(candidates, false, &names, &why_not, err))
        return false;
    if (!names.length)
        return nobody(candidates, &why_not, err);
    if (!chosen && !candidates->given->force && !ask(candidates, &chosen, err))
        return false;
    if (chosen && *chosen && !is_among(&names, chosen))
        return refuse(candidates, chosen, err);
    *candidate = chosen;
    return true;
}

bool candidate_explain(const struct candidates *candidates, const char *candidate, bool now, struct err *err)
{
    const struct member *member = candidate ? cluster_find_member(candidates->cluster, candidate) : NULL;
    bool planned = candidates->given->is_switchover && now;
    const char *why;

    if (!member)
        return true;
    if (!eligible_check(candidates->cluster, member, planned, candidates->ctx->arena, &why, err))
        return false;
    if (why)
        print_notice(candidates->ctx, "Member \"%s\" %s\n", member->name, why);
    return true;
}
