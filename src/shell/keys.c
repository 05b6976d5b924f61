#include "keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pgha/arena.h"
#include "pgha/signals.h"
#include "pgha/str.h"
#include "typed.h"

/* Needs stdio before it. */
#include <readline/readline.h>

#define ESCAPE 0x1b
#define RUBOUT_KEY 0x7f
#define ABORT_KEY ('G' & 0x1f)
#define RUBOUT_WORD_KEY ('W' & 0x1f)
#define YANK_KEY ('Y' & 0x1f)
/* A key that nobody presses: it ends a search and does nothing else. */
#define END_SEARCH 0x1e
#define END_SEARCH_TEXT "\\C-^"
#define SEQUENCE_MOST 32
#define PASTE_BEGIN "\033[200~"
#define PASTE_END "\033[201~"
/* A line takes no more; readline's work for each key grows with it. */
#define LINE_MOST (1024 * 1024)
#define SEARCH_MOST 256
/* Larger counts are mistakes, and readline does not hear Ctrl-C while it repeats. */
#define COUNT_MOST 1000

#define NONE TYPED_NONE

/* Readline asks for keys without an argument of ours: what was read ahead is known to the file. */
static struct {
    unsigned char bytes[SEQUENCE_MOST + 1];
    size_t at;
    size_t count;
    char terminators[64]; /* keys that end a search and do nothing else */
    size_t terminator_count;
} ahead;

static int take(void)
{
    int key = ahead.bytes[ahead.at++];

    if (ahead.at == ahead.count)
        ahead.at = ahead.count = 0;
    return key;
}

static void put(const void *bytes, size_t count)
{
    if (ahead.count + count > sizeof ahead.bytes)
        return;
    memcpy(ahead.bytes + ahead.count, bytes, count);
    ahead.count += count;
}

static void put_key(int key)
{
    put(&(unsigned char){(unsigned char)key}, 1);
}

/* The next byte within `timeout` milliseconds (-1: without limit); NONE without one, at the end and for a signal. */
static int read_byte(int timeout)
{
    return typed_byte(fileno(rl_instream), timeout);
}

static void limit_count(void)
{
    if (rl_numeric_arg > COUNT_MOST)
        rl_numeric_arg = COUNT_MOST;
    if (rl_numeric_arg < -COUNT_MOST)
        rl_numeric_arg = -COUNT_MOST;
}

/*
 * Ctrl-C makes the terminal forget what was typed, also what the caller had been told of: a plain read would then wait
 * for another key. The line is given up for the signal, so any key will do; that of C-@ shows nothing.
 */
static int next_key(FILE *stream)
{
    (void)stream;
    limit_count();
    if (ahead.count)
        return take();
    int key = read_byte(-1);
    if (key == NONE && signals_pending())
        return '\0';
    return key == NONE ? EOF : key;
}

/* Readline would read what was typed ahead, past all that is done about it here. */
static int is_ahead(void)
{
    return ahead.count > 0;
}

void keys_set_up(void)
{
    rl_getc_function = next_key;
    rl_input_available_hook = is_ahead;
}

void keys_configure(void)
{
    const char *set = rl_variable_value("isearch-terminators");
    struct arena *arena = arena_new(NULL);
    /* Without a value they are ESC and C-J. */
    char *text = arena_printf(arena, "%s" END_SEARCH_TEXT, set && *set ? set : "\\e\\C-j");
    char *keys = arena_alloc(arena, 2 * strlen(text) + 1);
    int count = 0;

    if (rl_translate_keyseq(text, keys, &count) == 0 && (size_t)count <= sizeof ahead.terminators) {
        memcpy(ahead.terminators, keys, (size_t)count);
        ahead.terminator_count = (size_t)count;
        rl_variable_bind("isearch-terminators", arena_printf(arena, "\"%s\"", text));
    }
    arena_free(arena);
}

/* Reads what belongs to an escape; `*length` bytes. Whether it is a whole sequence, and not an escape and a key. */
static bool read_sequence(unsigned char *bytes, size_t *length)
{
    int key;

    bytes[0] = ESCAPE;
    *length = 1;
    while (*length < SEQUENCE_MOST && (key = read_byte(TYPED_SEQUENCE_MS)) != NONE) {
        bytes[(*length)++] = (unsigned char)key;
        if (*length == 2 && key != '[' && key != 'O')
            return false;
        if (*length == 2 || (*length == 3 && bytes[1] == '[' && key == '[')) /* the Linux console's F1 */
            continue;
        if (bytes[1] == 'O' || (key >= 0x40 && key <= 0x7e))
            return true;
        if (key < 0x20 || key > 0x7e)
            return false;
    }
    return false;
}

