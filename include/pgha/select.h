/* Which members a command is for, by role (recorded cases query-*, dsn-*, reload-*, flush-*). */
#ifndef PGHA_SELECT_H
#define PGHA_SELECT_H

#include <stdbool.h>
#include <stddef.h>

#include "pgha/cluster.h"
#include "pgha/text_set.h"

struct arena;

enum role { ROLE_LEADER, ROLE_PRIMARY, ROLE_STANDBY_LEADER, ROLE_REPLICA, ROLE_STANDBY, ROLE_ANY };

/* As options show and take them, in the order of enum role; ends with NULL. */
extern const char *const role_names[];

/* The role of that name; false for any other text. */
bool role_parse(const char *name, enum role *role);

struct member_list {
    const struct member **items;
    size_t count;
};

/*
 * The members in that role, of the workers of a Citus cluster too. A leader may be one without a member key, and is
 * primary or standby leader by the role it reports itself.
 */
struct member_list select_members(const struct cluster *cluster, struct arena *arena, enum role role);

/* The first of them (with that name, unless `name` is NULL), or NULL. */
const struct member *select_member(const struct cluster *cluster, struct arena *arena, enum role role,
                                   const char *name);

/* The names of the members in the list. */
struct text_set select_names(struct arena *arena, const struct member_list *list);

/* Sorts a list of the cluster's members, those of the workers too: replicas first, in the order they had. */
void select_put_leaders_last(const struct cluster *cluster, struct arena *arena, struct member_list *list);

/* The members that have an api_url, the leader first. Workers are not among them. */
struct member_list select_leader_first(const struct cluster *cluster, struct arena *arena);

#endif
