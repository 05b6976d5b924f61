#include "pgha/run.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "complete.h"
#include "pgha/arena.h"
#include "pgha/cmd.h"
#include "pgha/conceal.h"
#include "pgha/config.h"
#include "pgha/help.h"
#include "pgha/http.h"
#include "pgha/log.h"
#include "pgha/parse.h"
#include "pgha/pytext.h"
#include "pgha/signals.h"
#include "pgha/str.h"
#include "pgha/style.h"
#include "pgha/utf8.h"
#include "pgha/waiting.h"

#define MOST_TIMEOUT 86400 /* seconds */

/* Bytes of an error: what servers and stores say in it may have any length. */
#define LONGEST_ERROR 4096

struct state {
    const struct run *run;
    struct arena *arena;
    size_t count; /* of the command line's words */
    const char *const *words;
    struct help help;
    const struct cmd *cmd; /* NULL as long as the global options are parsed */
    enum terminal_colour colour;
    struct parsed parsed;
};

static int status_of(const struct state *state, enum err_kind kind)
{
    static const int honest[] = {
        [ERR_USAGE] = 2,
        [ERR_REFUSED] = 3,
        [ERR_UNKNOWN] = 4,
        [ERR_UNREACHABLE] = 5,
    };

    if (kind == ERR_USAGE)
        return 2;
    if (!differs(state->run, DIFF_EXIT_STATUS) || (size_t)kind >= sizeof honest / sizeof *honest || !honest[kind])
        return 1;
    return honest[kind];
}

/* Without the passwords of addresses on the command line and in DCS_URL, whatever was taken for what there. */
static const char *conceal(const struct state *state, const char *message)
{
    if (getenv("DCS_URL"))
        message = conceal_message(state->arena, message, getenv("DCS_URL"));
    for (size_t i = 0; i < state->count; i++)
        message = conceal_message(state->arena, message, state->words[i]);
    return message;
}

static void complain(const struct state *state, const char *message)
{
    const struct run *run = state->run;
    struct str safe, styled;

    str_init(&safe, state->arena);
    str_init(&styled, state->arena);
    utf8_add_escaped(&safe, conceal(state, message));
    /* Names in messages are others' as well: see print.h. */
    if (terminal_is(run->err))
        utf8_clean(&safe);
    style_add_message(&styled, differs(run, DIFF_COLOURS) && terminal_has_colour(run->err, state->colour), safe.text);
    fputs(styled.text, run->err);
}

/* The shell has a command for help. */
static void add_hint(const struct state *state, struct str *str)
{
    const char *gap = state->cmd ? " " : "", *name = state->cmd ? state->cmd->name : "";

    if (state->run->kept)
        str_printf(str, "Try 'help%s%s' for help.\n\n", gap, name);
    else
        str_printf(str, "Try '%s%s%s --help' for help.\n\n", state->run->prog, gap, name);
}

static int report(const struct state *state, const struct err *err)
{
    struct str str;

    str_init(&str, state->arena);
    fflush(state->run->out);
    if (signals_pending() && signals_pending() != SIGINT)
        return 1; /* main ends the program by that signal */
    if (err->kind == ERR_ABORTED && str_equal(err->message, ERR_MESSAGE_ABORTED)) {
        /* A prompt has taken its Ctrl-C away; after any other the cursor is in the middle of a line. */
        complain(state, arena_printf(state->arena, "%s%s\n", signals_pending() == SIGINT ? "\n" : "", err->message));
    } else {
        if (err->kind == ERR_USAGE && !state->parsed.bare) {
            help_usage(&state->help, state->cmd, &str);
            add_hint(state, &str);
            complain(state, str.text);
        }
        const char *message = err->message;

        complain(state,
                 arena_printf(state->arena, "Error: %s\n",
                              differs(state->run, DIFF_LONG_ERRORS) ? str_shorten(state->arena, message, LONGEST_ERROR)
                                                                    : message));
    }
    return status_of(state, err->kind);
}

static int show_help(const struct state *state)
{
    struct str page;

    str_init(&page, state->arena);
    help_page(&state->help, state->cmd, &page);
    if (terminal_is(state->run->out)) /* the program's name is in it */
        utf8_clean(&page);
    fputs(page.text, state->run->out);
    return 0;
}

