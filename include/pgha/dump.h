/* The tables of commands and of differences as JSON: the manual, the completions and the tests are made from it. */
#ifndef PGHA_DUMP_H
#define PGHA_DUMP_H

#include "pgha/str.h"

/*
 * Appends {"version", "options": [OPTION], "commands": [{"name", "group", "help", "usage", "pgha_only", "options":
 * [OPTION], "arguments": [{"name", "choices", "required", "many", "completes"}]}], "differences": [{"id", "area",
 * "patronictl", "pgha"}]} with a newline at the end. An OPTION has "names" as help shows them, "metavar" (null for a
 * flag), "help", "choices", "default", "env", "many", "completes" and "pgha_only". Commands are in the order of help,
 * without hidden ones. What is not set is null.
 */
void dump_commands(struct arena *arena, struct str *out);

#endif
