#include "pgha/targets.h"

#include <string.h>

#include "pgha/arena.h"
#include "pgha/config.h"
#include "pgha/known.h"
#include "pgha/open.h"
#include "pgha/print.h"
#include "pgha/prompt.h"
#include "pgha/str.h"

enum role targets_role(const char *name)
{
    enum role role = ROLE_ANY;

    /* The parser has seen to it that it is one of them. */
    return role_parse(name, &role) ? role : ROLE_ANY;
}

static bool has_member(const struct cluster *cluster, const char *name)
{
    for (size_t i = 0; i < cluster->worker_count; i++)
        if (cluster_find_member(&cluster->workers[i], name))
            return true;
    return cluster_find_member(cluster, name) != NULL;
}

static void take_as_member(struct ctx *ctx, struct targets *targets, const char *scope)
{
    struct opt_list names = {.count = targets->names.count + 1};

    names.items = arena_calloc(ctx->arena, names.count, sizeof *names.items);
    names.items[0] = targets->cluster_name;
    for (size_t i = 1; i < names.count; i++)
        names.items[i] = targets->names.items[i - 1];
    print_notice(ctx, "There is no cluster %s; taking it for a member of cluster %s\n", targets->cluster_name, scope);
    targets->names = names;
    targets->cluster_name = scope;
}

bool targets_open(struct ctx *ctx, struct targets *targets, struct dcs **dcs, struct cluster *cluster, struct err *err)
{
    const char *scope = ctx->config->scope;
    int64_t group = open_group(&targets->group);
    struct err unknown = ERR_INIT;

    if (open_cluster(ctx, targets->cluster_name, group, dcs, cluster, &unknown))
        return true;
    *err = unknown;
    if (!scope || strcmp(scope, targets->cluster_name) == 0 || unknown.kind != ERR_FAILED ||
        !differs(ctx, DIFF_MEMBER_FOR_CLUSTER))
        return false;
    /* Whatever else was wrong is wrong again, and the first error tells it best. */
    if (!open_cluster(ctx, scope, group, dcs, cluster, &unknown) || !has_member(cluster, targets->cluster_name))
        return false;
    take_as_member(ctx, targets, scope);
    return true;
}

const char *targets_names(struct arena *arena, const struct member_list *members)
{
    struct str text;

    str_init(&text, arena);
    for (size_t i = 0; i < members->count; i++)
        str_printf(&text, "%s%s", i ? ", " : "", members->items[i]->name);
    return text.text;
}

/* The same as a set: sorted and each once, in place of the order of Python's hashes. */
static const char *distinct_names(struct arena *arena, const struct member_list *members)
{
    struct text_set names = select_names(arena, members);
    struct str text;

    str_init(&text, arena);
    for (size_t i = 0; i < names.count; i++)
        str_printf(&text, "%s%s", i ? ", " : "", names.items[i]);
    return text.text;
}

/* patronictl passes over the names that do not fit as long as one does. */
static bool check_names(struct ctx *ctx, const struct targets *targets, const struct cluster *cluster,
                        const struct member_list *candidates, struct err *err)
{
    struct text_set fitting = select_names(ctx->arena, candidates);

    for (size_t i = 0; i < targets->names.count; i++) {
        const char *name = targets->names.items[i];

        if (text_set_has(&fitting, name))
            continue;
        bool known = has_member(cluster, name);
        if (!differs(ctx, known ? DIFF_MEMBER_NOT_IN_ROLE : DIFF_UNKNOWN_MEMBERS))
            continue;
        if (known)
            return err_set(err, ctx->arena, ERR_FAILED, "Member %s of cluster %s is not a %s", name, cluster->name,
                           role_names[targets->role]);
        return known_members(ctx, cluster, &name, 1, err);
    }
    return true;
}

static struct member_list only_named(struct arena *arena, const struct member_list *candidates,
                                     const struct opt_list *names)
{
    struct member_list members = {.items = arena_calloc(arena, candidates->count, sizeof *members.items)};
    struct text_set wanted = text_set_make(arena, names->items, names->count);

    for (size_t i = 0; i < candidates->count; i++)
        if (text_set_has(&wanted, candidates->items[i]->name))
            members.items[members.count++] = candidates->items[i];
    return members;
}

