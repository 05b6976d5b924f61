/* What GNU readline and libedit, which imitates it, do each in a way of its own: gnu.c or libedit.c is compiled. */
#ifndef PGHA_SHELL_LIBRARY_H
#define PGHA_SHELL_LIBRARY_H

#include <stdbool.h>

/* Settings that have to be there before the library initializes itself. */
void library_set_up(void);

/* Settings that build on those of the user, once the library has read them. */
void library_configure(void);

/* Whether a search or keys that belong together have begun: the prompt must not be drawn over. */
bool library_is_busy(void);

/* Makes place for another prompt. */
void library_clear_line(void);

/* Gives up the line that is edited, which stays as it is shown, with the cursor at its end. */
void library_leave_line(void);

/* Whether the terminal is told to mark what is pasted. */
bool library_takes_pastes(void);

/* Whether keys are left that were read already. */
bool library_has_keys(void);

/* Reads a key and acts on it; waits for one when there is none. */
void library_act_on_key(void);

#endif
