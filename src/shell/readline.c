#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "pgha/arena.h"
#include "pgha/complete.h"
#include "pgha/guard.h"
#include "pgha/signals.h"
#include "pgha/str.h"
#include "pgha/terminal.h"

#include "history.h"
#include "library.h"
#include "line.h"
#include "words.h"

/* Need stdio before them. */
#ifdef PGHA_LIBEDIT
#include <editline/readline.h>
#else
#include <readline/history.h>
#include <readline/readline.h>
#endif

/* Of a window, as the library is told. */
#define LEAST_LINES 2
#define LEAST_COLUMNS 8

#define CTRL_Z ('Z' & 0x1f)
/* The terminal marks what is pasted; the cursor is shown for whoever comes after an end in the middle of a drawing. */
#define PASTES_ON "\033[?2004h"
#define PASTES_OFF "\033[?2004l\033[?25h"

/*
 * The library calls back without an argument of ours and there is one terminal: who edits is known to the file. NULL
 * while nobody does.
 */
static struct edit *current;

struct edit {
    const struct line_hooks *hooks;
    struct arena *arena;
    struct arena *shown;         /* of the prompt */
    const char *prompt;          /* as it is shown */
    struct terminal_size window; /* as the library knows it */
    struct termios before;
    bool is_guarded; /* `before` is the terminal's mode outside the editor */
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
    /* The library replaces a word with its quotes, or what is behind the first; of any other word it would do harm. */
    size_t word = line.in_word ? (size_t)(command - before) + line.start : (size_t)end;
    current->quoted = line.quote && word + 1 == (size_t)start;
    if (word != (size_t)start && !current->quoted)
        return NULL;
    current->completion = (struct completion){.joined = "", .word = ""};
    current->hooks->complete(current->hooks->data, current->arena, &line, &current->completion);
    if (current->completion.more == COMPLETE_FILES)
        return rl_completion_matches(text, next_file);
    return rl_completion_matches(text, next_candidate);
}

/* The terminal's own Ctrl-Z would leave the shell that gets it with a terminal in our mode, and us with one in its. */
static void take_suspend_key(void)
{
    struct termios mode;

    if (tcgetattr(fileno(rl_instream), &mode))
        return;
    mode.c_cc[VSUSP] = _POSIX_VDISABLE;
    tcsetattr(fileno(rl_instream), TCSADRAIN, &mode);
}

/* Readline divides by what a smaller window has left, and libedit writes behind its end. */
static struct terminal_size measure_window(void)
{
    struct terminal_size size = terminal_size(rl_outstream);

    size.lines = size.lines < LEAST_LINES ? LEAST_LINES : size.lines;
    size.columns = size.columns < LEAST_COLUMNS ? LEAST_COLUMNS : size.columns;
    return size;
}

static void measure(void)
{
    current->window = measure_window();
    rl_set_screen_size((int)current->window.lines, (int)current->window.columns);
}

/* Draws the line anew if the window has changed its size. */
static void follow_window(void)
{
    struct terminal_size size = measure_window();

    if (size.lines == current->window.lines && size.columns == current->window.columns)
        return;
    library_clear_line();
    measure();
    rl_forced_update_display();
}

static void guard(void)
{
    bool pastes = !current->hooks->still && library_takes_pastes();

    if (current->is_guarded)
        guard_begin(fileno(rl_instream), &current->before, pastes ? PASTES_OFF : NULL, pastes ? PASTES_ON : NULL);
}

static int suspend(int count, int key)
{
    (void)count;
    (void)key;
    rl_deprep_terminal();
    guard_end();
    kill(0, SIGTSTP);
    guard();
    rl_prep_terminal(1);
    take_suspend_key();
    guard_changed();
    measure();
    rl_forced_update_display();
    return 0;
}

void line_begin(const struct line_hooks *hooks)
{
    rl_instream = hooks->in;
    rl_outstream = hooks->out;
    rl_readline_name = "pgha";
    rl_catch_signals = 0;
    rl_basic_word_break_characters = " \t\n";
    library_set_up();
    rl_initialize();
    library_configure();
    rl_completion_query_items = -1; /* it would wait for a key inside the library */
    rl_attempted_completion_function = on_complete;
    rl_completer_quote_characters = "'\"";
    rl_add_defun("suspend", suspend, CTRL_Z);
    using_history();
    stifle_history(HISTORY_MOST);
}

/* A line may be edited for days: the prompt before is given up. */
static void keep_prompt(struct arena *arena, const char *prompt)
{
    arena_free(current->shown);
    current->shown = arena;
    current->prompt = prompt;
}

static void show_prompt(void)
{
    struct arena *arena = arena_new(current->arena);
    const char *prompt = current->hooks->prompt(current->hooks->data, arena);

    if (current->hooks->still || str_equal(prompt, current->prompt) || library_is_busy()) {
        arena_free(arena);
        return;
    }
    library_clear_line();
    keep_prompt(arena, prompt);
    rl_set_prompt(current->prompt);
    rl_forced_update_display();
}

/* The line is left where it is, and the next one begins below it. */
static void give_up(const char *mark)
{
    library_leave_line();
    fprintf(rl_outstream, "%s\n", mark);
    rl_callback_handler_remove();
    fflush(rl_outstream);
}

static enum line_outcome edit(void)
{
    const struct line_hooks *hooks = current->hooks;

    while (!current->done) {
        enum line_event event = library_has_keys() ? LINE_KEY : hooks->wait(hooks->data);

        follow_window(); /* first: it has to know how wide the line is that it draws */
        if (guard_was_stopped())
            rl_forced_update_display();
        switch (event) {
        case LINE_KEY:
            library_act_on_key();
            break;
        case LINE_CHANGED:
            show_prompt();
            break;
        case LINE_SIGNAL:
            give_up(signals_pending() == SIGINT ? "^C" : "");
            return signals_pending() == SIGINT ? LINE_CANCELLED : LINE_SIGNALLED;
        }
    }
    if (current->line)
        return LINE_READ;
    if (signals_pending()) { /* libedit takes it for the end where it waits for a key itself */
        fprintf(rl_outstream, "%s\n", signals_pending() == SIGINT ? "^C" : "");
        return signals_pending() == SIGINT ? LINE_CANCELLED : LINE_SIGNALLED;
    }
    fputc('\n', rl_outstream);
    return LINE_END;
}

enum line_outcome line_edit(const struct line_hooks *hooks, struct arena *arena, const char **line)
{
    struct edit made = {.hooks = hooks, .arena = arena};

    current = &made;
    fflush(hooks->out);
    measure();
    struct arena *shown = arena_new(arena);
    keep_prompt(shown, hooks->prompt(hooks->data, shown));
    made.is_guarded = tcgetattr(fileno(hooks->in), &made.before) == 0;
    guard();
    rl_callback_handler_install(made.prompt, on_line);
    take_suspend_key();
    guard_changed();
    enum line_outcome outcome = edit();
    guard_end();
    current = NULL;
    if (outcome == LINE_READ)
        *line = made.line;
    return outcome;
}

void line_remember(const char *line)
{
    add_history(line);
}
