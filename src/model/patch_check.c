#include <string.h>
#include <strings.h>

#include "pgha/arena.h"
#include "pgha/patch.h"
#include "pgha/str.h"
#include "pgha/value_index.h"

#include "patch_keys.h"
#include "section.h"

#define PARAMETERS "postgresql.parameters."

/* What a value has to be; anything but KIND_ANY may be missing or null. */
enum kind { KIND_ANY, KIND_NUMBER, KIND_BOOL, KIND_SYNC, KIND_MAP, KIND_LIST };

/*
 * What Patroni reads in the dynamic configuration (its documentation, "Dynamic configuration settings", and
 * patroni/config.py), with the section that it belongs to.
 */
static const struct setting {
    const char *name;
    const char *section;
    enum kind kind;
} settings[] = {
    {"ttl", "", KIND_NUMBER},
    {"loop_wait", "", KIND_NUMBER},
    {"retry_timeout", "", KIND_NUMBER},
    {"maximum_lag_on_failover", "", KIND_NUMBER},
    {"maximum_lag_on_syncnode", "", KIND_NUMBER},
    {"max_timelines_history", "", KIND_NUMBER},
    {"primary_start_timeout", "", KIND_NUMBER},
    {"master_start_timeout", "", KIND_NUMBER},
    {"primary_stop_timeout", "", KIND_NUMBER},
    {"master_stop_timeout", "", KIND_NUMBER},
    {"synchronous_mode", "", KIND_SYNC},
    {"synchronous_mode_strict", "", KIND_BOOL},
    {"synchronous_node_count", "", KIND_NUMBER},
    {"failsafe_mode", "", KIND_BOOL},
    {"check_timeline", "", KIND_BOOL},
    {"member_slots_ttl", "", KIND_ANY},
    {"pause", "", KIND_BOOL},
    {"standby_cluster", "", KIND_MAP},
    {"slots", "", KIND_MAP},
    {"ignore_slots", "", KIND_LIST},
    {"postgresql", "", KIND_MAP},
    {"use_pg_rewind", "postgresql.", KIND_BOOL},
    {"use_slots", "postgresql.", KIND_BOOL},
    {"pg_hba", "postgresql.", KIND_LIST},
    {"pg_ident", "postgresql.", KIND_LIST},
    {"recovery_conf", "postgresql.", KIND_MAP},
    {"parameters", "postgresql.", KIND_MAP},
    {"remove_data_directory_on_rewind_failure", "postgresql.", KIND_BOOL},
    {"remove_data_directory_on_diverged_timelines", "postgresql.", KIND_BOOL},
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

/* NULL for what is no setting of Patroni. */
static const struct setting *find_setting(const char *name)
{
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        if (strcmp(name, settings[i].name) == 0)
            return &settings[i];
    return NULL;
}

static const char *section_of(const char *name)
{
    const struct setting *setting = find_setting(name);

    return setting ? setting->section : NULL;
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
static bool check_loss(struct patch *patch, const struct value *keys, const struct value *value, struct err *err)
{
    struct arena *arena = patch->arena;
    struct section *section = patch->config;
    struct str path;

    str_init(&path, arena);
    for (uint32_t i = 0; i < keys->length; i++) {
        bool last = i + 1 == keys->length;
        const struct value_pair *pair = section_find(section, &keys->items[i]);

        str_printf(&path, "%s%s", i ? "." : "", as_text(arena, &keys->items[i]));
        if (!pair || pair->value.kind == VALUE_NULL)
            return true;
        const struct value *old = &pair->value;
        bool is_map = value_is(old, VALUE_MAP), is_list = value_is(old, VALUE_LIST);
        if (!last && is_list)
            return err_set(
                err, arena, ERR_FAILED,
                "\"%s\" is a list, and -s can only set all of it: -s '%s=[...]', or use the editor or --apply",
                path.text, path.text);
        if (!last && !is_map)
            return err_set(err, arena, ERR_FAILED, "\"%s\" is %s (%s), which a mapping would replace", path.text,
                           value_kind_name(old), as_text(arena, old));
        section = is_map ? section_below(section, pair) : NULL;
        uint32_t entries = is_map ? section_length(section) : is_list ? old->length : 0;
        if (last && value->kind != VALUE_NULL && value->kind != old->kind && entries)
            return err_set(err, arena, ERR_FAILED, "\"%s\" is %s with %u entries, which %s would replace", path.text,
                           value_kind_name(old), entries, value_kind_name(value));
    }
    return true;
}

bool patch_check(struct patch *patch, const char *setting, struct err *err)
{
    struct value keys, value;

    if (!patch_read(patch->arena, setting, &keys, &value, err))
        return false;
    /* Of what nobody can set, the message says nothing more. */
    return (check_name(patch->arena, &keys, strchr(setting, '='), err) && check_loss(patch, &keys, &value, err)) ||
           err_set(err, patch->arena, err->kind, "%s (--force --no-check sets it all the same)", err->message);
}

static bool is_word_for_bool(const char *text)
{
    static const char *const words[] = {"on", "off", "true", "false", "yes", "no", "1", "0"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasecmp(text, words[i]) == 0)
            return true;
    return false;
}

static bool is_bool(const struct value *value)
{
    return value->kind == VALUE_BOOL || (value->kind == VALUE_INT && (value->integer == 0 || value->integer == 1)) ||
           (value->kind == VALUE_STRING && is_word_for_bool(value->text));
}

/* Text counts that Patroni turns into a number: it knows no units here. */
static bool is_number(const struct value *value)
{
    int64_t number;

    return value->kind == VALUE_INT || value->kind == VALUE_BIG || value->kind == VALUE_FLOAT ||
           (value->kind == VALUE_STRING && str_to_int64(value->text, INT64_MIN, INT64_MAX, &number));
}

/* What is wanted instead of the value; NULL for a value of the kind. */
static const char *wanted(enum kind kind, const struct value *value)
{
    if (value->kind == VALUE_NULL)
        return NULL;
    switch (kind) {
    case KIND_NUMBER:
        return is_number(value) ? NULL : "a number without a unit";
    case KIND_BOOL:
        return is_bool(value) ? NULL : "true or false";
    case KIND_SYNC:
        return is_bool(value) || (value->kind == VALUE_STRING && strcasecmp(value->text, "quorum") == 0)
                   ? NULL
                   : "true, false or quorum";
    case KIND_MAP:
        return value_is(value, VALUE_MAP) ? NULL : "a mapping";
    case KIND_LIST:
        return value_is(value, VALUE_LIST) ? NULL : "a list";
    case KIND_ANY:
        break;
    }
    return NULL;
}

/* A setting that stands in another section than its own; `section` is "", "postgresql." or that of parameters. */
static bool check_place(struct arena *arena, const char *section, const char *name, struct err *err)
{
    const char *own = section_of(name);
    bool below = str_equal(section, PARAMETERS);

    if (below && own)
        return err_set(err, arena, ERR_FAILED,
                       "\"%s%s\": \"%s\" is a setting of Patroni, not a parameter of PostgreSQL: write \"%s%s\"",
                       section, name, name, own, name);
    if (below && (str_starts_with(name, "postgresql.") || str_starts_with(name, "parameters.")))
        return err_set(err, arena, ERR_FAILED, "\"%s%s\": \"%s\" is no parameter of PostgreSQL", section, name, name);
    if (!below && own && !str_equal(own, section))
        return err_set(err, arena, ERR_FAILED, "\"%s%s\" is in the wrong section: write \"%s%s\"", section, name, own,
                       name);
    if (!below && !own && is_parameter(name))
        return err_set(err, arena, ERR_FAILED,
                       "\"%s%s\": \"%s\" is a parameter of PostgreSQL, not a setting of Patroni: write \"" PARAMETERS
                       "%s\"",
                       section, name, name, name);
    return true;
}

static bool check_value(struct arena *arena, const char *section, const char *name, const struct value *old,
                        const struct value *value, struct err *err)
{
    const struct setting *setting = str_equal(section, PARAMETERS) ? NULL : find_setting(name);
    const char *kind = setting ? wanted(setting->kind, value) : NULL;
    bool whole = value_is(value, VALUE_MAP) || value_is(value, VALUE_LIST);

    if (kind && whole)
        return err_set(err, arena, ERR_FAILED, "\"%s%s\" is %s: it has to be %s", section, name, value_kind_name(value),
                       kind);
    if (kind)
        return err_set(err, arena, ERR_FAILED, "\"%s%s\" is \"%s\": it has to be %s", section, name,
                       as_text(arena, value), kind);
    if (old && old->length && (value_is(old, VALUE_MAP) || value_is(old, VALUE_LIST)) && old->kind != value->kind &&
        value->kind != VALUE_NULL)
        return err_set(err, arena, ERR_FAILED, "\"%s%s\" is %s with %u entries, which %s would replace", section, name,
                       value_kind_name(old), old->length, value_kind_name(value));
    return true;
}

static const char *path_below(const char *section, const char *name)
{
    if (!*section && str_equal(name, "postgresql"))
        return "postgresql.";
    return str_equal(section, "postgresql.") && str_equal(name, "parameters") ? PARAMETERS : NULL;
}

static bool check_section(struct arena *arena, const char *section, const struct value *before,
                          const struct value *after, struct err *err)
{
    struct value none = value_map(), old_map = value_is(before, VALUE_MAP) ? *before : none;
    struct value_index index = value_index_make(arena, &old_map);

    for (uint32_t i = 0; i < after->length; i++) {
        const char *name = value_as_string(&after->pairs[i].key);
        const struct value *value = &after->pairs[i].value;
        const struct value_pair *same = value_index_find(&index, &after->pairs[i].key);
        const struct value *old = same ? &same->value : NULL;

        if (!name || (old && value_equal(old, value)))
            continue;
        const char *below = path_below(section, name);
        if ((!old && !check_place(arena, section, name, err)) || !check_value(arena, section, name, old, value, err) ||
            (below && value_is(value, VALUE_MAP) && !check_section(arena, below, old, value, err)))
            return false;
    }
    return true;
}

bool patch_check_result(struct arena *arena, const struct value *before, const struct value *after, struct err *err)
{
    return !value_is(after, VALUE_MAP) || check_section(arena, "", before, after, err);
}
