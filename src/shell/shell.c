#include "shell.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "pgha/arena.h"
#include "pgha/cmd.h"
#include "pgha/config.h"
#include "pgha/http.h"
#include "pgha/signals.h"
#include "pgha/str.h"
#include "pgha/style.h"
#include "pgha/utf8.h"
#include "typed.h"
#include "words.h"

/* How long a prompt waits for the state that follows a command, so that it need not change at once. */
#define GRACE_MS 30

/*
 * The prompt follows a window that changes its size. The signal for that belongs to the line editor, if it catches it
 * at all, and a look now and then is the same for all of them.
 */
#define LOOK_MS 300

struct shell_args {
    bool keep_going;
    bool no_history;
};

static const struct opt opts[] = {
    {.names = "--keep-going",
     .help = "Go on with a script after a line fails",
     .kind = OPT_FLAG,
     .offset = offsetof(struct shell_args, keep_going)},
    {.names = "--no-history",
     .help = "Neither read nor write the history",
     .kind = OPT_FLAG,
     .offset = offsetof(struct shell_args, no_history)},
    {.names = NULL},
};

static const struct arg args[] = {{.name = NULL}};

const char *shell_scope(const struct shell *shell)
{
    return shell->kept.scope ? shell->kept.scope : shell->ctx->config->scope;
}

void shell_say(struct shell *shell, const char *format, ...)
{
    struct arena *arena = arena_new(shell->ctx->arena); /* a session may have any number of lines */
    struct str text, styled;
    va_list list;

    str_init(&text, arena);
    str_init(&styled, arena);
    va_start(list, format);
    str_vprintf(&text, format, list);
    va_end(list);
    if (terminal_is(shell->ctx->err))
        utf8_clean(&text); /* names in messages are others' as well */
    style_add_message(&styled, terminal_has_colour(shell->ctx->err, shell->ctx->colour), text.text);
    fflush(shell->ctx->out);
    fputs(styled.text, shell->ctx->err);
    arena_free(arena);
}

bool shell_context(struct shell *shell, struct arena *arena, struct log *log, struct ctx *ctx, struct err *err)
{
    if (!shell->kept.http && !http_new(shell->kept.arena, &shell->kept.log, &shell->kept.http, err))
        return false;
    *ctx = *shell->ctx;
    ctx->arena = arena;
    ctx->log = log;
    ctx->http = shell->kept.http;
    return true;
}

static int complain(struct shell *shell, const char *message)
{
    shell_say(shell, "Error: %s\n", message);
    return 2;
}

static int run_builtin(struct shell *shell, struct arena *arena, const struct builtin *builtin, struct words words)
{
    const struct words arguments = {words.count - 1, words.items + 1};

    if (arguments.count < builtin->least || arguments.count > builtin->most)
        return complain(shell, arena_printf(arena, "Usage: %s %s", builtin->name, builtin->argument));
    return builtin->run(shell, arena, arguments);
}

int shell_run_words(struct shell *shell, struct arena *arena, struct words words)
{
    const struct words *globals = &shell->ctx->globals;

    /* Lines that are copied from elsewhere begin with the program's name. */
    if (words.count > 1 && str_equal(words.items[0], shell->ctx->prog))
        words = (struct words){words.count - 1, words.items + 1};
    const struct builtin *builtin = builtin_find(words.items[0]);
    if (builtin)
        return run_builtin(shell, arena, builtin, words);
    const char **all = arena_calloc(arena, globals->count + words.count, sizeof *all);
    for (size_t i = 0; i < globals->count; i++)
        all[i] = globals->items[i];
    for (size_t i = 0; i < words.count; i++)
        all[globals->count + i] = words.items[i];
    return run_main(&shell->run, globals->count + words.count, all);
}

/* Ctrl-C has ended what it was meant for; any other signal is meant for the program. */
static bool goes_on(void)
{
    if (signals_pending() == SIGINT)
        signals_clear();
    return !signals_pending();
}

/* The command behind a ! that the text begins with, and the text goes on behind it; NULL when it begins otherwise. */
static const char *for_system(struct arena *arena, const char **text)
{
    const char *first = *text + strspn(*text, " \t");
    size_t length = strcspn(first, "\n");

    if (*first != '!')
        return NULL;
    *text = first + length + (first[length] == '\n');
    return arena_strndup(arena, first + 1, length - 1);
}

