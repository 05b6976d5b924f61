#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pgha/arena.h"
#include "pgha/cmd.h"
#include "pgha/str.h"

#include "dcs_url.h"
#include "env.h"
#include "reading.h"

/* More files than these are not looked at; a host has one for each of its clusters. */
#define MAX_CANDIDATES 64

/* Bytes of variables' names in an error, after which no more are added. */
#define MAX_NAMED 200

/* Where pg_createconfig_patroni takes the section of the store from. */
#define DEBIAN_STORE "dcs.yml"

bool reading_has_store(const struct value *tree)
{
    for (size_t i = 0; dcs_url_sections[i]; i++)
        if (value_get(tree, dcs_url_sections[i]))
            return true;
    return value_get(tree, "kubernetes") || value_get(tree, "raft");
}

bool reading_find_named(struct reading *reading, const char **path)
{
    const char *named = reading->globals->config_file;
    const char *file = named ? named : reading->places->default_file;
    bool exists = *file && access(file, F_OK) == 0;

    *path = exists ? file : NULL;
    if ((exists && access(file, R_OK) == 0) || str_equal(file, reading->places->default_file))
        return true;
    if (!differs(reading, DIFF_CONFIG_UNREADABLE))
        return err_set(reading->err, reading->arena, ERR_FAILED,
                       "Provided config file %s not existing or no read rights. Check the -c/--config-file parameter",
                       file);
    return err_set(reading->err, reading->arena, ERR_FAILED,
                   "cannot read the configuration %s: %s; check -c/--config-file and PATRONICTL_CONFIG_FILE", file,
                   strerror(errno));
}

/* A file of the folder that could be meant. */
struct candidate {
    const char *path;
    const char *scope;
    bool own_store;
};

struct search {
    struct reading *reading;
    const char *folder;
    struct candidate candidates[MAX_CANDIDATES];
    size_t count;
    bool beside;         /* dcs.yml has a store */
    const char *problem; /* why one of the files, or the folder, could not be read; NULL: no such problem */
};

static const char *unreadable(struct arena *arena, const char *path)
{
    return arena_printf(arena, "cannot read the configuration %s: %s; run as a user who can, or name another with -c",
                        path, strerror(errno));
}

/* Reads a file of the folder; what is wrong with it is remembered. */
static bool look_into(struct search *search, const char *path, struct value *tree)
{
    struct err err = ERR_INIT;
    struct reading reading = *search->reading;

    reading.err = &err;
    reading.log = NULL; /* what is read again is told then */
    if (access(path, R_OK)) {
        search->problem = unreadable(reading.arena, path);
        return false;
    }
    if (reading_file(&reading, path, tree))
        return true;
    search->problem = err.message;
    return false;
}

static void add_candidate(struct search *search, const char *name)
{
    struct arena *arena = search->reading->arena;
    const char *path = arena_printf(arena, "%s/%s", search->folder, name);
    struct value tree;

    if (search->count == MAX_CANDIDATES || !look_into(search, path, &tree))
        return;
    const char *scope = value_as_string(value_get(&tree, "scope"));
    bool own_store = reading_has_store(&tree);
    if (scope && (own_store || search->beside))
        search->candidates[search->count++] = (struct candidate){path, scope, own_store};
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct candidate *)a)->path, ((const struct candidate *)b)->path);
}

static void search_folder(struct search *search)
{
    struct arena *arena = search->reading->arena;
    DIR *directory = search->folder ? opendir(search->folder) : NULL;
    struct value tree;

    if (!directory) {
        if (search->folder && errno != ENOENT && errno != ENOTDIR)
            search->problem = unreadable(arena, search->folder);
        return;
    }
    const char *beside = arena_printf(arena, "%s/" DEBIAN_STORE, search->folder);
    search->beside = access(beside, F_OK) == 0 && look_into(search, beside, &tree) && reading_has_store(&tree);
    for (const struct dirent *entry; (entry = readdir(directory));)
        if (str_ends_with(entry->d_name, ".yml") && *entry->d_name != '.' && strcmp(entry->d_name, DEBIAN_STORE) != 0)
            add_candidate(search, entry->d_name);
    closedir(directory);
    qsort(search->candidates, search->count, sizeof *search->candidates, by_path);
}

