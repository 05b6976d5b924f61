/*
 * The command line by click 8.1's rules: options anywhere between arguments, --option=value, joined short flags, "--",
 * no abbreviations; values are checked in the order in which they were given, then arguments, then what was not given.
 * Recorded cases cli-*.
 */
#ifndef PGHA_PARSE_H
#define PGHA_PARSE_H

#include <stdio.h>

#include "pgha/cmd.h"
#include "pgha/differs.h"
#include "pgha/value.h"

/* What decides about a command line besides its words. */
struct parse {
    struct arena *arena;
    struct differences differences;
    FILE *in;                  /* what the file name "-" stands for */
    const char *no_scope;      /* the error when a scope is needed that is missing; NULL: that it is missing */
    const char *scope;         /* from the configuration, for arguments with scope_default; may be NULL */
    const struct value *citus; /* that section of the configuration, for options with group_default; may be NULL */
};

struct parsed {
    bool help;  /* --help was given: nothing else counts */
    bool bare;  /* the error is one that click prints without the usage above it */
    size_t end; /* of the program's own words: the index of the command's name, or `count` */
};

/* Takes the global options off the words after the program's name. Fails with ERR_USAGE; `parsed` is set even then. */
bool parse_globals(const struct parse *parse, size_t count, const char *const *words, struct globals *globals,
                   struct parsed *parsed, struct err *err) PGHA_CHECKED;

/* Parses the words after a command's name into `args`, zeroed memory of cmd->args_size bytes. Fails likewise. */
bool parse_command(const struct parse *parse, const struct cmd *cmd, size_t count, const char *const *words, void *args,
                   struct parsed *parsed, struct err *err) PGHA_CHECKED;

/* The command of that name, or NULL; what only pgha has is not found under the other name. */
const struct cmd *parse_find_command(const struct cmd *const *table, const char *name, struct differences differences);

/* " Did you mean list?" and the like, or "": the commands that a mistyped name resembles. patronictl does not do so. */
const char *parse_suggest_command(struct arena *arena, const struct cmd *const *table, const char *name);

#endif
