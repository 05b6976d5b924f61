#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "pgha/arena.h"
#include "pgha/log.h"
#include "pgha/str.h"
#include "pgha/yaml.h"

#include "reading.h"

/* Refuse configuration files above this size. */
#define MAX_FILE (16u * 1024 * 1024)
/* Refuse directories with more files: the whole is made anew for each of them. */
#define MOST_FILES 1000

/* DIFF_TEXT_AS_WRITTEN: these stay text. */
static const char *const text_keys[] = {"scope", "namespace", "username",         "password",
                                        "auth",  "name",      "keyfile_password", NULL};

void reading_add_part(struct reading *reading, const char *name, const struct value *tree)
{
    struct config_part *parts = arena_calloc(reading->arena, reading->part_count + 1, sizeof *parts);

    if (reading->part_count)
        memcpy(parts, reading->parts, reading->part_count * sizeof *parts);
    parts[reading->part_count++] = (struct config_part){name, *tree};
    reading->parts = parts;
}

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

/* One line for all of them, there may be thousands. */
static void tell_repeats(const struct reading *reading, const char *name, const struct yaml_repeats *repeats)
{
    const char *more = repeats->count > 1 ? arena_printf(reading->arena, " (so do %zu more)", repeats->count - 1) : "";

    if (repeats->count)
        log_warning(reading->log,
                    "%s, line %zu: the key \"%s\" stands in this mapping again%s, and only the last counts", name,
                    repeats->line, str_shorten(reading->arena, repeats->key, 60), more);
}

bool reading_yaml(struct reading *reading, const char *text, size_t length, const char *name, struct value *value)
{
    static const char *const names[] = {"scope", "namespace", "name"};

    struct yaml_repeats repeats = {0};

    if (!yaml_read_noting(reading->arena, text, length, name, differs(reading, DIFF_TEXT_AS_WRITTEN) ? text_keys : NULL,
                          differs(reading, DIFF_REPEATED_KEYS) ? &repeats : NULL, value, reading->err))
        return false;
    tell_repeats(reading, name, &repeats);
    for (size_t i = 0; i < 3 && differs(reading, DIFF_EMPTY_NAMES); i++) {
        struct value *found = value_get(value, names[i]);

        if (value_is(found, VALUE_STRING) && !found->length) /* an empty name is as good as none */
            *found = value_null();
    }
    return true;
}

bool reading_file(struct reading *reading, const char *path, struct value *tree)
{
    struct value value;
    struct str text;

    if (!read_text(reading, path, &text) || !reading_yaml(reading, text.text, text.length, path, &value))
        return false;
    if (value.kind != VALUE_MAP || value.is_set)
        return err_set(reading->err, reading->arena, ERR_FAILED,
                       "the configuration file %s has to hold a mapping and holds %s", path, value_kind_name(&value));
    *tree = value;
    return true;
}

static bool patch_from_file(struct reading *reading, const char *path, struct value *tree)
{
    struct value value;

    if (!reading_file(reading, path, &value))
        return false;
    reading_add_part(reading, path, &value);
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
    if (count > MOST_FILES)
        return err_set(reading->err, arena, ERR_FAILED,
                       "the configuration directory \"%s\" has %zu files, more than %d: put them into fewer files",
                       path, count, MOST_FILES);
    if (error)
        return err_set(reading->err, arena, ERR_FAILED, "cannot read the configuration directory %s: %s", path,
                       strerror(error));
    if (!count && differs(reading, DIFF_EMPTY_FOLDER))
        return err_set(reading->err, arena, ERR_FAILED,
                       "the configuration directory %s holds no *.yml and no *.yaml; name another with -c", path);
    if (count)
        qsort(names, count, sizeof *names, compare_names);
    for (size_t i = 0; i < count; i++)
        if (!patch_from_file(reading, names[i], tree))
            return false;
    return true;
}

bool reading_path(struct reading *reading, const char *path, struct value *tree)
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
