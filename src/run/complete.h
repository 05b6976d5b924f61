/* Completions that a shell asks for through a variable of the environment: see pgha/click.h. */
#ifndef PGHA_RUN_COMPLETE_H
#define PGHA_RUN_COMPLETE_H

#include "pgha/ctx.h"
#include "pgha/err.h"

/*
 * What the variable of the program `*prog` asks for, such as "bash_source"; NULL when it is empty or not set. Borrowed.
 * Where only patronictl's variable is set, `*prog` becomes "patronictl": start files go on asking for it when that name
 * is an alias of this program.
 */
const char *complete_asked(struct arena *arena, const char **prog);

/*
 * Answers on ctx->out; ctx needs no configuration and no connections. The exit status is 1, without a word, for what
 * nobody knows. Fails with ERR_FAILED where there is no line to complete, or patronictl dies of it.
 */
bool complete_answer(struct ctx *ctx, const char *instruction, struct err *err) PGHA_CHECKED;

#endif
