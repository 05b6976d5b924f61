/*
 * click's completion protocol, which patronictl speaks: the variable _PATRONICTL_COMPLETE asks for a script that a
 * shell evaluates, or, in that script, for the candidates of the line in COMP_WORDS and COMP_CWORD. The rules are those
 * of click 8.1 (shell_completion.py), the script is our own.
 */
#ifndef PGHA_CLICK_H
#define PGHA_CLICK_H

#include <stdbool.h>
#include <stddef.h>

#include "pgha/complete.h"
#include "pgha/err.h"
#include "pgha/str.h"

struct arena;

enum click_shell { CLICK_BASH, CLICK_ZSH, CLICK_FISH, CLICK_NO_SHELL };

/* The shell of that name, which ends after `length` bytes. */
enum click_shell click_shell(const char *name, size_t length);

/* Name of the variable for a program: _PATRONICTL_COMPLETE. What no variable's name may have becomes an underscore. */
char *click_variable(struct arena *arena, const char *prog);

/* A command line that waits for a completion. */
struct click_line {
    struct opt_list words; /* complete ones after the program's name */
    const char *last;      /* the one to complete, perhaps empty */
};

/*
 * Reads COMP_WORDS and COMP_CWORD as given (NULL: not set): quotes as in Python's shlex, an open one ends with the
 * text; an index beyond the words means an empty word. For fish, `cword` is the word itself. Fails with ERR_FAILED if
 * one of them is missing or the index is not a number.
 */
bool click_read(struct arena *arena, enum click_shell shell, const char *comp_words, const char *comp_cword,
                struct click_line *line, struct err *err) PGHA_CHECKED;

/*
 * What patronictl offers: `items`, with the help that click shows, and `more` COMPLETE_FILES for a file's name. Fails
 * with ERR_FAILED where patronictl dies, as it reads defaults from a configuration that it has not read.
 */
bool click_complete(struct arena *arena, const struct click_line *line, struct completion *completion,
                    struct err *err) PGHA_CHECKED;

/* Appends one candidate in the form that the shell's script reads; `type` is "plain", "file" or "dir". */
void click_add(struct str *out, enum click_shell shell, const char *type, const struct candidate *candidate);

/* Appends the script that makes a shell ask a program by that name for candidates. */
void click_script(struct arena *arena, enum click_shell shell, const char *prog, struct str *out);

#endif