/* The last variable that is set decides, even when it is empty: case config-log-level-*. */
static bool log_level(struct arena *arena, int *level, struct err *err)
{
    static const char *const variables[] = {"LOGLEVEL", "PATRONI_LOGLEVEL", "PATRONI_LOG_LEVEL"};
    static const struct {
        const char *name;
        int level;
    } levels[] = {{"CRITICAL", 50}, {"FATAL", 50}, {"ERROR", 40}, {"WARN", 30},
                  {"WARNING", 30},  {"INFO", 20},  {"DEBUG", 10}, {"NOTSET", 0}};
    const char *name = "WARNING";
    struct str str;

    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
        if (getenv(variables[i]))
            name = getenv(variables[i]);
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (str_equal(levels[i].name, name)) {
            *level = levels[i].level;
            return true;
        }
    str_init(&str, arena);
    pytext_repr(&str, name);
    return err_set(err, arena, ERR_FAILED, "Unknown level: %s", str.text);
}

/* patronictl's own are recorded; pgha's user sees sooner that something is wrong. */
static bool timeout(const struct state *state, const struct opt_float *given, const char *names, double preset,
                    double *seconds, struct err *err)
{
    if (given->given && !(given->number > 0 && given->number <= MOST_TIMEOUT))
        return err_set(err, state->arena, ERR_USAGE,
                       "Invalid value for %s: the seconds have to be more than 0 and at most %d", names, MOST_TIMEOUT);
    *seconds = given->given ? given->number : preset;
    return true;
}

static bool timeouts(const struct state *state, const struct globals *globals, struct ctx *ctx, struct err *err)
{
    bool recorded = !differs(state->run, DIFF_TIMEOUTS);

    return timeout(state, &globals->timeout, "'--timeout' (PGHA_TIMEOUT)", recorded ? 10 : 5, &ctx->timeout, err) &&
           timeout(state, &globals->operation_timeout, "'--operation-timeout' (PGHA_OPERATION_TIMEOUT)",
                   recorded ? 3600 : 300, &ctx->operation_timeout, err);
}

static bool find_command(struct state *state, const char *name, bool *help, struct err *err)
{
    struct str str;
    uint32_t first;

    state->cmd = parse_find_command(commands, name, state->run->differences);
    if (state->cmd)
        return true;
    /* click parses anew what does not start like a name, finds no words left and shows the help. */
    if (utf8_next(name, strlen(name), &first) && !utf8_is_alnum(first))
        return *help = true;
    str_init(&str, state->arena);
    pytext_repr(&str, name);
    return err_set(err, state->arena, ERR_USAGE, "No such command %s.%s", str.text,
                   differs(state->run, DIFF_SUGGESTIONS) ? parse_suggest_command(state->arena, commands, name) : "");
}

static bool open_http(const struct state *state, const struct log *log, struct http **http, struct err *err)
{
    struct run_kept *kept = state->run->kept;

    if (!kept)
        return http_new(state->arena, log, http, err);
    if (!kept->http && !http_new(kept->arena, log, &kept->http, err))
        return false;
    *http = kept->http;
    return true;
}

/* click reads the configuration before it looks at the command's own words: case cli-help-command-missing-config. */
static bool run_command(struct state *state, struct globals *globals, struct words given, size_t count,
                        const char *const *words, int *status, struct err *err)
{
    const struct run *run = state->run;
    /* Requests that are still open when the arena goes say so in the log. */
    struct log *log = run->kept ? &run->kept->log : arena_alloc(state->arena, sizeof *log);
    struct config config = {0};
    struct ctx ctx = {.arena = state->arena,
                      .cmd = state->cmd,
                      .log = log,
                      .in = run->in,
                      .out = run->out,
                      .err = run->err,
                      .prog = run->prog,
                      .differences = run->differences,
                      .colour = state->colour,
                      .no_pager = globals->no_pager,
                      .globals = given,
                      .kept = run->kept};
    struct parse parse = {.arena = state->arena, .differences = run->differences, .in = run->in};
    void *args = arena_alloc(state->arena, state->cmd->args_size);

    *log = (struct log){.stream = run->err};
    if (!log_level(state->arena, &log->level, err) || !timeouts(state, globals, &ctx, err))
        return false;
    if (terminal_is(run->err) && !terminal_is_dumb() && differs(run, DIFF_WAITING_SHOWN))
        ctx.on_wait = waiting_show;
    if (globals->debug)
        log->level = LOG_LEVEL_DEBUG;
    if (!state->cmd->no_config) {
        globals->word_count = count;
        globals->words = words;
        if (!config_read(state->arena, globals, run->differences, log, &config, err))
            return false;
        if (run->kept && run->kept->scope)
            config.scope = run->kept->scope;
        ctx.config = &config;
        parse.scope = config.scope;
        parse.no_scope = differs(run, DIFF_CONFIG_ERRORS) ? config.missing : NULL;
        parse.citus = value_get(&config.tree, "citus");
    }
    if (!parse_command(&parse, state->cmd, count, words, args, &state->parsed, err))
        return false;
    if (state->parsed.help) {
        *status = show_help(state);
        return true;
    }
    if (!state->cmd->no_config && !open_http(state, log, &ctx.http, err))
        return false;
    if (!state->cmd->run(&ctx, args, err))
        return false;
    *status = ctx.status;
    return true;
}

