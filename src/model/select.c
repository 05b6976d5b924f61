#include "pgha/select.h"

#include "pgha/arena.h"
#include "pgha/str.h"

const char *const role_names[] = {"leader", "primary", "standby-leader", "replica", "standby", "any", NULL};

bool role_parse(const char *name, enum role *role)
{
    for (size_t i = 0; role_names[i]; i++)
        if (str_equal(name, role_names[i])) {
            *role = (enum role)i;
            return true;
        }
    return false;
}

/* A leader that reports no role, or one that makes no sense, is both primary and standby leader. */
static bool leads_as(const struct cluster *cluster, enum role role)
{
    const char *own = NULL;

    if (!cluster->leader.present || !*cluster->leader.name)
        return false;
    own = value_as_string(value_get(&cluster->leader.member->data, "role"));
    if (role == ROLE_STANDBY_LEADER)
        return !str_equal(own, "primary") && !str_equal(own, "master");
    return role == ROLE_LEADER || !str_equal(own, "standby_leader");
}

static void add_matching(const struct cluster *cluster, enum role role, struct member_list *list)
{
    if (role == ROLE_LEADER || role == ROLE_PRIMARY || role == ROLE_STANDBY_LEADER) {
        if (leads_as(cluster, role))
            list->items[list->count++] = cluster->leader.member;
        return;
    }
    for (size_t i = 0; i < cluster->member_count; i++)
        if (role == ROLE_ANY || !cluster->leader.present || !str_equal(cluster->members[i].name, cluster->leader.name))
            list->items[list->count++] = &cluster->members[i];
}

struct member_list select_members(const struct cluster *cluster, struct arena *arena, enum role role)
{
    size_t room = cluster->member_count + 1;

    for (size_t i = 0; i < cluster->worker_count; i++)
        room += cluster->workers[i].member_count + 1;
    struct member_list list = {.items = arena_calloc(arena, room, sizeof *list.items)};
    add_matching(cluster, role, &list);
    for (size_t i = 0; i < cluster->worker_count; i++)
        add_matching(&cluster->workers[i], role, &list);
    return list;
}

const struct member *select_member(const struct cluster *cluster, struct arena *arena, enum role role, const char *name)
{
    struct member_list list = select_members(cluster, arena, role);

    for (size_t i = 0; i < list.count; i++)
        if (!name || str_equal(list.items[i]->name, name))
            return list.items[i];
    return NULL;
}

static bool leads(const struct cluster *cluster, const struct member *member)
{
    return cluster->leader.present && cluster->leader.member == member;
}

static bool is_leader(const struct cluster *cluster, const struct member *member)
{
    for (size_t i = 0; i < cluster->worker_count; i++)
        if (leads(&cluster->workers[i], member))
            return true;
    return leads(cluster, member);
}

void select_put_leaders_last(const struct cluster *cluster, struct arena *arena, struct member_list *list)
{
    const struct member **leaders = arena_calloc(arena, list->count, sizeof *leaders);
    size_t replicas = 0, count = 0;

    for (size_t i = 0; i < list->count; i++)
        if (is_leader(cluster, list->items[i]))
            leaders[count++] = list->items[i];
        else
            list->items[replicas++] = list->items[i];
    for (size_t i = 0; i < count; i++)
        list->items[replicas + i] = leaders[i];
}

struct member_list select_leader_first(const struct cluster *cluster, struct arena *arena)
{
    struct member_list list = {.items = arena_calloc(arena, cluster->member_count + 1, sizeof *list.items)};
    const struct member *leader = cluster->leader.present ? cluster->leader.member : NULL;

    if (leader && leader->api_url && *leader->name)
        list.items[list.count++] = leader;
    for (size_t i = 0; i < cluster->member_count; i++) {
        const struct member *member = &cluster->members[i];

        if (member->api_url && !(list.count && list.items[0] == leader && member == leader))
            list.items[list.count++] = member;
    }
    return list;
}

struct text_set select_names(struct arena *arena, const struct member_list *list)
{
    const char **names = arena_calloc(arena, list->count, sizeof *names);

    for (size_t i = 0; i < list->count; i++)
        names[i] = list->items[i]->name;
    return text_set_make(arena, names, list->count);
}
