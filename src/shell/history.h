/*
 * The lines of earlier sessions, in ${XDG_STATE_HOME:-~/.local/state}/pgha/history (mode 0600, in a directory of mode
 * 0700): one line each, the newest last, at most HISTORY_MOST after a session has begun. Shells may add to it at once.
 */
#ifndef PGHA_SHELL_HISTORY_H
#define PGHA_SHELL_HISTORY_H

#include <stdbool.h>
#include <stddef.h>

#include "pgha/err.h"

struct arena;

#define HISTORY_MOST 1000
/* Bytes of a line; a longer one is not kept. */
#define HISTORY_LINE_MOST (64 * 1024)

struct history {
    const char *path; /* NULL: nothing is kept */
    const char **lines;
    size_t count;
    bool failed; /* the line before could not be added */
};

/* The file that the environment names; NULL when it names none. */
const char *history_path(struct arena *arena);

/*
 * Reads the file at `path`, which need not exist, and cuts off what is too old: of a file that is too large, the newest
 * lines stay. Fails when it cannot be used, or when another process keeps its lock.
 */
bool history_open(struct arena *arena, const char *path, struct history *history, struct err *err) PGHA_CHECKED;

/*
 * Adds a line; one with several lines becomes one. Fails when it cannot, at once if the line before could not be added
 * either; the message is in `arena`.
 */
bool history_add(struct arena *arena, struct history *history, const char *line, struct err *err) PGHA_CHECKED;

/*
 * Whether a line must not be kept: it begins with a blank, gives a value to an option that is marked as secret in the
 * command table, has a word with user:password@ in it, or speaks of passwords, secrets and tokens in any other way.
 * `count` words as they were split; a line that could not be split has none.
 */
bool history_is_secret(struct arena *arena, const char *line, size_t count, const char *const *words);

#endif
