#include "pgha/waiting.h"

#include <string.h>

#include "pgha/arena.h"
#include "pgha/str.h"
#include "pgha/utf8.h"

/* A line that wraps or breaks could not be erased. */
static void fit(struct str *text, size_t width)
{
    size_t at = 0, used = 0, size;
    uint32_t code;

    for (; (size = utf8_next(text->text + at, text->length - at, &code)); at += size) {
        used += utf8_width(text->text + at, size);
        if (used > width)
            break;
        if (code < ' ')
            text->text[at] = ' ';
    }
    str_cut(text, at);
}

void waiting_show(struct ctx *ctx, const char *who, int seconds)
{
    static const char erase[] = "\r\033[K";
    struct arena *arena = arena_new(ctx->arena);
    struct str line, after;

    str_init(&line, arena);
    str_init(&after, arena);
    if (who) {
        size_t width = terminal_size(ctx->err).columns;

        str_printf(&line, "Waiting for %s", who);
        str_printf(&after, " (%d s)", seconds);
        utf8_clean(&line);
        fit(&line, width > after.length + 1 ? width - after.length - 1 : 1);
    }
    fflush(ctx->out);
    fprintf(ctx->err, "%s%s%s", erase, line.length ? line.text : "", after.length ? after.text : "");
    fflush(ctx->err);
    arena_free(arena);
}
