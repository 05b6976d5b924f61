/*
 * Usage lines and help pages from the command table, wrapped as click 8.1 wraps them. Recorded cases cli-help*.
 */
#ifndef PGHA_HELP_H
#define PGHA_HELP_H

#include <stdio.h>

#include "pgha/cmd.h"
#include "pgha/differs.h"
#include "pgha/str.h"

/* Called as patronictl, what only pgha has is left out. */
struct help {
    struct arena *arena;
    const char *prog;
    struct differences differences;
    size_t width; /* of a line: help_width() */
};

/* Columns to use for help on `stream`: COLUMNS, else the terminal's, else 80; at most 80, less a margin of 2. */
size_t help_width(FILE *stream);

/* Appends "Usage: …" and a newline; `cmd` NULL is the program itself. */
void help_usage(const struct help *help, const struct cmd *cmd, struct str *out);

/*
 * Appends the whole page; `cmd` NULL is the program itself. Called as pgha, commands stand below the headings of their
 * groups, before the options; called as patronictl, in one list behind them.
 */
void help_page(const struct help *help, const struct cmd *cmd, struct str *out);

/* The option that the program and every command have. */
extern const struct opt help_opt;

/* The line of help of an option or a command, as pgha or as patronictl shows it. */
static inline const char *help_text(struct differences differences, const char *help, const char *patronictl_help)
{
    return differences_has(differences, DIFF_HELP) || !patronictl_help ? help : patronictl_help;
}

/* The words of a text that fit into `most` columns, with an ellipsis if some do not; it ends with its first sentence.
 */
const char *help_short(struct arena *arena, const char *text, size_t most);

/* What an argument is called in usage lines and errors: "[CLUSTER_NAME]", "{restart|switchover}". */
const char *help_arg_name(struct arena *arena, const struct arg *arg);

/* What stands for an option's value in help: "TEXT", "[json|tsv]"; NULL for a flag. */
const char *help_metavar(struct arena *arena, const struct opt *opt);

#endif
