/*
 * What the terminal sends, as GNU readline can take it. Readline 8.2 in callback mode calls itself for a key that ends
 * an incremental search, and a sequence without a binding then jumps into a frame that is gone. Here a search is ended
 * before such a key, and sequences without a binding are dropped.
 */
#ifndef PGHA_SHELL_KEYS_H
#define PGHA_SHELL_KEYS_H

#include <stdbool.h>

/* Before readline's own set-up; keys are read from rl_instream. */
void keys_set_up(void);

/* After it, because readline's settings count. */
void keys_configure(void);

/* Reads a key, with all that belongs to it, and has readline act on it. */
void keys_act(void);

/* Whether keys are left that need not be waited for. */
bool keys_left(void);

#endif
