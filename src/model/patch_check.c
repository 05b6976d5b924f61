#include <string.h>

#include "patch_keys.h"
#include "pgha/arena.h"
#include "pgha/patch.h"
#include "pgha/str.h"

/*
 * What Patroni reads in the dynamic configuration (its documentation, "Dynamic configuration settings", and
 * patroni/config.py), with the section that it belongs to.
 */
static const struct {
    const char *name;
    const char *section;
} settings[] = {
    {"ttl", ""},
    {"loop_wait", ""},
    {"retry_timeout", ""},
    {"maximum_lag_on_failover", ""},
    {"maximum_lag_on_syncnode", ""},
    {"max_timelines_history", ""},
    {"primary_start_timeout", ""},
    {"master_start_timeout", ""},
    {"primary_stop_timeout", ""},
    {"master_stop_timeout", ""},
    {"synchronous_mode", ""},
    {"synchronous_mode_strict", ""},
    {"synchronous_node_count", ""},
    {"failsafe_mode", ""},
    {"check_timeline", ""},
    {"member_slots_ttl", ""},
    {"pause", ""},
    {"standby_cluster", ""},
    {"slots", ""},
    {"ignore_slots", ""},
    {"postgresql", ""},
    {"use_pg_rewind", "postgresql."},
    {"use_slots", "postgresql."},
    {"pg_hba", "postgresql."},
    {"pg_ident", "postgresql."},
    {"recovery_conf", "postgresql."},
    {"parameters", "postgresql."},
    {"remove_data_directory_on_rewind_failure", "postgresql."},
    {"remove_data_directory_on_diverged_timelines", "postgresql."},
};

/* Parameters of PostgreSQL that people set, and beginnings of names that nothing else has. */
static const char *const parameters[] = {
    "shared_buffers",
    "shared_preload_libraries",
    "work_mem",
    "maintenance_work_mem",
    "huge_pages",
    "max_connections",
    "max_worker_processes",
    "max_wal_senders",
    "max_wal_size",
    "max_replication_slots",
    "max_prepared_transactions",
    "max_locks_per_transaction",
    "max_parallel_workers",
    "max_slot_wal_keep_size",
    "max_standby_streaming_delay",
    "max_standby_archive_delay",
    "min_wal_size",
    "hot_standby",
    "hot_standby_feedback",
    "listen_addresses",
    "port",
    "random_page_cost",
    "seq_page_cost",
    "statement_timeout",
    "lock_timeout",
    "synchronous_commit",
    "synchronous_standby_names",
    "timezone",
    "password_encryption",
    "ssl",
    "fsync",
    "full_page_writes",
    "jit",
    "cluster_name",
    "restore_command",
    "unix_socket_directories",
    "temp_file_limit",
};
static const char *const beginnings[] = {
    "autovacuum", "archive_", "wal_",       "log_",          "checkpoint_",        "effective_",
    "track_",     "vacuum_",  "bgwriter_",  "enable_",       "default_",           "idle_",
    "deadlock_",  "ssl_",     "superuser_", "max_parallel_", "pg_stat_statements."};

static bool is_parameter(const char *name)
{
    for (size_t i = 0; i < sizeof parameters / sizeof *parameters; i++)
        if (strcmp(name, parameters[i]) == 0)
            return true;
    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++)
        if (str_starts_with(name, beginnings[i]))
            return true;
    return false;
}

/* The section of a setting of Patroni; NULL for what is none. */
static const char *section_of(const char *name)
{
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        if (strcmp(name, settings[i].name) == 0)
            return settings[i].section;
    return NULL;
}

static const char *as_text(struct arena *arena, const struct value *value)
{
    struct str text;

    str_init(&text, arena);
    value_str(value, &text);
    return text.text;
}

/* A name in the place of one of the other kind; `rest` is "=VALUE". */
static bool check_name(struct arena *arena, const struct value *keys, const char *rest, struct err *err)
{
    const char *first = value_as_string(&keys->items[0]), *last = value_as_string(&keys->items[keys->length - 1]);
    bool below = keys->length > 1 && str_equal(first, "postgresql");
    bool parameter = keys->length == 3 && below && str_equal(value_as_string(&keys->items[1]), "parameters");
    const char *section = last ? section_of(last) : NULL;

    if (parameter && section)
        return err_set(err, arena, ERR_FAILED,
                       "\"%s\" is a setting of Patroni, not a parameter of PostgreSQL: use -s %s%s%s", last, section,
                       last, rest);
    if (parameter && (str_starts_with(last, "postgresql.") || str_starts_with(last, "parameters.")))
        return err_set(err, arena, ERR_FAILED,
                       "\"%s\" is no parameter of PostgreSQL: -p takes its name alone, such as -p work_mem=8MB", last);
    if (!parameter && last && is_parameter(last) && (keys->length == 1 || (below && keys->length == 2)))
        return err_set(err, arena, ERR_FAILED,
                       "\"%s\" is a parameter of PostgreSQL, not a setting of Patroni: use -p %s%s", last, last, rest);
    if (keys->length == 1 && section && *section)
        return err_set(err, arena, ERR_FAILED, "\"%s\" belongs to the section postgresql: use -s %s%s%s", last, section,
                       last, rest);
    if (below && keys->length == 2 && section && !*section)
        return err_set(err, arena, ERR_FAILED, "\"%s\" does not belong to the section postgresql: use -s %s%s", last,
                       last, rest);
    return true;
}

/* What stands there now, and would go. */
static bool check_loss(struct arena *arena, const struct value *config, const struct value *keys,
                       const struct value *value, struct err *err)
{
    struct str path;

    str_init(&path, arena);
    for (uint32_t i = 0; i < keys->length; i++) {
        bool last = i + 1 == keys->length;

        config = value_get_key(config, &keys->items[i]);
        str_printf(&path, "%s%s", i ? "." : "", as_text(arena, &keys->items[i]));
        if (!config || config->kind == VALUE_NULL)
            return true;
        if (!last && value_is(config, VALUE_LIST))
            return err_set(
                err, arena, ERR_FAILED,
                "\"%s\" is a list, and -s can only set all of it: -s '%s=[...]', or use the editor or --apply",
                path.text, path.text);
        if (!last && !value_is(config, VALUE_MAP))
            return err_set(err, arena, ERR_FAILED, "\"%s\" is %s (%s), which a mapping would replace", path.text,
                           value_kind_name(config), as_text(arena, config));
        if (last && value->kind != VALUE_NULL && value->kind != config->kind && config->length &&
            (value_is(config, VALUE_MAP) || value_is(config, VALUE_LIST)))
            return err_set(err, arena, ERR_FAILED, "\"%s\" is %s with %u entries, which %s would replace", path.text,
                           value_kind_name(config), config->length, value_kind_name(value));
    }
    return true;
}

bool patch_check(struct arena *arena, const struct value *config, const char *setting, struct err *err)
{
    struct value keys, value;

    if (!patch_read(arena, setting, &keys, &value, err))
        return false;
    return check_name(arena, &keys, strchr(setting, '='), err) && check_loss(arena, config, &keys, &value, err);
}