/* Runs the commands of a text; stops at the first that fails. */
static int run_text(struct shell *shell, struct arena *arena, const char *text)
{
    struct words_line line;
    int status = 0;

    while (*text && !status && !shell->leaving && !signals_pending()) {
        const char *command = for_system(arena, &text);

        if (command) {
            status = builtin_system(shell, arena, command);
            continue;
        }
        enum words_outcome outcome = words_split(arena, text, &line);
        if (outcome == WORDS_REFUSED)
            return complain(shell, arena_printf(arena,
                                                "'%c' is none of this shell's: put it in quotes, or begin the "
                                                "line with ! and the system's shell runs it",
                                                line.operator));
        if (outcome == WORDS_OPEN)
            return complain(shell, "The line ends within quotes or behind a backslash");
        if (line.count)
            status = shell_run_words(shell, arena, (struct words){line.count, line.words});
        text = line.rest;
    }
    return status;
}

/* Whether the text has to be read on: a quote is open. What is for the system's shell is for it to judge. */
static bool is_open(struct arena *arena, const char *text)
{
    struct words_line line;

    while (*text) {
        if (for_system(arena, &text))
            continue;
        enum words_outcome outcome = words_split(arena, text, &line);
        if (outcome != WORDS_COMPLETE)
            return outcome == WORDS_OPEN;
        text = line.rest;
    }
    return false;
}

static const char *join(struct arena *arena, const char *before, const char *line)
{
    return before ? arena_printf(arena, "%s\n%s", before, line) : line;
}

/*
 * Commands that want an answer, an editor or a password get an end of file where a script is read: its next line is no
 * answer to anything. The script stays open to be read by nobody else.
 */
static int take_script(struct shell *shell)
{
    int in = fileno(shell->ctx->in), script = fcntl(in, F_DUPFD_CLOEXEC, 3), none = open("/dev/null", O_RDONLY);

    if (script < 0 || none < 0 || dup2(none, in) < 0) {
        complain(shell, "the script cannot be read");
        script = -1;
    }
    if (none >= 0)
        close(none);
    return script;
}

static int run_script(struct shell *shell)
{
    struct line_plain plain = {.fd = take_script(shell)};
    struct arena *arena = arena_new(shell->ctx->arena);
    const char *text = NULL, *line;
    size_t number = 0;
    int first = 0;

    if (plain.fd < 0)
        return 1;
    enum line_outcome outcome = LINE_READ;
    while (!shell->leaving && !signals_pending() && (outcome = line_plain(&plain, arena, &line)) == LINE_READ) {
        number++;
        text = join(arena, text, line);
        if (is_open(arena, text))
            continue;
        int status = run_text(shell, arena, text);
        text = NULL;
        arena_free(arena);
        arena = arena_new(shell->ctx->arena);
        if (!status)
            continue;
        first = first ? first : status;
        if (shell->keep_going)
            continue;
        fprintf(shell->ctx->err, "Stopped at line %zu\n", number);
        break;
    }
    if (plain.problem) {
        complain(shell, arena_printf(arena, "cannot read the script: %s", strerror(plain.problem)));
        first = first ? first : 1;
    } else if (text && outcome == LINE_END)
        first = complain(shell, "The script ends within quotes or behind a backslash");
    dup2(plain.fd, fileno(shell->ctx->in));
    close(plain.fd);
    return signals_pending() && !first ? 1 : first;
}

static const char *prompt(void *data, struct arena *arena)
{
    struct shell *shell = data;
    FILE *out = shell->ctx->out;
    const struct status_style style = {.scope = shell_scope(shell),
                                       .columns = terminal_size(out).columns,
                                       .colour = terminal_has_colour(out, shell->ctx->colour)};

    return shell->prompt ? shell->prompt : status_prompt(arena, refresh_status(shell->refresh), &style);
}

static enum line_event wait_for_key(void *data)
{
    struct shell *shell = data;

    switch (refresh_wait(shell->refresh, fileno(shell->ctx->in), clock_ms() + LOOK_MS)) {
    case REFRESH_INPUT:
        return LINE_KEY;
    case REFRESH_SIGNAL:
        return LINE_SIGNAL;
    case REFRESH_CHANGED:
    case REFRESH_LATE:
        break;
    }
    return LINE_CHANGED;
}

