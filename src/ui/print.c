#include "pgha/print.h"

#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "pgha/members.h"
#include "pgha/pager.h"
#include "pgha/signals.h"
#include "pgha/utf8.h"

/* How long a terminal may take nothing once a signal came. */
#define PATIENCE_MS 500
/* What a terminal takes that says it takes something. */
#define PIECE 64

enum table_format print_format(const char *name)
{
    static const struct {
        const char *name;
        enum table_format format;
    } formats[] = {
        {"tsv", FORMAT_TSV},
        {"json", FORMAT_JSON},
        {"yaml", FORMAT_YAML},
        {"yml", FORMAT_YAML},
    };

    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (str_equal(formats[i].name, name))
            return formats[i].format;
    return FORMAT_PRETTY;
}

bool print_has_colour(const struct ctx *ctx, FILE *stream)
{
    return differs(ctx, DIFF_COLOURS) && terminal_has_colour(stream, ctx->colour);
}

size_t print_columns(const struct ctx *ctx)
{
    return differs(ctx, DIFF_FITTING_TABLES) && terminal_is(ctx->out) ? terminal_size(ctx->out).columns : 0;
}

struct table_style print_style(const struct ctx *ctx, enum table_format format)
{
    return (struct table_style){.format = format,
                                .colour = print_has_colour(ctx, ctx->out),
                                .clean = terminal_is(ctx->out),
                                .blank_tabs = differs(ctx, DIFF_TABS) && terminal_is(ctx->out)};
}

/* click takes the sequences for colours and the like out of what does not go to a terminal. */
static void strip_colours(struct str *text)
{
    size_t kept = 0;

    for (size_t at = 0; at < text->length;) {
        const char *next = text->text + at;
        size_t length = next[0] == '\033' && next[1] == '[' ? 2 + strspn(next + 2, ";?0123456789") : 0;

        if (length && isalpha((unsigned char)next[length]))
            at += length + 1;
        else
            text->text[kept++] = text->text[at++];
    }
    str_cut(text, kept);
}

void print_clean(const struct ctx *ctx, struct str *text)
{
    if (terminal_is(ctx->out))
        utf8_clean(text);
    else if (!differs(ctx, DIFF_RAW_REDIRECTED))
        strip_colours(text);
}

bool print_check(struct arena *arena, const struct str *text, struct err *err)
{
    return utf8_valid(text->text, text->length) ||
           err_set(err, arena, ERR_FAILED, "the output has a character that has no form in UTF-8");
}

/* A terminal that takes nothing (Ctrl-S) must not hold up the end. */
static bool accepts(int terminal)
{
    struct pollfd fds[2] = {{.fd = terminal, .events = POLLOUT}, {.fd = signals_fd(), .events = POLLIN}};

    while (poll(fds, 2, -1) < 0 && errno == EINTR)
        ;
    return fds[0].revents || poll(fds, 1, PATIENCE_MS) > 0;
}

void print_bytes(struct ctx *ctx, const char *bytes, size_t length)
{
    if (!terminal_is(ctx->out)) {
        fwrite(bytes, 1, length, ctx->out);
        return;
    }
    /* A terminal's buffer ends with every line, and screens that come line by line flicker. */
    fflush(ctx->out);
    while (length && accepts(fileno(ctx->out))) {
        /* In small pieces once there is no signal to come that would end a long one. */
        size_t most = signals_pending() && length > PIECE ? PIECE : length;
        ssize_t written = write(fileno(ctx->out), bytes, most);

        if (written < 0 && errno != EINTR)
            return;
        bytes += written > 0 ? written : 0;
        length -= written > 0 ? (size_t)written : 0;
    }
}

bool print_text(struct ctx *ctx, struct str *text, struct err *err)
{
    if (!print_check(ctx->arena, text, err))
        return false;
    print_clean(ctx, text);
    print_bytes(ctx, text->text, text->length);
    return true;
}

bool print_made(struct ctx *ctx, struct str *text, enum print_large large, struct err *err)
{
    bool fitting = differs(ctx, DIFF_PAGER) && !ctx->no_pager && terminal_is(ctx->out);
    struct err problem = ERR_INIT;

    if (!differs(ctx, DIFF_RAW_REDIRECTED) && !terminal_is(ctx->out))
        strip_colours(text);
    if (fitting && large == PRINT_PAGE && pager_is_wanted(ctx, text->text, text->length)) {
        if (pager_show(ctx, text->text, text->length, &problem))
            return true;
        if (problem.kind == ERR_ABORTED) {
            *err = problem;
            return false;
        }
        print_notice(ctx, "Warning: %s\n", problem.message);
    }
    if (fitting && large == PRINT_CUT)
        style_cut(text, terminal_size(ctx->out).columns);
    print_bytes(ctx, text->text, text->length);
    return true;
}

static struct str make_line(struct ctx *ctx, FILE *stream, const char *format, va_list list)
    __attribute__((format(printf, 3, 0)));

/* A line with what others wrote, and the style that its first word has. */
__attribute__((format(printf, 3, 0))) static struct str make_line(struct ctx *ctx, FILE *stream, const char *format,
                                                                  va_list list)
{
    struct str text, line;

    str_init(&text, ctx->arena);
    str_init(&line, ctx->arena);
    str_vprintf(&text, format, list);
    if (terminal_is(stream))
        utf8_clean_line(&text);
    style_add_message(&line, print_has_colour(ctx, stream), text.text);
    return line;
}

void print_line(struct ctx *ctx, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    struct str line = make_line(ctx, ctx->out, format, list);
    va_end(list);
    if (!differs(ctx, DIFF_RAW_REDIRECTED) && !terminal_is(ctx->out))
        strip_colours(&line);
    print_bytes(ctx, line.text, line.length);
}

void print_notice(struct ctx *ctx, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    struct str line = make_line(ctx, ctx->err, format, list);
    va_end(list);
    fflush(ctx->out);
    fputs(line.text, ctx->err);
    fflush(ctx->err);
}

bool print_members(struct ctx *ctx, const struct cluster *cluster, enum print_large large, struct err *err)
{
    const struct members_style style = {.table = print_style(ctx, FORMAT_PRETTY), .differences = ctx->differences};

    return print_members_in(ctx, cluster, &style, large, err);
}

bool print_members_in(struct ctx *ctx, const struct cluster *cluster, const struct members_style *style,
                      enum print_large large, struct err *err)
{
    struct members_style fitting = *style;
    unsigned hidden = 0;
    struct str text;

    fitting.table.columns = print_columns(ctx);
    fitting.hidden = &hidden;
    str_init(&text, ctx->arena);
    if (!members_write(ctx->arena, cluster, &fitting, &text, err))
        return false;
    members_hidden_write(ctx->arena, &fitting, hidden, &text);
    return print_check(ctx->arena, &text, err) && print_made(ctx, &text, large, err);
}
