#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "pgha/arena.h"
#include "pgha/help.h"
#include "pgha/utf8.h"

static const char *const kinds[] = {"restart", "switchover", NULL};

static const struct opt opts[] = {
    {.names = "--kind|-k", .help = "Which one", .kind = OPT_CHOICE, .choices = kinds},
    {.names = "-U|--username", .help = "A name of a user, and some more words to fill the line", .kind = OPT_STRING},
    {.names = "--own", .help = "Ours alone", .kind = OPT_FLAG, .pgha_only = true},
    {.names = NULL},
};

static const struct arg args[] = {
    {.name = "cluster_name", .required = true},
    {.name = "member_names", .many = true},
    {.name = "target", .choices = kinds, .required = true},
    {.name = NULL},
};

static const struct cmd cmd = {.name = "try", .help = "Tries things", .opts = opts, .args = args};

static const char *page(struct arena *arena, const char *prog, bool as_patronictl, size_t width)
{
    struct help help = {.arena = arena, .prog = prog, .differences.as_patronictl = as_patronictl, .width = width};
    struct str str;

    str_init(&str, arena);
    help_page(&help, &cmd, &str);
    return str.text;
}

static void wraps(void **state)
{
    struct arena *arena = arena_new(NULL);

    (void)state;
    assert_string_equal(page(arena, "patronictl", true, 78),
                        "Usage: patronictl try [OPTIONS] CLUSTER_NAME [MEMBER_NAMES]...\n"
                        "                      {restart|switchover}\n"
                        "\n"
                        "  Tries things\n"
                        "\n"
                        "Options:\n"
                        "  -k, --kind [restart|switchover]\n"
                        "                                  Which one\n"
                        "  -U, --username TEXT             A name of a user, and some more words to\n"
                        "                                  fill the line\n"
                        "  --help                          Show this message and exit.\n");
    /* Beside so long a name there is no room, and the longest word is cut. */
    assert_string_equal(page(arena, "a-very-long-name-for-this", false, 50),
                        "Usage: a-very-long-name-for-this try \n"
                        "           [OPTIONS] CLUSTER_NAME\n"
                        "           [MEMBER_NAMES]... {restart|switchover}\n"
                        "\n"
                        "  Tries things\n"
                        "\n"
                        "Options:\n"
                        "  -k, --kind [restart|switchover]\n"
                        "                                  Which one\n"
                        "  -U, --username TEXT             A name of a\n"
                        "                                  user, and some\n"
                        "                                  more words to\n"
                        "                                  fill the line\n"
                        "  --own                           Ours alone\n"
                        "  --help                          Show this help\n");
    arena_free(arena);
}

static void lists_commands(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct help help = {.arena = arena, .prog = "patronictl", .differences.as_patronictl = true, .width = 78};
    struct str str;

    (void)state;
    str_init(&str, arena);
    help_page(&help, NULL, &str);
    assert_non_null(strstr(str.text, "\n  -d, --dcs-url, --dcs TEXT  The DCS connect url\n"));
    assert_non_null(
        strstr(str.text, "\n  dsn              Generate a dsn for the provided member, defaults to a...\n"));
    assert_non_null(strstr(str.text, "\n  version          Output version of patronictl command or a running...\n"));
    assert_null(strstr(str.text, "--version"));
    str_cut(&str, 0);
    help.differences.as_patronictl = false;
    help_page(&help, NULL, &str);
    assert_non_null(strstr(str.text, "--version"));
    assert_non_null(strstr(str.text, "\nChange the leader:\n"
                                     "  failover         Make a member the leader, even without a healthy leader\n"
                                     "  switchover       Move the leader role to a replica, without data loss\n\n"));
    assert_null(strstr(strstr(str.text, "[ARGS]...") + 9, "..."));
    arena_free(arena);
}

static void check_line(const char *of, const char *help)
{
    if (!help || utf8_count(help) > 60 || help[strlen(help) - 1] == '.' || *help < 'A' || *help > 'Z')
        fail_msg("%s: %s", of, help ? help : "no help");
}

static void says_it_in_a_line(void **state)
{
    (void)state;
    for (const struct opt *opt = global_opts; opt->names; opt++)
        check_line(opt->names, opt->help);
    for (const struct cmd *const *at = commands; *at; at++) {
        check_line((*at)->name, (*at)->help);
        if ((*at)->hidden != ((*at)->group == GROUP_NONE))
            fail_msg("%s: a visible command has a group, a hidden one has none", (*at)->name);
        for (const struct opt *opt = (*at)->opts; opt->names; opt++)
            check_line((*at)->name, opt->help);
    }
    for (enum cmd_group group = GROUP_NONE + 1; group < GROUP_COUNT; group++)
        check_line("group", group_titles[group]);
}

static void knows_width(void **state)
{
    FILE *file = tmpfile();

    (void)state;
    assert_non_null(file);
    setenv("COLUMNS", "70", 1);
    assert_int_equal(help_width(file), 68);
    setenv("COLUMNS", "200", 1);
    assert_int_equal(help_width(file), 78);
    setenv("COLUMNS", "20", 1);
    assert_int_equal(help_width(file), 50);
    setenv("COLUMNS", "wide", 1);
    assert_int_equal(help_width(file), 78);
    unsetenv("COLUMNS");
    assert_int_equal(help_width(file), 78);
    fclose(file);
}

static void short_texts(void **state)
{
    struct arena *arena = arena_new(NULL);

    (void)state;
    assert_string_equal(help_short(arena, "One two", 20), "One two");
    assert_string_equal(help_short(arena, "One two. Three", 20), "One two.");
    assert_string_equal(help_short(arena, "One two three four", 12), "One two...");
    assert_string_equal(help_short(arena, "One two three", 7), "One...");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(wraps), cmocka_unit_test(lists_commands),
                                       cmocka_unit_test(says_it_in_a_line), cmocka_unit_test(knows_width),
                                       cmocka_unit_test(short_texts)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
