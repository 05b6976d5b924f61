#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "line.h"
#include "pgha/arena.h"
#include "pgha/complete.h"
#include "pgha/signals.h"
#include "pgha/str.h"
#include "words.h"

/* Needs stdio before it. */
#include <readline/history.h>
#include <readline/readline.h>

#define CTRL_Z ('Z' & 0x1f)

/*
 * The library calls back without an argument of ours and there is one terminal: who edits is known to the file. NULL
 * while nobody does.
 */
static struct edit *current;

struct edit {
    const struct line_hooks *hooks;
    struct arena *arena;
    const char *prompt; /* as it is shown */
    const char *line;
    bool done;
    struct completion completion;
    size_t offered;
    bool quoted;
};

static void on_line(char *line)
{
    current->line = line ? arena_strdup(current->arena, line) : NULL;
    current->done = true;
    free(line);
    rl_callback_handler_remove();
}

static char *next_candidate(const char *text, int state)
{
    (void)text;
    if (!state)
        current->offered = 0;
    if (current->offered >= current->completion.count)
        return NULL;
    const char *candidate = current->completion.items[current->offered++].text;
    return strdup(current->quoted ? candidate : words_quote(current->arena, candidate));
}

static char *next_file(const char *text, int state)
{
    (void)text;
    char *file = rl_filename_completion_function(current->completion.word, state);
    char *candidate = file ? strdup(arena_printf(current->arena, "%s%s", current->completion.joined, file)) : NULL;

    free(file);
    return candidate;
}

static char **on_complete(const char *text, int start, int end)
{
    const char *before = arena_strndup(current->arena, rl_line_buffer, (size_t)end);
    const char *command = before;
    struct words_line line;

    rl_attempted_completion_over = 1;
    while (words_split(current->arena, command, &line) == WORDS_COMPLETE && *line.rest)
        command = line.rest;
    if (line.operator)
        return NULL;
    /* Where the library sees another word than we do, its replacement would be in the wrong place. */
    size_t word = line.in_word ? (size_t)(command - before) + line.start + (line.quote != 0) : (size_t)end;
    if (word != (size_t)start)
        return NULL;
    current->quoted = line.quote;
    current->completion = (struct completion){.joined = "", .word = ""};
    current->hooks->complete(current->hooks->data, current->arena, &line, &current->completion);
    if (current->completion.more == COMPLETE_FILES)
        return rl_completion_matches(text, next_file);
    return rl_completion_matches(text, next_candidate);
}

static int is_quoted(char *text, int at)
{
    int backslashes = 0;

    while (at > backslashes && text[at - backslashes - 1] == '\\')
        backslashes++;
    return backslashes % 2;
}

static void prepare_terminal(int meta)
{
    struct termios mode;

    rl_prep_terminal(meta);
    if (tcgetattr(fileno(rl_instream), &mode))
        return;
    mode.c_cc[VSUSP] = _POSIX_VDISABLE;
    tcsetattr(fileno(rl_instream), TCSADRAIN, &mode);
}

/* The terminal's own Ctrl-Z would leave the shell that gets it with a terminal in our mode, and us with one in its. */
static int suspend(int count, int key)
{
    (void)count;
    (void)key;
    rl_deprep_terminal();
    kill(0, SIGTSTP);
    prepare_terminal(1);
    rl_reset_screen_size();
    rl_forced_update_display();
    return 0;
}

static void initialize(const struct line_hooks *hooks)
{
    rl_instream = hooks->in;
    rl_outstream = hooks->out;
    if (rl_readline_name && strcmp(rl_readline_name, "pgha") == 0)
        return;
    rl_readline_name = "pgha";
    rl_catch_signals = 0;
    rl_change_environment = 0; /* a COLUMNS of today would be wrong tomorrow */
    rl_initialize();
    /* Both would wait for a key inside the library. */
    rl_completion_query_items = -1;
    rl_variable_bind("page-completions", "off");
    rl_attempted_completion_function = on_complete;
    rl_completer_quote_characters = "'\"";
    rl_completer_word_break_characters = " \t\n";
    rl_char_is_quoted_p = is_quoted;
    rl_prep_term_function = prepare_terminal;
    rl_bind_key(CTRL_Z, suspend);
    using_history();
}

static void show_prompt(void)
{
    const char *prompt = current->hooks->prompt(current->hooks->data);

    if (current->hooks->still || str_equal(prompt, current->prompt) ||
        RL_ISSTATE(RL_STATE_ISEARCH | RL_STATE_NSEARCH | RL_STATE_NUMERICARG | RL_STATE_MULTIKEY | RL_STATE_METANEXT))
        return;
    current->prompt = arena_strdup(current->arena, prompt);
    rl_clear_visible_line();
    rl_set_prompt(current->prompt);
    rl_forced_update_display();
}

/* The line is left where it is, and the next one begins below it. */
static void give_up(const char *mark)
{
    rl_free_line_state();
    rl_callback_sigcleanup();
    rl_point = rl_end;
    rl_redisplay();
    fprintf(rl_outstream, "%s\n", mark);
    rl_callback_handler_remove();
    fflush(rl_outstream);
}

static enum line_outcome edit(void)
{
    const struct line_hooks *hooks = current->hooks;

    while (!current->done) {
        switch (hooks->wait(hooks->data)) {
        case LINE_KEY:
            rl_callback_read_char();
            break;
        case LINE_CHANGED:
            show_prompt();
            break;
        case LINE_SIGNAL:
            give_up(signals_pending() == SIGINT ? "^C" : "");
            return signals_pending() == SIGINT ? LINE_CANCELLED : LINE_SIGNALLED;
        }
        rl_check_signals(); /* a window that has changed its size */
    }
    if (current->line)
        return LINE_READ;
    fputc('\n', rl_outstream);
    return LINE_END;
}

enum line_outcome line_edit(const struct line_hooks *hooks, struct arena *arena, const char **line)
{
    struct edit made = {.hooks = hooks, .arena = arena};

    current = &made;
    fflush(hooks->out);
    initialize(hooks);
    rl_reset_screen_size();
    made.prompt = arena_strdup(arena, hooks->prompt(hooks->data));
    rl_callback_handler_install(made.prompt, on_line);
    enum line_outcome outcome = edit();
    current = NULL;
    if (outcome == LINE_READ)
        *line = made.line;
    return outcome;
}

void line_remember(const char *line)
{
    add_history(line);
}