/* Which one? Its name has to be that of a candidate. */
static bool ask(struct ctx *ctx, const struct targets *targets, const struct cluster *cluster,
                const struct member_list *candidates, struct member_list *members, struct err *err)
{
    const char *question = arena_printf(ctx->arena, "Which member do you want to %s [%s]?", targets->action,
                                        distinct_names(ctx->arena, candidates));
    struct targets answered = *targets;
    const char *answer;

    if (!prompt_text(ctx, question, "", &answer, err))
        return false;
    answered.names = (struct opt_list){.count = 1, .items = &answer};
    if (!*answer && differs(ctx, DIFF_REINIT_NO_MEMBER_NAMED))
        return err_set(err, ctx->arena, ERR_FAILED, "No member was named");
    if (!check_names(ctx, &answered, cluster, candidates, err))
        return false;
    *members = only_named(ctx->arena, candidates, &answered.names);
    if (members->count == 0)
        return err_set(err, ctx->arena, ERR_FAILED, "%s is not a member of cluster", answer);
    return true;
}

static bool nobody(struct ctx *ctx, const struct targets *targets, struct err *err)
{
    static const char *const roles[] = {
        [ROLE_LEADER] = "leader",   [ROLE_PRIMARY] = "primary", [ROLE_STANDBY_LEADER] = "standby leader",
        [ROLE_REPLICA] = "replica", [ROLE_STANDBY] = "standby",
    };

    if (targets->role == ROLE_ANY || !differs(ctx, DIFF_NO_MEMBER_IN_ROLE))
        return err_set(err, ctx->arena, ERR_FAILED, "%s cluster doesn't have any members", targets->cluster_name);
    return err_set(err, ctx->arena, ERR_FAILED, "no member of cluster \"%s\" is a %s", targets->cluster_name,
                   roles[targets->role]);
}

bool targets_choose(struct ctx *ctx, const struct targets *targets, const struct cluster *cluster,
                    struct member_list *members, struct err *err)
{
    struct member_list candidates = select_members(cluster, ctx->arena, targets->role);
    /* What the user gave, patronictl shows as Python's repr(); its own constant it does not. */
    const char *quote = targets->ask_for_one ? "" : "'";

    if (targets->names.count == 0 && candidates.count == 0)
        return nobody(ctx, targets, err);
    if (targets->ask_for_one && targets->force && targets->names.count == 0 && differs(ctx, DIFF_REINIT_FORCE))
        return err_set(err, ctx->arena, ERR_USAGE, "name the members to %s: with --force they are not asked for",
                       targets->action);
    if (!print_members(ctx, cluster, targets->force ? PRINT_CUT : PRINT_PAGE, err))
        return false;
    if (targets->names.count > 0) {
        if (!check_names(ctx, targets, cluster, &candidates, err))
            return false;
        *members = only_named(ctx->arena, &candidates, &targets->names);
        if (members->count == 0)
            return err_set(err, ctx->arena, ERR_FAILED, "No %s%s%s among provided members", quote,
                           role_names[targets->role], quote);
        return true;
    }
    if (!targets->ask_for_one) {
        *members = candidates;
        return true;
    }
    if (!targets->force)
        return ask(ctx, targets, cluster, &candidates, members, err);
    *members = (struct member_list){0};
    return true;
}

void targets_tell_rest(struct ctx *ctx, const char *action, const struct member_list *members, size_t next,
                       const struct member *failed)
{
    const struct member_list rest = {members->items + next, members->count - next};
    const char *names = targets_names(ctx->arena, &rest), *ending = str_ends_with(action, "e") ? "d" : "ed";

    if (!rest.count || !differs(ctx, DIFF_RESTART_STOPS))
        return;
    if (failed)
        print_notice(ctx, "Error: stopped after member \"%s\"; not %s%s: %s (use --keep-going to %s them anyway)\n",
                     failed->name, action, ending, names, action);
    else
        print_notice(ctx, "Not %s%s: %s\n", action, ending, names);
}

bool targets_confirm(struct ctx *ctx, const struct targets *targets, const struct member_list *members, struct err *err)
{
    const char *question = arena_printf(ctx->arena, "Are you sure you want to %s members %s?", targets->action,
                                        targets_names(ctx->arena, members));
    bool yes = true;

    if (!targets->force && !prompt_confirm(ctx, question, &yes, err))
        return false;
    return yes || err_set(err, ctx->arena, ERR_ABORTED, "Aborted %s", targets->action);
}