static bool is_bound(const unsigned char *bytes, size_t length)
{
    char text[SEQUENCE_MOST + 1] = "";

    memcpy(text, bytes, length);
    return rl_function_of_keyseq(text, rl_get_keymap(), NULL) != NULL;
}

static bool is_searching(void)
{
    return RL_ISSTATE(RL_STATE_ISEARCH);
}

/* Keys that a search takes for itself. */
static bool is_for_search(int key)
{
    static rl_command_func_t *const functions[] = {
        rl_reverse_search_history, rl_forward_search_history, rl_rubout, rl_abort, rl_unix_word_rubout, rl_yank,
    };
    const KEYMAP_ENTRY *entry = &rl_get_keymap()[key];

    if (entry->type != ISFUNC)
        return false;
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (entry->function == functions[i])
            return true;
    /* Those that readline looks for itself, and text; a byte of a character is text. */
    return key == ABORT_KEY || key == RUBOUT_WORD_KEY || key == YANK_KEY || (key >= ' ' && key < RUBOUT_KEY) ||
           (key > RUBOUT_KEY && MB_CUR_MAX > 1);
}

static void put_in_search(int key)
{
    if (memchr(ahead.terminators, key, ahead.terminator_count)) {
        put_key(END_SEARCH);
        return;
    }
    if (!is_for_search(key))
        put_key(END_SEARCH);
    put_key(key);
}

enum pasted { PASTED, PASTED_PART, PASTED_TOO_LONG, PASTED_UNSAFE };

/* Reads the pasted text without what ends it. A signal, or the end of input, leaves a part of it. */
static enum pasted read_paste(struct str *text)
{
    const size_t end = strlen(PASTE_END);
    char last[sizeof PASTE_END] = "";
    size_t room = LINE_MOST > rl_end ? (size_t)(LINE_MOST - 1 - rl_end) : 0;
    size_t length = 0;
    int key;

    while ((key = read_byte(-1)) != NONE) {
        memmove(last, last + 1, end - 1);
        last[end - 1] = (char)key;
        if (length < room + end)
            str_add_char(text, key == '\r' ? '\n' : (char)key);
        length++;
        if (memcmp(last, PASTE_END, end) == 0) {
            if (length > room + end)
                return PASTED_TOO_LONG;
            str_cut(text, text->length - end);
            return typed_safe(text->text, text->length) == text->length ? PASTED : PASTED_UNSAFE;
        }
    }
    return PASTED_PART;
}

/* A part of the text must not be run as if it were all of it. */
static void refuse_paste(enum pasted pasted)
{
    rl_clear_visible_line();
    fputs("Error: the pasted text is dropped: ", rl_outstream);
    if (pasted == PASTED_TOO_LONG)
        fprintf(rl_outstream, "a line has at most %d bytes\n", LINE_MOST);
    else
        fputs("it has characters that cannot be seen or that a terminal obeys\n", rl_outstream);
    rl_forced_update_display();
}

/* Without NULs, which would end the line. */
static void insert(struct arena *arena, const struct str *text)
{
    struct str line;

    str_init(&line, arena);
    for (size_t i = 0; i < text->length; i++)
        if (text->text[i])
            str_add_char(&line, text->text[i]);
    rl_begin_undo_group();
    rl_insert_text(line.text);
    rl_end_undo_group();
    rl_redisplay();
}

/* A search takes the beginning of what is pasted, up to anything that would end the search. */
static void search(const struct str *text)
{
    for (size_t i = 0; i < text->length && i < SEARCH_MOST && is_searching(); i++) {
        unsigned char key = (unsigned char)text->text[i];

        if (key < ' ' || key == RUBOUT_KEY || (key > RUBOUT_KEY && MB_CUR_MAX == 1))
            break;
        put_key(key);
        /* Readline takes the bytes of a character at once. */
        if (i + 1 < text->length && ((unsigned char)text->text[i + 1] & 0xc0) == 0x80 && ahead.count < SEQUENCE_MOST)
            continue;
        while (keys_left())
            rl_callback_read_char();
    }
    while (keys_left())
        rl_callback_read_char();
}

