#include "pgha/config.h"

#include <dirent.h>
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dcs_url.h"
#include "effective.h"
#include "env.h"
#include "pgha/arena.h"
#include "pgha/cmd.h"
#include "pgha/log.h"
#include "pgha/str.h"
#include "pgha/yaml.h"

/* A configuration that is larger is none. */
#define MAX_FILE (16u * 1024 * 1024)

/* Called as pgha these stay text. */
static const char *const text_keys[] = {"scope", "namespace", "username",         "password",
                                        "auth",  "name",      "keyfile_password", NULL};

struct reading {
    struct arena *arena;
    const struct globals *globals;
    const struct config_places *places;
    const struct log *log;
    bool as_patronictl;
    struct err *err;
};

static bool read_text(struct reading *reading, const char *path, struct str *text)
{
    FILE *file = fopen(path, "re");
    char block[8192];

    if (!file)
        return err_set(reading->err, reading->arena, ERR_FAILED, "cannot read the configuration file %s: %s", path,
                       strerror(errno));
    str_init(text, reading->arena);
    for (size_t size; text->length <= MAX_FILE && (size = fread(block, 1, sizeof block, file)) > 0;)
        str_add_bytes(text, block, size);
    bool failed = ferror(file);
    fclose(file);
    if (text->length > MAX_FILE)
        return err_set(reading->err, reading->arena, ERR_FAILED, "the configuration file %s is too large", path);
    if (failed)
        return err_set(reading->err, reading->arena, ERR_FAILED, "cannot read the configuration file %s: %s", path,
                       strerror(errno));
    return true;
}

static bool read_yaml(struct reading *reading, const char *text, size_t length, const char *name, struct value *value)
{
    static const char *const names[] = {"scope", "namespace", "name"};

    if (!yaml_read(reading->arena, text, length, name, reading->as_patronictl ? NULL : text_keys, value, reading->err))
        return false;
    for (size_t i = 0; i < 3 && !reading->as_patronictl; i++) {
        struct value *found = value_get(value, names[i]);

        if (value_is(found, VALUE_STRING) && !found->length) /* an empty name is as good as none */
            *found = value_null();
    }
    return true;
}

