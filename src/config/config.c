#include "pgha/config.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "dcs_url.h"
#include "effective.h"
#include "env.h"
#include "pgha/arena.h"
#include "pgha/cmd.h"
#include "pgha/log.h"
#include "pgha/str.h"
#include "reading.h"

#define INLINE "PATRONI_CONFIGURATION"

/* Text that a file's name may be: it can be shown, other text may hold a password. */
static bool is_path(const char *text)
{
    return strlen(text) == strcspn(text, "\r\n") && (strchr("/~.", *text) || strstr(text, ".y"));
}

/* The whole document in a variable; an empty one does not count. */
static bool read_inline(struct reading *reading, struct value *tree)
{
    const char *text = env_find(reading->places->environment, INLINE);

    *tree = value_null();
    if (!text || !*text)
        return true;
    if (!reading_yaml(reading, text, strlen(text), INLINE, tree))
        return false;
    if (differs(reading, DIFF_CONFIG_ERRORS) && value_is(tree, VALUE_STRING))
        return err_set(reading->err, reading->arena, ERR_FAILED,
                       INLINE "%s%s%s has to hold the configuration itself, as YAML, and not the name of a file; name "
                              "a file with -c or PATRONICTL_CONFIG_FILE",
                       is_path(text) ? " is \"" : "", is_path(text) ? text : "", is_path(text) ? "\": it" : "");
    if (value_truth(tree))
        reading_add_part(reading, INLINE, tree);
    return true;
}

static bool read_system(struct reading *reading, const struct value *environment, struct config *config,
                        struct value *tree)
{
    struct found found;

    reading_find_system(reading, &found);
    config->path = found.path;
    if (found.missing && !reading->globals->dcs_url && !reading_has_store(environment))
        config->missing = found.missing;
    return (!found.beside || reading_path(reading, found.beside, tree)) &&
           (!found.path || reading_path(reading, found.path, tree));
}

static bool read_local(struct reading *reading, struct config *config, struct value *local)
{
    struct value environment, tree = value_map();

    if (!env_read(reading->arena, reading->places->environment, reading->log, &environment, reading->err) ||
        !reading_find_named(reading, &config->path))
        return false;
    if (!config->path) {
        if (!read_inline(reading, local))
            return false;
        if (value_truth(local))
            return true;
        if (differs(reading, DIFF_SYSTEM_CONFIG) && !reading->globals->config_file &&
            !read_system(reading, &environment, config, &tree))
            return false;
    } else if (!reading_path(reading, config->path, &tree)) {
        return false;
    }
    reading_add_part(reading, NULL, &environment);
    *local = value_patch(reading->arena, &tree, &environment);
    return true;
}

static bool apply_url(struct reading *reading, struct value *tree)
{
    struct value replacement;

    if (!reading->globals->dcs_url)
        return true;
    if (!dcs_url_read(reading->arena, reading->globals->dcs_url, reading->differences, &replacement, reading->err))
        return false;
    for (size_t i = 0; dcs_url_sections[i]; i++)
        value_map_remove(tree, dcs_url_sections[i]);
    for (uint32_t i = 0; i < replacement.length; i++)
        value_map_set_key(reading->arena, tree, replacement.pairs[i].key, replacement.pairs[i].value);
    return true;
}

/* The one at the top, else that of the store's section. */
static const char *find_namespace(struct reading *reading, const struct value *tree)
{
    const struct value *found = value_get(tree, "namespace");
    struct str path;

    if (!found)
        found = value_get(value_get(tree, value_get(tree, "etcd") ? "etcd" : "etcd3"), "namespace");
    const char *text = found ? value_as_string(found) : "service";
    if (!text)
        return NULL;
    str_init(&path, reading->arena);
    str_add_char(&path, '/');
    for (; *text; text++)
        if (*text != '/' || path.text[path.length - 1] != '/')
            str_add_char(&path, *text);
    if (path.text[path.length - 1] == '/')
        str_cut(&path, path.length - 1);
    return path.text;
}

static bool find_scope(struct reading *reading, const struct value *tree, const char **scope)
{
    const struct value *found = value_get(tree, "scope");
    struct str text;

    *scope = value_as_string(found);
    /* A carriage return that a file with Windows line ends has left cannot be seen in any other error. */
    if (*scope && differs(reading, DIFF_SCOPE_LINE_END) && (*scope)[strcspn(*scope, "\r\n")])
        return err_set(reading->err, reading->arena, ERR_FAILED,
                       "\"scope\" has a line end in it, after \"%s\": remove it, a file with Windows line ends may be "
                       "the reason",
                       arena_strndup(reading->arena, *scope, strcspn(*scope, "\r\n")));
    if (!found || *scope)
        return true;
    if (differs(reading, DIFF_SCOPE_NOT_TEXT))
        return err_set(reading->err, reading->arena, ERR_FAILED, "\"scope\" has to be text and is %s",
                       value_kind_name(found));
    str_init(&text, reading->arena);
    if (found->kind == VALUE_BYTES) /* click decodes these */
        str_add_bytes(&text, found->text, found->length);
    else
        value_str(found, &text);
    *scope = text.text;
    return true;
}

