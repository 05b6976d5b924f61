/* The command line: one word a line. */
#include <stdio.h>
#include <string.h>

#include "fuzz.h"
#include "pgha/complete.h"
#include "pgha/parse.h"

static void parse_as(struct arena *arena, struct differences differences, size_t count, const char *const *words)
{
    const struct parse parse = {.arena = arena, .differences = differences, .in = stdin, .scope = "demo"};
    struct globals globals = {0};
    struct parsed parsed = {0};
    struct completion completion;
    struct err err = ERR_INIT;

    if (count) {
        complete_words(arena, differences, count, words, &completion);
        FUZZ_CHECK(completion.members.count < count);
        for (size_t i = 0; i < completion.members.count; i++)
            FUZZ_CHECK(text_set_has(&completion.members, completion.members.items[i]));
    }
    if (!parse_globals(&parse, count, words, &globals, &parsed, &err)) {
        FUZZ_CHECK_ERR(err);
        return;
    }
    FUZZ_CHECK(parsed.end <= count);
    if (parsed.help || parsed.end == count)
        return;
    const struct cmd *cmd = parse_find_command(commands, words[parsed.end], differences);
    if (cmd && !parse_command(&parse, cmd, count - parsed.end - 1, words + parsed.end + 1,
                              arena_alloc(arena, cmd->args_size), &parsed, &err))
        FUZZ_CHECK_ERR(err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(NULL);
    char *text = arena_strndup(arena, size ? (const char *)data : "", size);
    const char **words = arena_calloc(arena, size + 1, sizeof *words);
    size_t count = 0;

    for (char *save, *word = strtok_r(text, "\n", &save); word; word = strtok_r(NULL, "\n", &save))
        words[count++] = word;
    parse_as(arena, differences_for("pgha"), count, words);
    parse_as(arena, differences_for("patronictl"), count, words);
    arena_free(arena);
    return 0;
}
