#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pgha/arena.h"
#include "pgha/complete.h"
#include "pgha/str.h"

#define MOST_WORDS 8

/* `line` is split at blanks; `expected` are the candidates, each followed by a blank. */
static struct completion complete(struct arena *arena, bool as_patronictl, const char *line)
{
    const char *words[MOST_WORDS];
    size_t count = 0;
    struct completion completion;

    for (char *at = arena_strdup(arena, line);; *at++ = '\0') {
        assert_in_range(count, 0, MOST_WORDS - 1);
        words[count++] = at;
        at += strcspn(at, " ");
        if (!*at)
            break;
    }
    complete_words(arena, (struct differences){as_patronictl}, count, words, &completion);
    return completion;
}

static const char *texts(struct arena *arena, const struct completion *completion)
{
    struct str str;

    str_init(&str, arena);
    for (size_t i = 0; i < completion->count; i++)
        str_printf(&str, "%s ", completion->items[i].text);
    return str.text;
}

static void candidates(void **state)
{
    static const struct {
        bool as_patronictl;
        const char *line;
        const char *expected;
        enum completes more;
    } rows[] = {
        {false, "switch", "switchover ", COMPLETE_NOTHING},
        {false, "dump", "", COMPLETE_NOTHING},
        {false, "--ins", "--insecure ", COMPLETE_NOTHING},
        {false, "--tim", "--timeout ", COMPLETE_NOTHING},
        {true, "--tim", "", COMPLETE_NOTHING},
        {false, "--no", "--no-pager ", COMPLETE_NOTHING},
        {false, "--color ", "auto always never ", COMPLETE_NOTHING},
        {false, "--color=a", "--color=auto --color=always ", COMPLETE_NOTHING},
        {false, "--color=never --no-pager topo", "topology ", COMPLETE_NOTHING},
        {true, "--co", "--config-file ", COMPLETE_NOTHING},
        {false, "--config-file ", "", COMPLETE_FILES},
        {false, "-k -c f list --form", "--format ", COMPLETE_NOTHING},
        {false, "list -f ", "pretty tsv json yaml yml ", COMPLETE_NOTHING},
        {false, "list --format=y", "--format=yaml --format=yml ", COMPLETE_NOTHING},
        {false, "list -efj", "-efjson ", COMPLETE_NOTHING},
        {false, "list --format=json ", "", COMPLETE_CLUSTERS},
        {false, "list -- --form", "", COMPLETE_CLUSTERS},
        {false, "reload ", "", COMPLETE_CLUSTERS},
        {false, "reload demo ", "", COMPLETE_MEMBERS},
        {false, "flush demo re", "restart ", COMPLETE_MEMBERS},
        {false, "restart --he", "--help ", COMPLETE_NOTHING},
        {false, "nonsense ", "", COMPLETE_NOTHING},
        {false, "nonsense list --", "", COMPLETE_NOTHING},
    };
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct completion found = complete(arena, rows[i].as_patronictl, rows[i].line);
        assert_string_equal(texts(arena, &found), rows[i].expected);
        assert_int_equal(found.more, rows[i].more);
    }
    arena_free(arena);
}

static void what_names_depend_on(void **state)
{
    struct arena *arena = arena_new(NULL);

    (void)state;
    setenv("PATRONICTL_CONFIG_FILE", "environment.yml", 1);
    setenv("DCS_URL", "etcd3://environment", 1);
    struct completion found = complete(arena, false, "-cgiven.yml --insecure reload demo pg1 --role any pg");
    assert_string_equal(found.globals.config_file, "given.yml");
    assert_string_equal(found.globals.dcs_url, "etcd3://environment");
    assert_true(found.globals.insecure);
    assert_string_equal(found.cluster, "demo");
    assert_int_equal(found.members.count, 2);
    assert_string_equal(found.members.items[1], "pg1");
    assert_string_equal(found.word, "pg");
    found = complete(arena, false, "failover --candidate=p");
    assert_null(found.cluster);
    complete_add(arena, &found, "pg1", NULL);
    complete_add(arena, &found, "other", NULL);
    assert_string_equal(texts(arena, &found), "--candidate=pg1 ");
    unsetenv("PATRONICTL_CONFIG_FILE");
    unsetenv("DCS_URL");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(candidates), cmocka_unit_test(what_names_depend_on)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
