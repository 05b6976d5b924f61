#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../../src/shell/words.h"
#include "pgha/arena.h"
#include "pgha/str.h"

/* The words with a bar between them. */
static const char *joined(struct arena *arena, const char *text, struct words_line *line, enum words_outcome *outcome)
{
    struct str str;

    *outcome = words_split(arena, text, line);
    str_init(&str, arena);
    for (size_t i = 0; i < line->count; i++)
        str_printf(&str, "%s%s", i ? "|" : "", line->words[i]);
    return str.text;
}

static void splits(void **state)
{
    static const struct {
        const char *text;
        const char *words;
        const char *rest;
    } cases[] = {
        {"", "", ""},
        {"  \t\r", "", ""},
        {"list", "list", ""},
        {" list  -f\tjson \r", "list|-f|json", ""},
        {"list\nhistory", "list", "history"},
        {"list # a 'comment", "list", ""},
        {"# list\nhistory", "", "history"},
        {"a#b", "a#b", ""},
        {"''", "", ""},
        {"a '' b", "a||b", ""},
        {"'a b'c\"d e\"", "a bcd e", ""},
        {"'a\\b'", "a\\b", ""},
        {"\"a\\\"\\$\\`\\\\\\x\"", "a\"$`\\\\x", ""},
        {"a\\ b \\'c", "a b|'c", ""},
        {"a\\\nb c", "ab|c", ""},
        {"a \\\n b", "a|b", ""},
        {"\"a\\\nb\"", "ab", ""},
        {"'a\nb'", "a\nb", ""},
        {"$HOME * ~ ? `x` {a,b}", "$HOME|*|~|?|`x`|{a,b}", ""},
        {"'|' \\; \"&\" a\\<", "||;|&|a<", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(NULL);
        struct words_line line;
        enum words_outcome outcome;

        assert_string_equal(joined(arena, cases[i].text, &line, &outcome), cases[i].words);
        assert_int_equal(outcome, WORDS_COMPLETE);
        assert_string_equal(line.rest, cases[i].rest);
        arena_free(arena);
    }
}

static void wants_more(void **state)
{
    static const char *const texts[] = {"a 'b", "a \"b", "a \"b\\", "a \\", "a\\\n", "\"\\\"", "'\n"};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct arena *arena = arena_new(NULL);
        struct words_line line;

        assert_int_equal(words_split(arena, texts[i], &line), WORDS_OPEN);
        arena_free(arena);
    }
}

static void refuses_operators(void **state)
{
    (void)state;
    for (const char *at = "|&;<>()"; *at; at++) {
        struct arena *arena = arena_new(NULL);
        struct words_line line;

        assert_int_equal(words_split(arena, arena_printf(arena, "list %c x", *at), &line), WORDS_REFUSED);
        assert_int_equal(line.operator, * at);
        assert_int_equal(words_split(arena, arena_printf(arena, "list # %c", *at), &line), WORDS_COMPLETE);
        arena_free(arena);
    }
}

static void tells_where_the_last_word_is(void **state)
{
    static const struct {
        const char *text;
        size_t count, start;
        bool in_word;
        char quote;
    } cases[] = {
        {"", 0, 0, false, 0},         {"li", 1, 0, true, 0},
        {"list ", 1, 0, false, 0},    {"list 'a b", 2, 5, true, '\''},
        {"list \"", 2, 5, true, '"'}, {"a  b\\ c", 2, 3, true, 0},
        {"list # x", 1, 0, false, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new(NULL);
        struct words_line line;

        (void)words_split(arena, cases[i].text, &line);
        assert_int_equal(line.count, cases[i].count);
        assert_int_equal(line.start, cases[i].start);
        assert_int_equal(line.in_word, cases[i].in_word);
        assert_int_equal(line.quote, cases[i].quote);
        arena_free(arena);
    }
}

static void quotes_back(void **state)
{
    static const char *const words[] = {"plain", "a b", "#a", "a#b", "it's", "\"", "\\", "a|b;(c)<>&", "\t"};

    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct arena *arena = arena_new(NULL);
        struct words_line line;

        assert_int_equal(words_split(arena, words_quote(arena, words[i]), &line), WORDS_COMPLETE);
        assert_int_equal(line.count, 1);
        assert_string_equal(line.words[0], words[i]);
        arena_free(arena);
    }
    struct arena *arena = arena_new(NULL);
    assert_string_equal(words_quote(arena, "plain-1.x=y"), "plain-1.x=y");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(splits),
        cmocka_unit_test(wants_more),
        cmocka_unit_test(refuses_operators),
        cmocka_unit_test(tells_where_the_last_word_is),
        cmocka_unit_test(quotes_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
