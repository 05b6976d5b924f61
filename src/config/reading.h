/* One reading of the configuration: which files there are, and what stands in them. */
#ifndef PGHA_READING_H
#define PGHA_READING_H

#include <stddef.h>

#include "pgha/config.h"
#include "pgha/differs.h"
#include "pgha/err.h"

struct reading {
    struct arena *arena;
    const struct globals *globals;
    const struct config_places *places;
    const struct log *log;
    struct differences differences;
    struct config_part *parts; /* what was read, in the order in which it was merged */
    size_t part_count;
    struct err *err;
};

/* Remembers a document that has become part of the configuration. */
void reading_add_part(struct reading *reading, const char *name, const struct value *tree);

/* Reads a document of that many bytes; `name` is for errors. */
bool reading_yaml(struct reading *reading, const char *text, size_t length, const char *name,
                  struct value *value) PGHA_CHECKED;

/* Reads a file that has to hold a mapping. */
bool reading_file(struct reading *reading, const char *path, struct value *tree) PGHA_CHECKED;

/* Merges a file, or all *.yml and *.yaml of a directory, into `tree`, as parts. */
bool reading_path(struct reading *reading, const char *path, struct value *tree) PGHA_CHECKED;

/* The file of -c, or the user's default; `*path` is NULL when there is nothing to read. */
bool reading_find_named(struct reading *reading, const char **path) PGHA_CHECKED;

/* Called as pgha: a file among those of the system. */
struct found {
    const char *path;    /* NULL: none */
    const char *beside;  /* Debian's dcs.yml, which `path` goes on top of; NULL: none */
    const char *missing; /* without `path`: why, one line */
};
void reading_find_system(struct reading *reading, struct found *found);

/* Whether the tree says what the store is. */
bool reading_has_store(const struct value *tree);

/* Whether text has what templates leave behind when nobody fills them in. */
bool reading_is_placeholder(const char *text);

#endif