static bool is_wanted(const struct reading *reading, const char *scope)
{
    const char *wanted = env_find(reading->places->environment, "PATRONI_SCOPE");

    if (wanted && *wanted)
        return strcmp(wanted, scope) == 0;
    for (size_t i = 0; i < reading->globals->word_count; i++)
        if (strcmp(reading->globals->words[i], scope) == 0)
            return true;
    return false;
}

/* The only one, or the only one that is wanted. */
static const struct candidate *choose(const struct search *search)
{
    const struct candidate *chosen = NULL;

    if (search->count == 1)
        return search->candidates;
    for (size_t i = 0; i < search->count; i++)
        if (is_wanted(search->reading, search->candidates[i].scope)) {
            if (chosen)
                return NULL;
            chosen = &search->candidates[i];
        }
    return chosen;
}

static const char *several(const struct search *search)
{
    struct str text;

    str_init(&text, search->reading->arena);
    str_printf(&text, "several configurations in %s: ", search->folder);
    for (size_t i = 0; i < search->count; i++)
        str_printf(&text, "%s%s (scope \"%s\")", i ? ", " : "", search->candidates[i].path + strlen(search->folder) + 1,
                   search->candidates[i].scope);
    str_add(&text, "; name the cluster, or one of the files with -c");
    return text.text;
}

/* Variables of a store that is not one, because none of them names a server that Patroni can read; "" without any. */
static const char *in_vain(const struct reading *reading)
{
    struct arena *arena = reading->arena;
    const char *store = NULL;
    struct str text;

    str_init(&text, arena);
    for (const char *const *variable = reading->places->environment; *variable; variable++) {
        size_t length = strcspn(*variable, "=");
        bool newer = str_starts_with(*variable, "PATRONI_ETCD3_");

        if ((!newer && !str_starts_with(*variable, "PATRONI_ETCD_")) || !(*variable)[length] ||
            !(*variable)[length + 1] || text.length >= MAX_NAMED)
            continue;
        str_printf(&text, "%s%.*s", text.length ? ", " : "", (int)length, *variable);
        store = newer || str_equal(store, "ETCD3") ? "ETCD3" : "ETCD";
    }
    return store ? arena_printf(arena,
                                " (set, but they do not: %s; set PATRONI_%s_HOSTS to a list such as "
                                "10.0.0.1:2379,10.0.0.2:2379)",
                                text.text, store)
                 : "";
}

static const char *nowhere(const struct reading *reading)
{
    const struct config_places *places = reading->places;
    struct str text;

    str_init(&text, reading->arena);
    str_printf(&text, "no configuration found: there is no %s", places->default_file);
    for (const char *const *file = places->system_files; *file; file++)
        str_printf(&text, ", no %s", *file);
    if (places->system_folder)
        str_printf(&text, ", no other %s/*.yml with a scope and a section etcd or etcd3", places->system_folder);
    str_printf(&text, ", and no PATRONI_* variable names a store%s; name a file with -c, or the store with -d",
               in_vain(reading));
    return text.text;
}

void reading_find_system(struct reading *reading, struct found *found)
{
    struct arena *arena = reading->arena;
    struct search search = {.reading = reading, .folder = reading->places->system_folder};

    *found = (struct found){.path = NULL};
    for (const char *const *file = reading->places->system_files; *file; file++) {
        if (access(*file, R_OK) == 0) {
            found->path = *file;
            return;
        }
        /* A folder that must not be entered is not one without such a file. */
        if (errno != ENOENT && errno != ENOTDIR) {
            found->missing = unreadable(arena, *file);
            return;
        }
    }
    search_folder(&search);
    const struct candidate *chosen = choose(&search);
    if (!chosen) {
        found->missing = search.count ? several(&search) : search.problem ? search.problem : nowhere(reading);
        return;
    }
    found->path = chosen->path;
    if (!chosen->own_store)
        found->beside = arena_printf(arena, "%s/" DEBIAN_STORE, search.folder);
}
