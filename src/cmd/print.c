#include "print.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "pgha/members.h"
#include "pgha/utf8.h"

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

bool print_is_terminal(const struct ctx *ctx)
{
    int file = fileno(ctx->out);

    return file >= 0 && isatty(file);
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
    bool terminal = print_is_terminal(ctx);

    if (ctx->as_patronictl && !terminal)
        strip_colours(text);
    if (!ctx->as_patronictl && terminal)
        utf8_clean(text);
}

bool print_check(struct arena *arena, const struct str *text, struct err *err)
{
    return utf8_valid(text->text, text->length) ||
           err_set(err, arena, ERR_FAILED, "the output has a character that has no form in UTF-8");
}

void print_bytes(struct ctx *ctx, const char *bytes, size_t length)
{
    if (!print_is_terminal(ctx)) {
        fwrite(bytes, 1, length, ctx->out);
        return;
    }
    /* A terminal's buffer ends with every line, and screens that come line by line flicker. */
    fflush(ctx->out);
    while (length) {
        ssize_t written = write(fileno(ctx->out), bytes, length);

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

void print_line(struct ctx *ctx, const char *format, ...)
{
    struct str text;
    va_list list;

    str_init(&text, ctx->arena);
    va_start(list, format);
    str_vprintf(&text, format, list);
    va_end(list);
    print_clean(ctx, &text);
    print_bytes(ctx, text.text, text.length);
}

void print_notice(struct ctx *ctx, const char *format, ...)
{
    struct str text;
    va_list list;
    int file = fileno(ctx->err);

    str_init(&text, ctx->arena);
    va_start(list, format);
    str_vprintf(&text, format, list);
    va_end(list);
    if (!ctx->as_patronictl && file >= 0 && isatty(file))
        utf8_clean(&text);
    fflush(ctx->out);
    fputs(text.text, ctx->err);
    fflush(ctx->err);
}

void print_table(struct ctx *ctx, const struct table *table, enum table_format format)
{
    struct str text;

    str_init(&text, ctx->arena);
    table_write(table, format, NULL, &text);
    print_clean(ctx, &text);
    print_bytes(ctx, text.text, text.length);
}

bool print_members(struct ctx *ctx, const struct cluster *cluster, struct err *err)
{
    const struct members_style style = {.format = FORMAT_PRETTY};
    struct str text;

    str_init(&text, ctx->arena);
    return members_write(ctx->arena, cluster, &style, &text, err) && print_text(ctx, &text, err);
}
