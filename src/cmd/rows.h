/* Rows and options that several commands share. A command's own file exports its row; commands.c collects them. */
#ifndef PGHA_CMD_ROWS_H
#define PGHA_CMD_ROWS_H

#include "pgha/cmd.h"

extern const struct cmd cmd_complete;
extern const struct cmd cmd_demote_cluster;
extern const struct cmd cmd_dsn;
extern const struct cmd cmd_dump_commands;
extern const struct cmd cmd_edit_config;
extern const struct cmd cmd_failover;
extern const struct cmd cmd_flush;
extern const struct cmd cmd_history;
extern const struct cmd cmd_list;
extern const struct cmd cmd_pause;
extern const struct cmd cmd_promote_cluster;
extern const struct cmd cmd_query;
extern const struct cmd cmd_reinit;
extern const struct cmd cmd_reload;
extern const struct cmd cmd_remove;
extern const struct cmd cmd_restart;
extern const struct cmd cmd_resume;
extern const struct cmd cmd_shell; /* src/shell */
extern const struct cmd cmd_show_config;
extern const struct cmd cmd_switchover;
extern const struct cmd cmd_topology;
extern const struct cmd cmd_version;

/* The NULL-terminated choices of --format and --role. */
extern const char *const format_choices[];
extern const char *const role_choices[];

/* Fields of the same names have to be in the command's args struct. */
#define OPT_ROW_GROUP(type)                                                                                            \
    {                                                                                                                  \
        .names = "--group", .help = "Citus group", .kind = OPT_INT, .offset = offsetof(type, group)                    \
    }
#define OPT_ROW_DEFAULT_GROUP(type)                                                                                    \
    {                                                                                                                  \
        .names = "--group", .help = "Citus group", .kind = OPT_INT, .offset = offsetof(type, group),                   \
        .group_default = true                                                                                          \
    }
#define OPT_ROW_FORMAT(type)                                                                                           \
    {                                                                                                                  \
        .names = "--format|-f", .help = "Output format", .kind = OPT_CHOICE, .choices = format_choices,                \
        .preset = "pretty", .offset = offsetof(type, format)                                                           \
    }
#define OPT_ROW_WATCH2(type)                                                                                           \
    {                                                                                                                  \
        .names = "-W", .help = "Refresh every 2 seconds", .patronictl_help = "Auto update the screen every 2 seconds", \
        .kind = OPT_FLAG, .offset = offsetof(type, watch2)                                                             \
    }
#define OPT_ROW_WATCH(type)                                                                                            \
    {                                                                                                                  \
        .names = "-w|--watch", .help = "Refresh after so many seconds",                                                \
        .patronictl_help = "Auto update the screen every X seconds", .kind = OPT_FLOAT,                                \
        .offset = offsetof(type, watch)                                                                                \
    }
#define OPT_ROW_UNVERIFIED(type)                                                                                       \
    {                                                                                                                  \
        .names = "--unverified", .help = "Show unverified data if the DCS does not answer", .kind = OPT_FLAG,          \
        .offset = offsetof(type, unverified), .pgha_only = true                                                        \
    }
#define OPT_ROW_WIDE(type)                                                                                             \
    {                                                                                                                  \
        .names = "--wide", .help = "Show all columns, even if the terminal is too narrow", .kind = OPT_FLAG,           \
        .pgha_only = true, .offset = offsetof(type, wide)                                                              \
    }
#define OPT_ROW_FORCE(type)                                                                                            \
    {                                                                                                                  \
        .names = "--force", .help = "Do not ask for confirmation",                                                     \
        .patronictl_help = "Do not ask for confirmation at any point", .kind = OPT_FLAG,                               \
        .offset = offsetof(type, force)                                                                                \
    }
#define OPT_ROW_END                                                                                                    \
    {                                                                                                                  \
        .names = NULL                                                                                                  \
    }

/* cluster_name: required; or the configured scope when missing. */
#define ARG_ROW_CLUSTER(type)                                                                                          \
    {                                                                                                                  \
        .name = "cluster_name", .offset = offsetof(type, cluster_name), .required = true,                              \
        .completes = COMPLETE_CLUSTERS                                                                                 \
    }
#define ARG_ROW_CLUSTER_OR_SCOPE(type)                                                                                 \
    {                                                                                                                  \
        .name = "cluster_name", .offset = offsetof(type, cluster_name), .scope_default = true,                         \
        .completes = COMPLETE_CLUSTERS                                                                                 \
    }
#define ARG_ROW_CLUSTERS(type)                                                                                         \
    {                                                                                                                  \
        .name = "cluster_names", .offset = offsetof(type, cluster_names), .many = true, .completes = COMPLETE_CLUSTERS \
    }
#define ARG_ROW_MEMBERS(type)                                                                                          \
    {                                                                                                                  \
        .name = "member_names", .offset = offsetof(type, member_names), .many = true, .completes = COMPLETE_MEMBERS    \
    }
#define ARG_ROW_END                                                                                                    \
    {                                                                                                                  \
        .name = NULL                                                                                                   \
    }

#endif
