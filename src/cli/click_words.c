#include <stdlib.h>
#include <string.h>

#include "pgha/arena.h"
#include "pgha/click.h"
#include "pgha/pytext.h"

/* Appends what one word at `text` stands for, up to the blank behind it; NULL when there is none, only blanks. */
static const char *next_word(const char *text, struct str *word)
{
    char quote = '\0';

    text += strspn(text, " \t\r\n");
    if (!*text)
        return NULL;
    for (; *text && (quote || !strchr(" \t\r\n", *text)); text++) {
        if (*text == '\\' && quote != '\'') {
            /* Between double quotes it is a character like others, but before itself and them. At the end it is gone.
             */
            if (!text[1])
                continue;
            text++;
            if (quote && *text != '\\' && *text != quote)
                str_add_char(word, '\\');
            str_add_char(word, *text);
        } else if (quote ? *text == quote : *text == '\'' || *text == '"') {
            quote = quote ? '\0' : *text;
        } else {
            str_add_char(word, *text);
        }
    }
    return text;
}

static struct opt_list split(struct arena *arena, const char *text)
{
    struct opt_list words = {.items = arena_calloc(arena, strlen(text) / 2 + 1, sizeof *words.items)};

    for (;;) {
        struct str word;

        str_init(&word, arena);
        text = next_word(text, &word);
        if (!text)
            return words;
        words.items[words.count++] = word.text;
    }
}

/* fish gives the word itself, and also has it at the end of the others. */
static void read_fish(const struct opt_list *all, const char *last, struct click_line *line)
{
    line->words.count = all->count ? all->count - 1 : 0;
    line->last = last;
    if (*last && line->words.count && str_equal(all->items[all->count - 1], last))
        line->words.count--;
}

/* A negative index counts from the end, as Python's do: no shell sends one. */
static void read_index(const struct opt_list *all, long long index, struct click_line *line)
{
    long long count = (long long)all->count, at = index < 0 ? index + count : index;
    long long end = at < 0 ? 0 : at > count ? count : at;

    line->words.count = end > 1 ? (size_t)end - 1 : 0;
    line->last = at >= 0 && at < count ? all->items[at] : "";
}

bool click_read(struct arena *arena, enum click_shell shell, const char *comp_words, const char *comp_cword,
                struct click_line *line, struct err *err)
{
    long long index = 0;

    if (!comp_words || !comp_cword)
        return err_set(err, arena, ERR_FAILED, "%s is not set; the shell's completion script sets it",
                       comp_words ? "COMP_CWORD" : "COMP_WORDS");
    if (shell != CLICK_FISH && !pytext_to_int(arena, comp_cword, &index))
        return err_set(err, arena, ERR_FAILED, "COMP_CWORD is not a number: \"%s\"", comp_cword);
    struct opt_list all = split(arena, comp_words);
    line->words.items = all.count ? all.items + 1 : all.items;
    if (shell == CLICK_FISH)
        read_fish(&all, comp_cword, line);
    else
        read_index(&all, index, line);
    return true;
}