static void paste(void)
{
    struct arena *arena = arena_new(NULL);
    struct str text;

    str_init(&text, arena);
    enum pasted pasted = read_paste(&text);
    if (pasted == PASTED && is_searching())
        search(&text);
    else if (pasted == PASTED)
        insert(arena, &text);
    else if (pasted != PASTED_PART)
        refuse_paste(pasted);
    arena_free(arena);
}

/* What an escape is for the command that waits for a key. */
enum waiting {
    WAITING_FOR_COMMAND,
    WAITING_TO_SEARCH,  /* Ctrl-R */
    WAITING_FOR_STRING, /* a search that is typed as a whole: M-p, vi's / */
    WAITING_FOR_CHAR,   /* a character to go to; readline's look for a paste there goes wrong with other sequences */
    WAITING_FOR_VI,     /* the same of vi's commands, which an escape cancels */
    WAITING_FOR_ANY,    /* it is taken as it is */
};

static enum waiting waiting_for(void)
{
    static const struct {
        rl_command_func_t *last;
        enum waiting waiting;
    } rows[] = {
        {rl_char_search, WAITING_FOR_CHAR},  {rl_backward_char_search, WAITING_FOR_CHAR},
        {rl_vi_char_search, WAITING_FOR_VI}, {rl_vi_change_char, WAITING_FOR_VI},
        {rl_vi_set_mark, WAITING_FOR_VI},    {rl_vi_goto_mark, WAITING_FOR_VI},
        {rl_quoted_insert, WAITING_FOR_ANY},
    };

    if (is_searching())
        return WAITING_TO_SEARCH;
    if (RL_ISSTATE(RL_STATE_NSEARCH))
        return WAITING_FOR_STRING;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rl_last_func == rows[i].last)
            return rows[i].waiting;
    return RL_ISSTATE(RL_STATE_METANEXT | RL_STATE_MULTIKEY) ? WAITING_FOR_ANY : WAITING_FOR_COMMAND;
}

/* An escape, with what belongs to it. */
static void put_escape(enum waiting waiting)
{
    unsigned char bytes[SEQUENCE_MOST];
    size_t length;
    bool whole = read_sequence(bytes, &length);

    if (whole && length == strlen(PASTE_BEGIN) && memcmp(bytes, PASTE_BEGIN, length) == 0) {
        paste();
        return;
    }
    switch (waiting) {
    case WAITING_FOR_CHAR:
        put_key(ABORT_KEY);
        return;
    case WAITING_FOR_VI:
        put_key(ESCAPE);
        return;
    case WAITING_FOR_STRING:
        if (length == 1)
            put_key(ABORT_KEY);
        return;
    case WAITING_TO_SEARCH:
        if (whole && !is_bound(bytes, length))
            return;
        put_key(END_SEARCH);
        if (length > 1)
            put(bytes, length);
        return;
    case WAITING_FOR_COMMAND:
    case WAITING_FOR_ANY:
        if (!whole || is_bound(bytes, length))
            put(bytes, length);
    }
}

/* All bytes of it at once. */
static void put_character(int first, enum waiting waiting)
{
    char bytes[TYPED_CHARACTER_MOST];
    size_t length;
    uint32_t code;

    if (!typed_character(fileno(rl_instream), first, bytes, &length, &code) || rl_end >= LINE_MOST)
        rl_ding();
    else if (waiting == WAITING_TO_SEARCH && MB_CUR_MAX == 1)
        put_in_search(first);
    else
        put(bytes, length);
}

static void read_ahead(void)
{
    enum waiting waiting = waiting_for();
    int key = read_byte(-1);

    if (key == NONE)
        rl_callback_read_char(); /* the end of input, or a signal */
    else if (key == ESCAPE && waiting != WAITING_FOR_ANY)
        put_escape(waiting);
    else if (key > RUBOUT_KEY)
        put_character(key, waiting);
    else if (waiting == WAITING_TO_SEARCH)
        put_in_search(key);
    else if (rl_end < LINE_MOST || key == RUBOUT_KEY || (key < ' ' && key != '\r' && key != '\n'))
        put_key(key);
    else
        rl_ding();
}

void keys_act(void)
{
    if (!ahead.count)
        read_ahead();
    if (ahead.count)
        rl_callback_read_char();
}

bool keys_left(void)
{
    return ahead.count > 0;
}
