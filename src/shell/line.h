/* Where the shell's lines come from: a terminal with an editor (readline.c), or anything else that can be read. */
#ifndef PGHA_SHELL_LINE_H
#define PGHA_SHELL_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct arena;
struct completion;
struct words_line;

enum line_outcome {
    LINE_READ,
    LINE_END,       /* end of input, Ctrl-D */
    LINE_CANCELLED, /* Ctrl-C */
    LINE_SIGNALLED, /* a signal that asks the program to end */
};

enum line_event { LINE_KEY, LINE_CHANGED, LINE_SIGNAL };

/* What the editor needs of the shell. */
struct line_hooks {
    void *data;
    FILE *in;
    FILE *out;
    bool still; /* the terminal cannot show another prompt in the place of the one before */
    /* The prompt as it has to be now, in `arena`. */
    const char *(*prompt)(void *data, struct arena *arena);
    /* Waits for the next key. */
    enum line_event (*wait)(void *data);
    /* What the words before the cursor can become; `line` is how they were split. */
    void (*complete)(void *data, struct arena *arena, const struct words_line *line, struct completion *completion);
};

/* Prepares the editor, before anything else that it does. `hooks->prompt` and the like are not called. */
void line_begin(const struct line_hooks *hooks);

/* Reads a line with the editor; the terminal is as it was before when it returns. `*line` lives in `arena`. */
enum line_outcome line_edit(const struct line_hooks *hooks, struct arena *arena, const char **line);

/* Adds a line to those that the editor offers with the arrow keys. */
void line_remember(const char *line);

/* A descriptor that is read without an editor. Zeroed but for `fd` at first. `problem` is the errno that ended it. */
struct line_plain {
    int fd;
    int problem;
    size_t at;
    size_t end;
    char buffer[4096];
};

/* Reads a line; a last one without a newline counts. */
enum line_outcome line_plain(struct line_plain *plain, struct arena *arena, const char **line);

#endif
