#include "pgha/prompt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <strings.h>
#include <termios.h>
#include <unistd.h>

#include "pgha/arena.h"
#include "pgha/guard.h"
#include "pgha/log.h"
#include "pgha/pytext.h"
#include "pgha/signals.h"
#include "pgha/str.h"
#include "pgha/utf8.h"

#define SECRET_SIZE 4096 /* as long as a line at a terminal can be */

enum got { GOT_BYTE, GOT_END, GOT_SIGNAL };

/* One byte at a time, so that a line that is not asked for stays for whoever reads next: an editor, say. */
static enum got read_byte(int fd, char *byte)
{
    struct pollfd waits[] = {{.fd = fd, .events = POLLIN}, {.fd = signals_fd(), .events = POLLIN}};

    for (;;) {
        if (signals_pending())
            return GOT_SIGNAL;
        if (poll(waits, 2, -1) < 0)
            continue;
        if (!waits[0].revents)
            continue;
        ssize_t count = read(fd, byte, 1);
        if (count == 1)
            return GOT_BYTE;
        if (count == 0 || (errno != EINTR && errno != EAGAIN))
            return GOT_END;
    }
}

/* A Ctrl-C that a prompt has answered is over; a signal that ends the program stays pending. */
static bool aborted(struct ctx *ctx, struct err *err)
{
    if (signals_pending() == SIGINT)
        signals_clear();
    return err_set(err, ctx->arena, ERR_ABORTED, "%s", ERR_MESSAGE_ABORTED);
}

/* There are names in it that somebody else has given. */
static void show_prompt(const struct ctx *ctx, const char *prompt)
{
    struct str text;

    str_init(&text, ctx->arena);
    str_printf(&text, "%s: ", prompt);
    if (terminal_is(ctx->out))
        utf8_clean_line(&text);
    fputs(text.text, ctx->out);
    fflush(ctx->out);
}

static bool ask(struct ctx *ctx, const char *prompt, const char **line, struct err *err)
{
    int fd = fileno(ctx->in);
    struct str str;
    enum got got;
    char byte;

    show_prompt(ctx, prompt);
    str_init(&str, ctx->arena);
    while ((got = read_byte(fd, &byte)) == GOT_BYTE && byte != '\n')
        str_add_char(&str, byte);
    if (got == GOT_SIGNAL || (got == GOT_END && !str.length))
        return aborted(ctx, err);
    *line = str.text;
    return true;
}

bool prompt_text(struct ctx *ctx, const char *text, const char *preset, const char **answer, struct err *err)
{
    const char *prompt = preset ? arena_printf(ctx->arena, "%s [%s]", text, preset) : text, *line;

    do {
        if (!ask(ctx, prompt, &line, err))
            return false;
        if (!*line && preset)
            line = preset;
    } while (!*line && !preset);
    *answer = line;
    return true;
}

bool prompt_int(struct ctx *ctx, const char *text, long long *answer, struct err *err)
{
    const char *line;

    while (prompt_text(ctx, text, NULL, &line, err)) {
        struct str quoted;

        if (pytext_to_int(ctx->arena, line, answer))
            return true;
        str_init(&quoted, ctx->arena);
        pytext_repr(&quoted, line);
        fprintf(ctx->out, "Error: %s is not a valid integer.\n", quoted.text);
    }
    return false;
}

bool prompt_confirm(struct ctx *ctx, const char *text, bool *yes, struct err *err)
{
    const char *prompt = arena_printf(ctx->arena, "%s [y/N]", text), *line;

    while (ask(ctx, prompt, &line, err)) {
        const char *word = pytext_strip(ctx->arena, line);
        bool is_yes = !strcasecmp(word, "y") || !strcasecmp(word, "yes");

        if (is_yes || !*word || !strcasecmp(word, "n") || !strcasecmp(word, "no")) {
            *yes = is_yes;
            return true;
        }
        fputs("Error: invalid input\n", ctx->out);
    }
    return false;
}

struct secret {
    char text[SECRET_SIZE];
};

static void wipe_secret(void *secret)
{
    str_wipe(secret, sizeof(struct secret));
}

/* Where the hidden answer comes from, and where the prompt's blank and the newline after it go. */
struct terminal {
    int in;
    int out;
};

static void show(const struct terminal *terminal, const char *text)
{
    if (write(terminal->out, text, strlen(text)) < 0)
        return; /* nobody sees the prompt; the answer can be read all the same */
}

static enum got read_secret(const struct terminal *terminal, struct secret *secret)
{
    size_t length = 0;
    enum got got;
    char byte;

    show(terminal, " ");
    while ((got = read_byte(terminal->in, &byte)) == GOT_BYTE && byte != '\n')
        if (length < SECRET_SIZE - 1)
            secret->text[length++] = byte;
    secret->text[length] = '\0';
    str_wipe(&byte, sizeof byte);
    return got == GOT_END && length ? GOT_BYTE : got;
}

/* The same with the echo off, if `in` is a terminal; false when it is none. */
static bool read_without_echo(const struct terminal *terminal, struct secret *secret, enum got *got)
{
    struct termios before, hidden;

    if (tcgetattr(terminal->in, &before))
        return false;
    hidden = before;
    hidden.c_lflag &= ~(tcflag_t)ECHO;
    guard_begin(terminal->in, &before, NULL, NULL);
    bool changed = tcsetattr(terminal->in, TCSAFLUSH, &hidden) == 0;
    if (changed) {
        guard_changed();
        *got = read_secret(terminal, secret);
        tcsetattr(terminal->in, TCSAFLUSH, &before);
    }
    guard_end();
    return changed;
}

/* The terminal itself is asked, even when the input is redirected; without one, the input with a warning. */
static enum got ask_secret(struct ctx *ctx, struct secret *secret, bool *warned)
{
    struct terminal given = {.in = fileno(ctx->in), .out = fileno(ctx->err)}, own;
    enum got got;

    own.in = own.out = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (own.in >= 0 && read_without_echo(&own, secret, &got)) {
        if (got == GOT_BYTE)
            show(&own, "\n");
        close(own.in);
        return got;
    }
    if (own.in >= 0)
        close(own.in);
    fflush(ctx->err);
    if (!read_without_echo(&given, secret, &got)) {
        if (!*warned)
            log_warning(ctx->log, "Can not control echo on the terminal.");
        *warned = true;
        fputs("Warning: Password input may be echoed.\n", ctx->err);
        fflush(ctx->err);
        got = read_secret(&given, secret);
    }
    if (got == GOT_BYTE)
        show(&given, "\n");
    return got;
}

bool prompt_hidden(struct ctx *ctx, const char *text, const char **answer, struct err *err)
{
    struct secret *secret = arena_own(ctx->arena, arena_alloc(ctx->arena, sizeof *secret), wipe_secret);
    bool warned = false;

    do {
        fprintf(ctx->out, "%s:", text);
        fflush(ctx->out);
        if (ask_secret(ctx, secret, &warned) != GOT_BYTE) {
            fputc('\n', ctx->out);
            fflush(ctx->out);
            return aborted(ctx, err);
        }
    } while (!*secret->text);
    *answer = secret->text;
    return true;
}