static bool find_names(struct reading *reading, struct config *config)
{
    config->namespace_path = find_namespace(reading, &config->tree);
    if (!config->namespace_path && differs(reading, DIFF_SCOPE_NOT_TEXT))
        return err_set(reading->err, reading->arena, ERR_FAILED, "\"namespace\" has to be text");
    return find_scope(reading, &config->tree, &config->scope);
}

/* In quotes, too, false is false; patronictl takes any text for true. */
static bool find_insecure(struct reading *reading, struct config *config)
{
    static const struct {
        const char *text;
        bool insecure;
    } words[] = {{"true", true}, {"on", true},  {"yes", true}, {"1", true}, {"false", false},
                 {"off", false}, {"no", false}, {"0", false},  {"", false}};
    const struct value *value = config_get(config, "ctl", "insecure");

    const char *variable, *ignored = NULL;

    config->insecure = reading->globals->insecure || value_truth(value);
    if (differs(reading, DIFF_INSECURE_TEXT) && !reading->globals->insecure)
        ignored = config_ignored_variable(reading->arena, config, "ctl", "insecure", &variable);
    if (ignored)
        return err_set(reading->err, reading->arena, ERR_FAILED, "%s is \"%s\": it has to be true or false", variable,
                       ignored);
    if (!differs(reading, DIFF_INSECURE_TEXT) || reading->globals->insecure || !value_is(value, VALUE_STRING))
        return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasecmp(value->text, words[i].text) == 0) {
            config->insecure = words[i].insecure;
            return true;
        }
    return err_set(reading->err, reading->arena, ERR_FAILED, "\"ctl.insecure\" is neither true nor false");
}

/* Names that nobody has filled in lead to a cluster that is not there. */
static bool check_names(struct reading *reading, const struct config *config)
{
    const char *names[] = {config->scope, config->namespace_path}, *keys[] = {"scope", "namespace"};

    for (size_t i = 0; i < 2 && differs(reading, DIFF_PLACEHOLDERS); i++) {
        const char *name = names[i] && i && *names[i] ? names[i] + 1 : names[i];

        if (name && reading_is_placeholder(name))
            return err_set(reading->err, reading->arena, ERR_FAILED,
                           "%s is \"%s\": a placeholder that nothing has replaced: write the name",
                           config_where(reading->arena, config, keys[i], NULL), name);
    }
    return true;
}

bool config_read_from(struct arena *arena, const struct globals *globals, const struct config_places *places,
                      struct differences differences, const struct log *log, struct config *config, struct err *err)
{
    struct reading reading = {arena, globals, places, log, differences, NULL, 0, err};
    struct config read = {.differences = differences};
    struct value local;

    if (!read_local(&reading, &read, &local))
        return false;
    read.parts = reading.parts;
    read.part_count = reading.part_count;
    read.dcs_url = globals->dcs_url;
    read.environment = places->environment;
    const char *source = read.path                                     ? read.path
                         : reading.part_count && reading.parts[0].name ? reading.parts[0].name
                                                                       : "the environment";
    if (!effective_tree(arena, &local, &read.tree, err))
        return err_wrap(err, arena, "%s", source);
    /* Python takes true for 1. */
    if (differs(&read, DIFF_CITUS_GROUP_TRUE) && value_is(config_get(&read, "citus", "group"), VALUE_BOOL))
        value_map_remove(&read.tree, "citus");
    if (!apply_url(&reading, &read.tree))
        return false;
    if (!find_names(&reading, &read) || !find_insecure(&reading, &read))
        return err_wrap(err, arena, "%s", source);
    if (!check_names(&reading, &read))
        return false;
    if (read.path)
        log_debug(log, "Loading configuration from file %s", read.path);
    *config = read;
    return true;
}

/* Patroni's folder among the user's settings. */
static const char *default_file(struct arena *arena)
{
    const char *settings = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

    if (!settings) {
        const struct passwd *user = home ? NULL : getpwuid(getuid());

        if (user)
            home = user->pw_dir;
        settings = arena_printf(arena, "%s/.config", home ? home : "~");
    }
    return arena_printf(arena, "%s%spatroni/patronictl.yaml", settings,
                        *settings && !str_ends_with(settings, "/") ? "/" : "");
}

bool config_read(struct arena *arena, const struct globals *globals, struct differences differences,
                 const struct log *log, struct config *config, struct err *err)
{
    static const char *const system_files[] = {"/etc/patroni/config.yml", "/etc/patroni/patroni.yml", NULL};
    const struct config_places places = {(const char *const *)environ, default_file(arena), system_files,
                                         "/etc/patroni"};

    return config_read_from(arena, globals, &places, differences, log, config, err);
}

const struct value *config_get(const struct config *config, const char *section, const char *key)
{
    return value_path(&config->tree, section, key, NULL);
}
