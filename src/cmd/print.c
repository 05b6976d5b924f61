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

/* Length of the escape sequence at the start of `text`: its last byte tells, or its terminator; 1 if it has neither. */
static size_t escape_length(const char *text, size_t length)
{
    size_t end = 2;

    if (length < 2)
        return length;
    if (text[1] == '[') {
        while (end < length && text[end] >= 0x20 && text[end] <= 0x3F)
            end++;
        return end < length && text[end] >= 0x40 && text[end] <= 0x7E ? end + 1 : end;
    }
    if (!strchr("]PX^_", text[1]))
        return text[1] >= 0x20 && text[1] <= 0x7E ? 2 : 1;
    while (end < length && text[end] != '\a' && text[end] != '\n' && !(text[end] == '\033' && text[end + 1] == '\\'))
        end++;
    return end < length && text[end] == '\a' ? end + 1 : end < length && text[end] == '\033' ? end + 2 : end;
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
    size_t kept = 0, size;
    uint32_t code;

    if (ctx->as_patronictl && !print_is_terminal(ctx))
        strip_colours(text);
    if (ctx->as_patronictl || !print_is_terminal(ctx))
        return;
    for (size_t at = 0; (size = utf8_next(text->text + at, text->length - at, &code)); at += size) {
        bool control = (code < 0x20 && code != '\n' && code != '\t') || (code >= 0x7F && code < 0xA0);

        if (code == '\033')
            size = escape_length(text->text + at, text->length - at);
        if (control)
            continue;
        memmove(text->text + kept, text->text + at, size);
        kept += size;
    }
    str_cut(text, kept);
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