static bool patch_from_file(struct reading *reading, const char *path, struct value *tree)
{
    struct value value;
    struct str text;

    if (!read_text(reading, path, &text) || !read_yaml(reading, text.text, text.length, path, &value))
        return false;
    if (value.kind != VALUE_MAP || value.is_set)
        return err_set(reading->err, reading->arena, ERR_FAILED,
                       "the configuration file %s has to hold a mapping and holds %s", path, value_kind_name(&value));
    *tree = value_patch(reading->arena, tree, &value);
    return true;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Taken for a file as well is what cannot be looked at for a reason of its own: reading it tells that reason. */
static bool is_file(const char *path)
{
    struct stat status;

    if (stat(path, &status) == 0)
        return S_ISREG(status.st_mode);
    return errno != ENOENT && errno != ENOTDIR && errno != ELOOP && errno != EACCES;
}

/* All *.yml and *.yaml of a directory in the order of their names; later ones win. */
static bool patch_from_directory(struct reading *reading, const char *path, struct value *tree)
{
    struct arena *arena = reading->arena;
    const char **names = NULL;
    size_t count = 0;
    DIR *directory = opendir(path);

    if (!directory)
        return err_set(reading->err, arena, ERR_FAILED, "cannot read the configuration directory %s: %s", path,
                       strerror(errno));
    for (const struct dirent *entry; errno = 0, (entry = readdir(directory));) {
        if (!str_ends_with(entry->d_name, ".yml") && !str_ends_with(entry->d_name, ".yaml"))
            continue;
        const char *file = arena_printf(arena, "%s%s%s", path, str_ends_with(path, "/") ? "" : "/", entry->d_name);
        if (!is_file(file))
            continue;
        if (!(count & (count - 1))) {
            const char **grown = arena_calloc(arena, count ? 2 * count : 1, sizeof *grown);

            if (count)
                memcpy(grown, names, count * sizeof *grown);
            names = grown;
        }
        names[count++] = file;
    }
    int error = errno;
    closedir(directory);
    if (error)
        return err_set(reading->err, arena, ERR_FAILED, "cannot read the configuration directory %s: %s", path,
                       strerror(error));
    if (count)
        qsort(names, count, sizeof *names, compare_names);
    for (size_t i = 0; i < count; i++)
        if (!patch_from_file(reading, names[i], tree))
            return false;
    return true;
}

static bool patch_from_path(struct reading *reading, const char *path, struct value *tree)
{
    struct stat status;

    if (stat(path, &status))
        return err_set(reading->err, reading->arena, ERR_FAILED, "cannot read the configuration %s: %s", path,
                       strerror(errno));
    if (S_ISDIR(status.st_mode))
        return patch_from_directory(reading, path, tree);
    if (!S_ISREG(status.st_mode))
        return err_set(reading->err, reading->arena, ERR_FAILED,
                       "the configuration %s is neither a file nor a directory", path);
    return patch_from_file(reading, path, tree);
}

/* Checks the file that was named, or the default; `*path` is NULL when there is nothing to read. */
static bool find_file(struct reading *reading, const char **path)
{
    const char *named = reading->globals->config_file;
    const char *file = named ? named : reading->places->default_file;
    bool exists = *file && access(file, F_OK) == 0;

    *path = exists ? file : NULL;
    if ((exists && access(file, R_OK) == 0) || str_equal(file, reading->places->default_file))
        return true;
    if (reading->as_patronictl)
        return err_set(reading->err, reading->arena, ERR_FAILED,
                       "Provided config file %s not existing or no read rights. Check the -c/--config-file parameter",
                       file);
    return err_set(reading->err, reading->arena, ERR_FAILED,
                   "cannot read the configuration %s: %s; check -c/--config-file and PATRONICTL_CONFIG_FILE", file,
                   strerror(errno));
}

static bool has_store(const struct value *tree)
{
    for (size_t i = 0; dcs_url_sections[i]; i++)
        if (value_get(tree, dcs_url_sections[i]))
            return true;
    return value_get(tree, "kubernetes") || value_get(tree, "raft");
}

/* The first of the system's files that exists. */
static bool find_system_file(struct reading *reading, const struct value *environment, const char **path)
{
    const char *const *file = reading->places->system_files;

    while (*file && access(*file, F_OK) != 0)
        file++;
    *path = *file;
    if (!*file || access(*file, R_OK) == 0)
        return true;
    *path = NULL;
    if (reading->globals->dcs_url || has_store(environment))
        return true;
    return err_set(reading->err, reading->arena, ERR_FAILED,
                   "cannot read the configuration %s: %s; run as a user who can, or name another with -c", *file,
                   strerror(errno));
}

/* The whole document in a variable; an empty one does not count. */
static bool read_inline(struct reading *reading, struct value *tree)
{
    const char *text = env_find(reading->places->environment, "PATRONI_CONFIGURATION");

    *tree = value_null();
    return !text || !*text || read_yaml(reading, text, strlen(text), "PATRONI_CONFIGURATION", tree);
}

static bool read_local(struct reading *reading, const char **path, struct value *local)
{
    struct value environment, tree;

    if (!env_read(reading->arena, reading->places->environment, reading->log, &environment, reading->err))
        return false;
    if (!find_file(reading, path))
        return false;
    if (!*path) {
        if (!read_inline(reading, local))
            return false;
        if (value_truth(local))
            return true;
        if (!reading->as_patronictl && !reading->globals->config_file && !find_system_file(reading, &environment, path))
            return false;
    }
    tree = value_map();
    if (*path && !patch_from_path(reading, *path, &tree))
        return false;
    *local = value_patch(reading->arena, &tree, &environment);
    return true;
}

static bool apply_url(struct reading *reading, struct value *tree)
{
    struct value replacement;

    if (!reading->globals->dcs_url)
        return true;
    if (!dcs_url_read(reading->arena, reading->globals->dcs_url, &replacement, reading->err))
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
    if (!found || *scope)
        return true;
    if (!reading->as_patronictl)
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
    if (!config->namespace_path && !reading->as_patronictl)
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

    config->insecure = reading->globals->insecure || value_truth(value);
    if (reading->as_patronictl || reading->globals->insecure || !value_is(value, VALUE_STRING))
        return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasecmp(value->text, words[i].text) == 0) {
            config->insecure = words[i].insecure;
            return true;
        }
    return err_set(reading->err, reading->arena, ERR_FAILED, "\"ctl.insecure\" is neither true nor false");
}

bool config_read_from(struct arena *arena, const struct globals *globals, const struct config_places *places,
                      bool as_patronictl, const struct log *log, struct config *config, struct err *err)
{
    struct reading reading = {arena, globals, places, log, as_patronictl, err};
    struct config read = {.as_patronictl = as_patronictl};
    struct value local;

    if (!read_local(&reading, &read.path, &local))
        return false;
    const char *source = read.path ? read.path : "the environment";
    if (!effective_tree(arena, &local, &read.tree, err))
        return err_wrap(err, arena, "%s", source);
    if (!apply_url(&reading, &read.tree))
        return false;
    if (!find_names(&reading, &read) || !find_insecure(&reading, &read))
        return err_wrap(err, arena, "%s", source);
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

bool config_read(struct arena *arena, const struct globals *globals, bool as_patronictl, const struct log *log,
                 struct config *config, struct err *err)
{
    static const char *const system_files[] = {"/etc/patroni/config.yml", "/etc/patroni/patroni.yml", NULL};
    const struct config_places places = {(const char *const *)environ, default_file(arena), system_files};

    return config_read_from(arena, globals, &places, as_patronictl, log, config, err);
}

const struct value *config_get(const struct config *config, const char *section, const char *key)
{
    return value_path(&config->tree, section, key, NULL);
}
