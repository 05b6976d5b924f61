/*
 * The members that reload, restart, reinit and flush act upon: chosen by name and role, shown, asked for and confirmed
 * (recorded cases of these commands). The snapshot that was shown is the one that is acted upon.
 */
#ifndef PGHA_TARGETS_H
#define PGHA_TARGETS_H

#include "pgha/cluster.h"
#include "pgha/cmd.h"
#include "pgha/ctx.h"
#include "pgha/select.h"

struct targets {
    const char *action; /* as the questions name it: "reload", "reinitialize" */
    const char *cluster_name;
    struct opt_list names; /* none: all, or ask if `ask_for_one` */
    struct opt_int group;
    enum role role;
    bool ask_for_one;
    bool force; /* no questions */
};

/* The role of an option whose choices are role_names. */
enum role targets_role(const char *name);

/*
 * Opens the store and reads the cluster in one request. Called as pgha, a cluster that does not exist and has the name
 * of a member of the configured scope is taken for that member (`targets` is changed), and stderr says so: tutorials
 * print `reload pg1`.
 */
bool targets_open(struct ctx *ctx, struct targets *targets, struct dcs **dcs, struct cluster *cluster,
                  struct err *err) PGHA_CHECKED;

/*
 * Shows the cluster and chooses. Fails with patronictl's message when nobody is left; called as pgha also when a name
 * is that of nobody, or of a member in another role.
 */
bool targets_choose(struct ctx *ctx, const struct targets *targets, const struct cluster *cluster,
                    struct member_list *members, struct err *err) PGHA_CHECKED;

/* Asks whether to go ahead, unless forced to; a no is ERR_ABORTED. */
bool targets_confirm(struct ctx *ctx, const struct targets *targets, const struct member_list *members,
                     struct err *err) PGHA_CHECKED;

/*
 * For a command that stops on its way: names on stderr the members from number `next` on, which it does not touch.
 * `failed`: the one that is the reason, NULL for Ctrl-C. Says nothing when nobody is left, or called as patronictl.
 */
void targets_tell_rest(struct ctx *ctx, const char *action, const struct member_list *members, size_t next,
                       const struct member *failed);

/* The names with ", " between them, as the questions show them. */
const char *targets_names(struct arena *arena, const struct member_list *members);

#endif