/* Reads a command with all the lines that it goes on for. */
static enum line_outcome read_command(struct shell *shell, const struct line_hooks *hooks, const char **text)
{
    enum line_outcome outcome;
    const char *line;

    *text = NULL;
    shell->prompt = NULL;
    refresh_begin(shell->refresh);
    refresh_wait(shell->refresh, fileno(shell->ctx->in), clock_ms() + GRACE_MS);
    do {
        outcome = line_edit(hooks, shell->line, &line);
        if (outcome == LINE_READ)
            *text = join(shell->line, *text, line);
        shell->prompt = "> ";
    } while (outcome == LINE_READ && is_open(shell->line, *text));
    refresh_end(shell->refresh);
    /* Ctrl-C at a terminal that was stopped with Ctrl-S: what the editor could not show is no lost output. */
    clearerr(shell->ctx->out);
    return outcome;
}

static void remember(struct shell *shell, const char *text)
{
    struct words_line line = {.count = 0};
    bool blank = !text[strspn(text, " \t")], failed = shell->history.failed;
    struct err problem = ERR_INIT;

    if (text[strspn(text, " \t")] != '!' && words_split(shell->line, text, &line) == WORDS_COMPLETE && *line.rest)
        line.count = 0; /* several commands: judged as one text */
    if (blank || strlen(text) > HISTORY_LINE_MOST || history_is_secret(shell->line, text, line.count, line.words))
        return;
    line_remember(text);
    if (!history_add(shell->line, &shell->history, text, &problem) && !failed)
        shell_say(shell, "Warning: %s\n", problem.message);
}

static void open_history(struct shell *shell)
{
    const char *path = history_path(shell->ctx->arena);
    struct err problem = ERR_INIT;

    if (path && !history_open(shell->ctx->arena, path, &shell->history, &problem))
        shell_say(shell, "Warning: %s\n", problem.message);
    for (size_t i = 0; i < shell->history.count; i++) {
        const char *line = shell->history.lines[i];

        if (typed_safe(line, strlen(line)) == strlen(line))
            line_remember(line);
    }
}

static void interact(struct shell *shell, bool history)
{
    struct line_hooks hooks = {.data = shell,
                               .in = shell->ctx->in,
                               .out = shell->ctx->out,
                               .still = terminal_is_dumb(),
                               .prompt = prompt,
                               .wait = wait_for_key,
                               .complete = shell_complete};
    struct termios mode;
    bool saved = tcgetattr(fileno(hooks.in), &mode) == 0;

    line_begin(&hooks);
    if (history)
        open_history(shell);
    while (!shell->leaving) {
        const char *text;

        shell->line = arena_new(shell->ctx->arena);
        enum line_outcome outcome = read_command(shell, &hooks, &text);
        if (outcome == LINE_READ) {
            remember(shell, text);
            run_text(shell, shell->line, text);
            /* A program that died may have left the terminal as it liked it. */
            if (saved)
                tcsetattr(fileno(hooks.in), TCSADRAIN, &mode);
        }
        arena_free(shell->line);
        if (outcome == LINE_END || !goes_on())
            break;
    }
}

static bool run(struct ctx *ctx, const void *data, struct err *err)
{
    const struct shell_args *given = data;
    struct shell shell = {.ctx = ctx, .kept = {.arena = ctx->arena}, .keep_going = given->keep_going};

    if (ctx->kept)
        return err_set(err, ctx->arena, ERR_FAILED, "This is the shell already");
    shell.run = (struct run){.prog = ctx->prog, .in = ctx->in, .out = ctx->out, .err = ctx->err, .kept = &shell.kept};
    if (!terminal_is(ctx->in)) {
        ctx->status = run_script(&shell);
        return true;
    }
    if (!terminal_is(ctx->out))
        return err_set(err, ctx->arena, ERR_FAILED, "The shell has to write to the terminal that it reads from");
    shell.refresh = refresh_new(ctx);
    refresh_use(shell.refresh, shell_scope(&shell));
    interact(&shell, !given->no_history);
    return true;
}

const struct cmd cmd_shell = {
    .name = "shell",
    .help = "Run commands interactively, with completion",
    .group = GROUP_SHELL,
    .opts = opts,
    .args = args,
    .args_size = sizeof(struct shell_args),
    .run = run,
    .pgha_only = true,
};
