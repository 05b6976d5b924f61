#include "words.h"

#include <string.h>

#include "pgha/arena.h"
#include "pgha/str.h"

/* These would run, redirect or join commands; taking them for text would hide that they do nothing here. */
static const char operators[] = "|&;<>()";

struct splitter {
    struct arena *arena;
    struct words_line *line;
    const char *at;
    struct str word;
};

static void begin(struct splitter *splitter, const char *text)
{
    if (splitter->line->in_word)
        return;
    splitter->line->in_word = true;
    splitter->line->start = (size_t)(splitter->at - text);
    str_init(&splitter->word, splitter->arena);
}

static void end(struct splitter *splitter)
{
    struct words_line *line = splitter->line;

    if (!line->in_word)
        return;
    line->in_word = false;
    if (!(line->count & (line->count - 1))) {
        const char **words = arena_calloc(splitter->arena, line->count ? 2 * line->count : 1, sizeof *words);

        if (line->count)
            memcpy(words, line->words, line->count * sizeof *words);
        line->words = words;
    }
    line->words[line->count++] = splitter->word.text;
}

/* Takes what is between quotes; false when the second one is missing. */
static bool take_quoted(struct splitter *splitter)
{
    char quote = *splitter->at++;

    for (; *splitter->at && *splitter->at != quote; splitter->at++) {
        if (quote == '"' && splitter->at[0] == '\\' && splitter->at[1] && strchr("$`\"\\\n", splitter->at[1]))
            if (*++splitter->at == '\n')
                continue;
        str_add_char(&splitter->word, *splitter->at);
    }
    if (*splitter->at != quote) {
        splitter->line->quote = quote;
        return false;
    }
    splitter->at++;
    return true;
}

/* Takes the character behind a backslash; false when the line ends there. */
static bool take_escaped(struct splitter *splitter, const char *text)
{
    char next = splitter->at[1];

    if (next == '\n') { /* neither of the two is part of anything */
        splitter->at += 2;
        return *splitter->at;
    }
    begin(splitter, text);
    splitter->at += next ? 2 : 1;
    if (next)
        str_add_char(&splitter->word, next);
    return next;
}

static enum words_outcome split(struct splitter *splitter, const char *text)
{
    while (*splitter->at && *splitter->at != '\n') {
        char c = *splitter->at;

        if (c == ' ' || c == '\t' || c == '\r') {
            end(splitter);
            splitter->at++;
        } else if (c == '#' && !splitter->line->in_word) {
            splitter->at += strcspn(splitter->at, "\n");
        } else if (strchr(operators, c)) {
            splitter->line->operator= c;
            return WORDS_REFUSED;
        } else if (c == '\\') {
            if (!take_escaped(splitter, text))
                return WORDS_OPEN;
        } else if (c == '\'' || c == '"') {
            begin(splitter, text);
            if (!take_quoted(splitter))
                return WORDS_OPEN;
        } else {
            begin(splitter, text);
            str_add_char(&splitter->word, c);
            splitter->at++;
        }
    }
    return WORDS_COMPLETE;
}

enum words_outcome words_split(struct arena *arena, const char *text, struct words_line *line)
{
    struct splitter splitter = {.arena = arena, .line = line, .at = text};

    *line = (struct words_line){.count = 0};
    enum words_outcome outcome = split(&splitter, text);
    bool in_word = line->in_word;
    end(&splitter);
    line->in_word = in_word && !*splitter.at;
    line->rest = splitter.at + (*splitter.at == '\n');
    return outcome;
}

const char *words_quote(struct arena *arena, const char *text)
{
    struct str str;

    str_init(&str, arena);
    for (const char *at = text; *at; at++) {
        if (strchr(" \t\r\\'\"", *at) || strchr(operators, *at) || (*at == '#' && at == text))
            str_add_char(&str, '\\');
        str_add_char(&str, *at);
    }
    return str.text;
}