static enum terminal_colour colour_of(const char *name)
{
    if (str_equal(name, "always"))
        return COLOUR_ALWAYS;
    return str_equal(name, "never") ? COLOUR_NEVER : COLOUR_AUTO;
}

static bool run_words(struct state *state, size_t count, const char *const *words, int *status, struct err *err)
{
    const struct parse parse = {.arena = state->arena, .differences = state->run->differences, .in = state->run->in};
    struct globals globals = {0};
    bool help = count == 0;

    if (!help && !parse_globals(&parse, count, words, &globals, &state->parsed, err))
        return false;
    state->colour = colour_of(globals.colour);
    size_t end = state->parsed.end;
    help = help || state->parsed.help;
    if (!help && globals.version) {
        fprintf(state->run->out, "pgha %s\n", PGHA_VERSION);
        return true;
    }
    if (!help && end == count)
        return err_set(err, state->arena, ERR_USAGE, "Missing command.");
    if (!help && !find_command(state, words[end], &help, err))
        return false;
    if (help) {
        *status = show_help(state);
        return true;
    }
    return run_command(state, &globals, (struct words){end, words}, count - end - 1, words + end + 1, status, err);
}

/* The shell's completion comes before the words, which may be those of somebody's start file. */
static bool run_completion(struct state *state, const char *prog, const char *instruction, int *status, struct err *err)
{
    const struct run *run = state->run;
    struct log silent = {.stream = NULL};
    struct ctx ctx = {.arena = state->arena,
                      .log = &silent,
                      .in = run->in,
                      .out = run->out,
                      .err = run->err,
                      .prog = prog,
                      .differences = str_equal(prog, run->prog) ? run->differences : differences_for("patronictl")};

    if (!complete_answer(&ctx, instruction, err))
        return false;
    *status = ctx.status;
    return true;
}

/* Output may have been lost now or before. A reader that went away needs no message. */
static int finish(const struct run *run, int status)
{
    struct pollfd out = {.fd = fileno(run->out), .events = POLLOUT};

    errno = 0;
    if (!fflush(run->out) && !ferror(run->out))
        return status;
    int why = errno;
    bool gone = why == EPIPE || (poll(&out, 1, 0) > 0 && out.revents & POLLERR);
    clearerr(run->out); /* the next command of the shell has output of its own */
    if (!gone)
        fprintf(run->err, "Error: cannot write the output%s%s\n", why ? ": " : "", why ? strerror(why) : "");
    return status ? status : 1;
}

int run_main(const struct run *run, size_t count, const char *const *words)
{
    struct arena *arena = arena_new(run->kept ? run->kept->arena : NULL);
    struct state state = {
        .run = run,
        .arena = arena,
        .count = count,
        .words = words,
        .help = {.arena = arena, .prog = run->prog, .differences = run->differences, .width = help_width(run->out)}};
    struct err err = ERR_INIT;
    int status = 0;

    const char *prog = run->prog;
    const char *instruction = run->kept ? NULL : complete_asked(arena, &prog);
    if (!(instruction ? run_completion(&state, prog, instruction, &status, &err)
                      : run_words(&state, count, words, &status, &err)))
        status = report(&state, &err);
    if (status && run->kept)
        run->kept->dcs = NULL; /* what it knew may have been the reason */
    status = finish(run, status);
    arena_free(arena);
    return status;
}
