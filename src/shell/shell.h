/* A shell that runs; the parts that the files of this folder share. */
#ifndef PGHA_SHELL_SHELL_H
#define PGHA_SHELL_SHELL_H

#include "pgha/complete.h"
#include "pgha/ctx.h"
#include "pgha/run.h"

#include "history.h"
#include "line.h"
#include "refresh.h"

struct shell {
    struct ctx *ctx;
    struct run run; /* of each line */
    struct run_kept kept;
    struct refresh *refresh; /* NULL: there is no prompt to show anything in */
    struct history history;
    bool leaving;
    bool keep_going;
    struct arena *scope; /* of kept.scope, which lines change */
    const char *prompt;  /* NULL: that of the cluster; else of a line that goes on */
    struct arena *line;  /* of the line that is edited */
};

/* The cluster that lines are about; NULL when neither `use` nor the configuration names one. */
const char *shell_scope(const struct shell *shell);

/* printf to standard error, behind all output so far. */
void shell_say(struct shell *shell, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A context as a command has it, with memory from `arena` and the connections of the lines. */
bool shell_context(struct shell *shell, struct arena *arena, struct log *log, struct ctx *ctx,
                   struct err *err) PGHA_CHECKED;

/* Shows all commands on one screen of 80 by 24. */
void shell_help(struct shell *shell);

/* Runs the words of one command, of the shell's own or of the program's; returns the exit status. */
int shell_run_words(struct shell *shell, struct arena *arena, struct words words);

/* One of the commands that only the shell has. */
struct builtin {
    const char *name;
    const char *argument; /* as help shows it, "" for none */
    const char *help;
    size_t least; /* arguments */
    size_t most;
    enum completes completes;
    int (*run)(struct shell *shell, struct arena *arena, struct words arguments);
};

/* Ends with name == NULL. */
extern const struct builtin builtins[];

/* The builtin of that name, or NULL. */
const struct builtin *builtin_find(const char *name);

/* Runs a command with the system's shell, its standard input being this one's. */
int builtin_system(struct shell *shell, struct arena *arena, const char *command);

/* For line_hooks; `data` is the shell. Waits for no store that does not answer at once. */
void shell_complete(void *data, struct arena *arena, const struct words_line *line, struct completion *completion);

#endif
