#include <stdio.h>

#include "pgha/str.h"

#include "keys.h"
#include "library.h"

/* Needs stdio before it. */
#include <readline/readline.h>

static int is_quoted(char *text, int at)
{
    int backslashes = 0;

    while (at > backslashes && text[at - backslashes - 1] == '\\')
        backslashes++;
    return backslashes % 2;
}

void library_set_up(void)
{
    keys_set_up();
    rl_catch_sigwinch = 0;     /* it would take a size that it cannot draw in */
    rl_change_environment = 0; /* a COLUMNS of today would be wrong tomorrow */
    rl_char_is_quoted_p = is_quoted;
}

bool library_is_busy(void)
{
    return RL_ISSTATE(RL_STATE_ISEARCH | RL_STATE_NSEARCH | RL_STATE_NUMERICARG | RL_STATE_MULTIKEY |
                      RL_STATE_METANEXT);
}

void library_clear_line(void)
{
    rl_clear_visible_line();
}

void library_leave_line(void)
{
    rl_free_line_state();
    rl_callback_sigcleanup();
    rl_point = rl_end;
    rl_redisplay();
}

void library_configure(void)
{
    keys_configure();
    rl_variable_bind("page-completions", "off"); /* it would wait for a key inside the library */
}

bool library_takes_pastes(void)
{
    const char *value = rl_variable_value("enable-bracketed-paste");

    return str_equal(value, "on");
}

bool library_has_keys(void)
{
    return keys_left();
}

void library_act_on_key(void)
{
    keys_act();
}
