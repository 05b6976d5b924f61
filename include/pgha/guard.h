/*
 * A terminal whose mode this program has changed, for a line editor, a password or a screen of its own. Signals that
 * end or stop the process in any other way than signals.h does put the terminal back first, and then do what they
 * would have done: SIGQUIT, SIGALRM, SIGUSR1 and the like, crashes, SIGTSTP. So does exit(). After a stop, the changed
 * mode is set again.
 *
 * One terminal at a time, because a handler finds it in file scope.
 */
#ifndef PGHA_GUARD_H
#define PGHA_GUARD_H

#include <stdbool.h>
#include <termios.h>

/*
 * Guards `fd`, whose mode was `before`, until guard_end(); call it before the mode is changed. `undo` is written as
 * well, unless it is NULL, and `redo` after a stop; both are borrowed until guard_end(). With `before` NULL the mode is
 * left alone.
 */
void guard_begin(int fd, const struct termios *before, const char *undo, const char *redo);

/* The mode as it is now is the one to set again after a stop. */
void guard_changed(void);

/* The terminal is as it was before. */
void guard_end(void);

/* Puts the terminal back now, if one is guarded; for whoever is about to call _exit(). Async-signal-safe. */
void guard_restore(void);

/* Whether the process was stopped and went on since the last call: what was on the screen may be gone. */
bool guard_was_stopped(void);

#endif
