#include "pgha/watch.h"

#include <signal.h>
#include <string.h>

#include "pgha/arena.h"
#include "pgha/guard.h"
#include "pgha/print.h"
#include "pgha/signals.h"
#include "pgha/utf8.h"
#include "pgha/when.h"

/* No screen comes sooner after the one before, whatever the option says. */
#define LEAST_SECONDS 0.1
/* Python's clock ends here, and patronictl with it. */
#define MOST_SECONDS 9223372036.0

enum manner {
    MANNER_STREAM, /* one after the other */
    MANNER_CLEAR,  /* patronictl at a terminal: clears the screen each time */
    MANNER_PAINT,  /* pgha at a terminal: overwrites the lines of a screen of its own */
};

struct watch {
    struct ctx *ctx;
    enum manner manner;
    enum print_large large;
    struct arena *arena; /* of the last screen that was complete */
    struct str screen;
    const char *since; /* when that was; NULL: there was none */
};

double watch_seconds(bool watch2, const struct opt_float *watch)
{
    if (watch->given && watch->number != 0)
        return watch->number;
    return watch2 ? 2 : 0;
}

/* Overwrites line by line as far as the screen goes, and wipes only what is left of the screen before: no flicker. */
static void paint(const struct watch *watch, struct arena *arena, struct str *made)
{
    struct terminal_size size = terminal_size(watch->ctx->out);
    struct str screen;

    style_cut(made, size.columns);
    const char *text = made->text;

    str_init(&screen, arena);
    str_add(&screen, "\033[H");
    size_t lines = size.lines;
    for (; *text && lines; lines--) {
        size_t length = strcspn(text, "\n"), width, count;

        /* Behind a full line the cursor is still on its last character, which would be wiped. */
        style_measure(text, length, &width, &count);
        str_add_bytes(&screen, text, length);
        str_add(&screen, width < size.columns ? "\033[K" : "");
        str_add(&screen, lines > 1 ? "\n" : "");
        text += length + (text[length] == '\n');
    }
    str_add(&screen, lines ? "\033[J" : "");
    print_bytes(watch->ctx, screen.text, screen.length);
}

static bool show(const struct watch *watch, struct arena *arena, const struct str *screen, struct err *err)
{
    struct str text;

    str_init(&text, arena);
    str_add(&text, watch->manner == MANNER_CLEAR ? "\033[2J\033[1;1H" : "");
    str_add_bytes(&text, screen->text, screen->length);
    if (watch->manner != MANNER_PAINT || !watch->since)
        return print_made(watch->ctx, &text, watch->large, err);
    paint(watch, arena, &text);
    return true;
}

/* What is old is still worth something, as long as it says how old it is. */
static void show_problem(const struct watch *watch, struct arena *arena, const struct err *problem)
{
    struct str message, text;

    if (watch->manner != MANNER_PAINT) {
        print_notice(watch->ctx, "Error: %s\n", problem->message);
        return;
    }
    str_init(&message, arena);
    str_init(&text, arena);
    str_printf(&message, "Error: %s\n", problem->message);
    utf8_clean(&message);
    style_wrap(&message, terminal_size(watch->ctx->out).columns);
    style_add_message(&text, print_has_colour(watch->ctx, watch->ctx->out), message.text);
    str_printf(&text, "As of %s:\n", watch->since);
    str_add_bytes(&text, watch->screen.text, watch->screen.length);
    paint(watch, arena, &text);
}

/* Another screen, no cursor, and long lines are cut instead of wrapped. */
static const char on_enter[] = "\033[?1049h\033[?25l\033[?7l";
static const char on_leave[] = "\033[?7h\033[?25h\033[?1049l";

static void enter(const struct watch *watch)
{
    if (watch->manner != MANNER_PAINT)
        return;
    guard_begin(fileno(watch->ctx->out), NULL, on_leave, on_enter);
    print_bytes(watch->ctx, on_enter, sizeof on_enter - 1);
}

static void leave(struct watch *watch)
{
    if (watch->manner != MANNER_PAINT || !watch->since)
        return;
    print_bytes(watch->ctx, on_leave, sizeof on_leave - 1);
    fflush(watch->ctx->out);
    guard_end();
    style_cut(&watch->screen, terminal_size(watch->ctx->out).columns);
    print_bytes(watch->ctx, watch->screen.text, watch->screen.length);
}

/* Makes and shows one screen. Fails where that is the end. */
static bool tick(struct watch *watch, watch_frame *frame, const void *data, struct err *err)
{
    struct arena *arena = arena_new(watch->ctx->arena);
    struct err problem = ERR_INIT;
    struct str screen;

    str_init(&screen, arena);
    bool made = frame(watch->ctx, arena, data, &screen, &problem);
    made = print_check(arena, &screen, made ? &problem : NULL) && made;
    if (made) {
        if (!watch->since)
            enter(watch);
        watch->since = when_stamp(arena, 0);
        made = show(watch, arena, &screen, err);
        arena_free(watch->arena);
        watch->arena = arena;
        watch->screen = screen;
        return made;
    }
    if (problem.kind != ERR_ABORTED && watch->since && differs(watch->ctx, DIFF_WATCH_GOES_ON)) {
        show_problem(watch, arena, &problem);
        arena_free(arena);
        return true;
    }
    /* Ctrl-C in the pager may end it: the failure before it is what counts. */
    if (problem.kind != ERR_ABORTED && !show(watch, arena, &screen, err))
        signals_clear();
    *err = problem;
    return false;
}

/* Sleeps for the rest of the interval. Fails on Ctrl-C and other signals. */
static bool rest(const struct watch *watch, double seconds, int64_t start, struct err *err)
{
    double left = seconds - (double)(clock_ms() - start) / 1000;

    if (left > MOST_SECONDS)
        return err_set(err, watch->ctx->arena, ERR_FAILED, "the interval is too long");
    if (signals_sleep(deadline_in(left > LEAST_SECONDS ? left : LEAST_SECONDS)))
        return true;
    return err_set(err, watch->ctx->arena, ERR_ABORTED, "%s", ERR_MESSAGE_ABORTED);
}

bool watch_run(struct ctx *ctx, const struct watch_style *style, watch_frame *frame, const void *data, struct err *err)
{
    struct watch watch = {.ctx = ctx, .large = PRINT_WHOLE};
    bool once = style->seconds == 0;
    int64_t start;

    if (style->drawn)
        watch.large = once ? PRINT_PAGE : PRINT_CUT;
    if (!once && style->replace && terminal_is(ctx->out)) {
        if (!differs(ctx, DIFF_WATCH_REDRAW))
            watch.manner = MANNER_CLEAR;
        else if (!terminal_is_dumb())
            watch.manner = MANNER_PAINT;
    }
    do {
        start = clock_ms();
        if (!tick(&watch, frame, data, err))
            break;
        if (once)
            return true;
        /* Whoever reads it has to get it now. If nobody can, that is the end, and run.c says why. */
        if (fflush(ctx->out) || ferror(ctx->out))
            return true;
    } while (rest(&watch, style->seconds, start, err));
    leave(&watch);
    if (!differs(ctx, DIFF_WATCH_CTRL_C) || !watch.since || once || err->kind != ERR_ABORTED ||
        signals_pending() != SIGINT)
        return false;
    signals_clear(); /* this is how a watch is meant to end */
    return true;
}
