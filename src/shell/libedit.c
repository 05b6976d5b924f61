#include <stdio.h>

#include "library.h"

/* Needs stdio before it. */
#include <editline/readline.h>

void library_set_up(void)
{
}

/* It does not come back to us before a search or a sequence of keys has ended. */
bool library_is_busy(void)
{
    return false;
}

/* It knows what it has drawn, the prompt included, and draws what is different. */
void library_clear_line(void)
{
}

/* Removing the handler is enough; rl_redisplay() would be a key for the next line. */
void library_leave_line(void)
{
}

void library_configure(void)
{
}

bool library_takes_pastes(void)
{
    return false;
}

bool library_has_keys(void)
{
    return false;
}

void library_act_on_key(void)
{
    rl_callback_read_char();
}
