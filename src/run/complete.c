#include "complete.h"

#include <stdlib.h>
#include <string.h>

#include "pgha/arena.h"
#include "pgha/click.h"
#include "pgha/names.h"
#include "pgha/str.h"
#include "pgha/utf8.h"

/*
 * bash takes "=" and ":" for words of their own. In an invocation of pgha what stands around them is one word again, so
 * that a store such as etcd3://10.0.0.1 is found; the candidates begin behind the last of them.
 */
static void join_words(struct arena *arena, struct click_line *line)
{
    struct opt_list *words = &line->words;
    struct str joined;
    size_t count = 0;
    bool open = false;

    for (size_t i = 0; i < words->count; i++) {
        const char *word = words->items[i];
        bool binds = *word && !word[strspn(word, "=:")];

        if (!count || !(binds || open)) {
            str_init(&joined, arena);
            count++;
        }
        str_add(&joined, word);
        words->items[count - 1] = joined.text;
        open = binds;
    }
    words->count = count;
    if (count && (open || str_equal(line->last, "=")))
        line->last = arena_printf(arena, "%s%s", words->items[--words->count], line->last);
}

/* The candidates of pgha itself, with the names that the store has. */
static void complete_pgha(struct ctx *ctx, struct click_line *line, bool joins, struct completion *completion)
{
    if (joins)
        join_words(ctx->arena, line);
    const char **words = arena_calloc(ctx->arena, line->words.count + 1, sizeof *words);
    memcpy(words, line->words.items, line->words.count * sizeof *words);
    words[line->words.count] = line->last;
    complete_words(ctx->arena, ctx->differences, line->words.count + 1, words, completion);
    names_add_configured(ctx, completion, ctx->differences);
    /* The script puts back what stands before the value of a long option. */
    size_t joined = strlen(completion->joined);
    for (size_t i = 0; joined && completion->joined[joined - 1] == '=' && i < completion->count; i++)
        completion->items[i].text += joined;
}

static bool answer(struct ctx *ctx, enum click_shell shell, struct err *err)
{
    struct click_line line;
    struct completion completion;
    struct str out;
    size_t shown = 0;

    if (!click_read(ctx->arena, shell, getenv("COMP_WORDS"), getenv("COMP_CWORD"), &line, err))
        return false;
    if (differs(ctx, DIFF_COMPLETION))
        complete_pgha(ctx, &line, shell == CLICK_BASH, &completion);
    else if (!click_complete(ctx->arena, &line, &completion, err))
        return false;
    str_init(&out, ctx->arena);
    for (size_t i = 0; i < completion.count; i++) {
        str_add(&out, shown++ ? "\n" : "");
        click_add(&out, shell, "plain", &completion.items[i]);
    }
    if (completion.more == COMPLETE_FILES && utf8_is_plain(completion.word)) {
        str_add(&out, shown++ ? "\n" : "");
        click_add(&out, shell, "file", &(struct candidate){.text = completion.word});
    }
    fprintf(ctx->out, "%s\n", out.text);
    return true;
}

static const char *instruction_for(struct arena *arena, const char *prog)
{
    const char *instruction = getenv(click_variable(arena, prog));

    return instruction && *instruction ? instruction : NULL;
}

const char *complete_asked(struct arena *arena, const char **prog)
{
    static const char reference[] = "patronictl";
    const char *instruction = instruction_for(arena, *prog);

    if (instruction)
        return instruction;
    instruction = instruction_for(arena, reference);
    if (instruction)
        *prog = reference;
    return instruction;
}

bool complete_answer(struct ctx *ctx, const char *instruction, struct err *err)
{
    size_t length = strcspn(instruction, "_");
    enum click_shell shell = click_shell(instruction, length);
    struct str script;

    if (shell != CLICK_NO_SHELL && str_equal(instruction + length, "_complete"))
        return answer(ctx, shell, err);
    ctx->status = 1; /* click does not say more to what it does not know */
    if (shell == CLICK_NO_SHELL || !str_equal(instruction + length, "_source"))
        return true;
    ctx->status = 0;
    str_init(&script, ctx->arena);
    click_script(ctx->arena, shell, ctx->prog, &script);
    fprintf(ctx->out, "%s\n", script.text);
    return true;
}
