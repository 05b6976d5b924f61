/* Other programs: the editor and the pager. */
#ifndef PGHA_PROC_H
#define PGHA_PROC_H

#include <stdbool.h>
#include <stddef.h>

#include "pgha/err.h"

struct arena;

/* Path of the executable file that a name stands for: in PATH, or as it is when it has a slash. NULL: there is none. */
const char *proc_find(struct arena *arena, const char *name);

/*
 * The words to run for a command as EDITOR or PAGER hold it, with `last` behind them unless it is NULL, ending in NULL.
 * The command is one word unless `with_arguments`, and even then if there is a program of that name, blanks and all.
 */
const char **proc_words(struct arena *arena, const char *command, bool with_arguments, const char *last);

/*
 * Runs a program with this one's terminal and waits for its end. `argv` ends in NULL; `argv[0]` is looked up in PATH.
 * `input` becomes its standard input, unless it is NULL. `*status` is its exit status, or minus the signal that ended
 * it. Fails with ERR_FAILED when it cannot be started. A signal that asks this program to end ends the other one and is
 * ERR_ABORTED; Ctrl-C at the terminal is left to the other one, and is ERR_ABORTED only if that does not end well.
 * Ctrl-Z and Ctrl-\ are left to it, too: this program stops when the other one has stopped. The terminal is put back
 * when the other one is killed, see guard.h; none may be guarded when this is called.
 */
bool proc_run(struct arena *arena, const char *const *argv, const char *input, size_t length, int *status,
              struct err *err) PGHA_CHECKED;

/* The same with one more variable in its environment, "NAME=value", or NULL. */
bool proc_run_with(struct arena *arena, const char *const *argv, const char *variable, const char *input, size_t length,
                   int *status, struct err *err) PGHA_CHECKED;

#endif
