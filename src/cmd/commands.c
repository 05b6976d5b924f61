#include "rows.h"

const char *const format_choices[] = {"pretty", "tsv", "json", "yaml", "yml", NULL};
const char *const role_choices[] = {"leader", "primary", "standby-leader", "replica", "standby", "any", NULL};

const struct opt global_opts[] = {
    {.names = "--config-file|-c",
     .help = "Configuration file",
     .kind = OPT_STRING,
     .envvar = "PATRONICTL_CONFIG_FILE",
     .completes = COMPLETE_FILES,
     .offset = offsetof(struct globals, config_file)},
    {.names = "--dcs-url|--dcs|-d",
     .help = "The DCS connect url",
     .kind = OPT_STRING,
     .envvar = "DCS_URL",
     .offset = offsetof(struct globals, dcs_url)},
    {.names = "-k|--insecure",
     .help = "Allow connections to SSL sites without certs",
     .kind = OPT_FLAG,
     .offset = offsetof(struct globals, insecure)},
    {.names = "--version",
     .help = "Show the version and exit.",
     .kind = OPT_FLAG,
     .pgha_only = true,
     .offset = offsetof(struct globals, version)},
    OPT_ROW_END,
};

/* clang-format off */
const struct cmd *const commands[] = {
    &cmd_demote_cluster,
    &cmd_dsn,
    &cmd_dump_commands,
    &cmd_edit_config,
    &cmd_failover,
    &cmd_flush,
    &cmd_history,
    &cmd_list,
    &cmd_pause,
    &cmd_promote_cluster,
    &cmd_query,
    &cmd_reinit,
    &cmd_reload,
    &cmd_remove,
    &cmd_restart,
    &cmd_resume,
    &cmd_show_config,
    &cmd_switchover,
    &cmd_topology,
    &cmd_version,
    NULL,
};
/* clang-format on */
