#include "pgha/cluster_role.h"
#include "pgha/usage.h"

#include "rows.h"

struct demote_cluster_args {
    const char *cluster_name;
    bool force;
    const char *host;
    struct opt_int port;
    const char *restore_command;
    const char *primary_slot_name;
};

static const struct opt opts[] = {
    OPT_ROW_FORCE(struct demote_cluster_args),
    {.names = "--host",
     .help = "Host of the primary cluster",
     .patronictl_help = "Address of the remote node",
     .kind = OPT_STRING,
     .offset = offsetof(struct demote_cluster_args, host)},
    {.names = "--port",
     .help = "Port of the primary cluster",
     .patronictl_help = "Port of the remote node",
     .kind = OPT_INT,
     .offset = offsetof(struct demote_cluster_args, port)},
    {.names = "--restore-command",
     .help = "Command that restores WAL files of the primary cluster",
     .patronictl_help = "Command to restore WAL records from the remote primary",
     .kind = OPT_STRING,
     .offset = offsetof(struct demote_cluster_args, restore_command)},
    {.names = "--primary-slot-name",
     .help = "Replication slot in the primary cluster",
     .patronictl_help = "Name of the slot on the remote node to use for replication",
     .kind = OPT_STRING,
     .offset = offsetof(struct demote_cluster_args, primary_slot_name)},
    OPT_ROW_END,
};

static const struct arg args[] = {
    ARG_ROW_CLUSTER_OR_SCOPE(struct demote_cluster_args),
    ARG_ROW_END,
};

static bool is_given(const char *text)
{
    return text && *text;
}

static void set_text(struct ctx *ctx, struct value *map, const char *key, const char *text)
{
    if (is_given(text))
        value_map_set(ctx->arena, map, key, value_string(text));
}

static bool run(struct ctx *ctx, const void *data, struct err *err)
{
    const struct demote_cluster_args *given = data;
    struct value standby = value_map();
    bool has_port = given->port.given && given->port.number;
    const struct cluster_role role = {
        .cluster_name = given->cluster_name,
        .force = given->force,
        .standby = &standby,
    };

    if (!is_given(given->host) && !has_port && !is_given(given->restore_command))
        return err_set(err, ctx->arena, usage_error(ctx),
                       "At least --host, --port or --restore-command should be specified");
    set_text(ctx, &standby, "host", given->host);
    if (has_port)
        value_map_set(ctx->arena, &standby, "port", value_int(given->port.number));
    set_text(ctx, &standby, "primary_slot_name", given->primary_slot_name);
    set_text(ctx, &standby, "restore_command", given->restore_command);
    return cluster_role_run(ctx, &role, err);
}

const struct cmd cmd_demote_cluster = {
    .name = "demote-cluster",
    .help = "Make the cluster a standby of another cluster",
    .patronictl_help = "Demote cluster to a standby cluster",
    .group = GROUP_CLUSTER,
    .opts = opts,
    .args = args,
    .args_size = sizeof(struct demote_cluster_args),
    .run = run,
};
