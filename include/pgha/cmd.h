/*
 * The command table: one row per command, plain constant data. The parser, --help, the manual, the completions and
 * the shell all read these rows, so none of them can drift from another.
 */
#ifndef PGHA_CMD_H
#define PGHA_CMD_H

#include <stdbool.h>
#include <stddef.h>

#include "pgha/ctx.h"
#include "pgha/err.h"

enum opt_kind {
    OPT_FLAG,   /* bool */
    OPT_STRING, /* const char *, NULL when not given */
    OPT_INT,    /* struct opt_int */
    OPT_FLOAT,  /* struct opt_float */
    OPT_CHOICE, /* const char *, one of `choices` */
    OPT_LIST,   /* struct opt_list: may be given several times */
    OPT_FILE,   /* FILE *, opened for reading by the parser; "-" is standard input; NULL when not given */
};

/* What the parser stores for a number that may be missing, and for an option or argument with many values. */
struct opt_int {
    bool given;
    long long number;
};
struct opt_float {
    bool given;
    double number;
};
struct opt_list {
    size_t count;
    const char **items;
};

/* What to offer when a value is completed. */
enum completes {
    COMPLETE_NOTHING = 0,
    COMPLETE_FILES,
    COMPLETE_CLUSTERS,
    COMPLETE_MEMBERS,
    COMPLETE_LEADERS,    /* of the members, those that lead */
    COMPLETE_REPLICAS,   /* those that do not */
    COMPLETE_CANDIDATES, /* those that a failover can make the leader */
    COMPLETE_SUCCESSORS, /* those that a switchover can make the leader */
    COMPLETE_CHOICES,    /* implied by `choices` */
};

/* Whether these are names of members, or of some of them. */
static inline bool completes_members(enum completes completes)
{
    return completes >= COMPLETE_MEMBERS && completes <= COMPLETE_SUCCESSORS;
}

struct opt {
    const char *names;           /* "--format|-f", in the order in which errors name them; help puts short ones first */
    const char *metavar;         /* as help shows it; NULL: from the kind, as click does */
    const char *help;            /* one line of 60 characters at most, without a full stop; so for commands */
    const char *patronictl_help; /* as patronictl shows it; NULL: likewise */
    const char *const *choices;  /* NULL-terminated, for OPT_CHOICE */
    const char *preset;          /* value when not given, as text; NULL for none */
    const char *envvar;          /* environment variable that is read when the option is not given */
    size_t offset;               /* of the field in the args struct */
    enum opt_kind kind;
    enum completes completes;
    bool group_default; /* OPT_INT: citus.group of the configuration when not given */
    bool secret;        /* the value never reaches a log, an error or a history */
    bool pgha_only;     /* patronictl has no such option: not accepted under that name */
};

/* The name after the one at `name`, or NULL; a name ends at '|' or at the end. */
static inline const char *opt_next_name(const char *name)
{
    while (*name && *name != '|')
        name++;
    return *name ? name + 1 : NULL;
}

struct arg {
    const char *name; /* "cluster_name"; usage shows it in capitals */
    const char *const *choices;
    size_t offset; /* const char * if single, struct opt_list if `many` */
    bool required;
    bool many;          /* click's nargs=-1 */
    bool scope_default; /* the configured scope when missing */
    enum completes completes;
};

/* The headings of the list of commands, in this order. */
enum cmd_group {
    GROUP_NONE, /* of hidden commands */
    GROUP_SEE,
    GROUP_LEADER,
    GROUP_MEMBERS,
    GROUP_CLUSTER,
    GROUP_SQL,
    GROUP_SHELL,
    GROUP_COUNT,
};

struct cmd {
    const char *name;
    const char *help;
    const char *patronictl_help;
    enum cmd_group group;
    const struct opt *opts; /* end with names == NULL; --help is implied */
    const struct arg *args; /* end with name == NULL */
    size_t args_size;       /* of the struct that the parser fills and run() gets */
    /* Does the work. `ctx->status` is the exit status when it returns true (0 unless run() set it). */
    bool (*run)(struct ctx *ctx, const void *args, struct err *err) PGHA_CHECKED;
    bool pgha_only; /* not in patronictl: unknown under that name */
    bool hidden;    /* not listed by help */
    bool no_config; /* runs without a configuration and without a network */
};

/* All commands, sorted by name, ending with NULL (src/cmd/commands.c). */
extern const struct cmd *const commands[];
/* The headings; NULL for GROUP_NONE. patronictl has one list without groups. */
extern const char *const group_titles[GROUP_COUNT];
/* The global options, stored in struct globals; ends with names == NULL. */
extern const struct opt global_opts[];

struct globals {
    const char *config_file; /* NULL: the default one */
    const char *dcs_url;
    bool insecure;
    bool version;
    bool debug;
    struct opt_float timeout;           /* seconds */
    struct opt_float operation_timeout; /* seconds */
    const char *colour;                 /* one of colour_choices; NULL when called as patronictl */
    bool no_pager;
    size_t word_count; /* what follows the name of the command, options as well */
    const char *const *words;
};

#endif
