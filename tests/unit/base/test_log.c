#include <regex.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "pgha/log.h"

static char *text;
static size_t length;

static void check(const char *pattern)
{
    regex_t regex;

    assert_int_equal(regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB), 0);
    if (regexec(&regex, text, 0, NULL, 0))
        fail_msg("\"%s\" does not match %s", text, pattern);
    regfree(&regex);
}

static int open_stream(void **state)
{
    FILE *stream = open_memstream(&text, &length);

    *state = stream;
    return stream ? 0 : -1;
}

static int close_stream(void **state)
{
    fclose(*state);
    free(text);
    return 0;
}

static void a_line_is_patronictls(void **state)
{
    const struct log log = {*state, LOG_LEVEL_WARNING};

    log_warning(&log, "%s is %d", "x", 1);
    check("^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2},[0-9]{3} - WARNING - x is 1\n$");
}

static void every_level_has_its_name(void **state)
{
    const struct log log = {*state, LOG_LEVEL_DEBUG};

    log_debug(&log, "a");
    log_info(&log, "b");
    log_warning(&log, "c");
    log_error(&log, "d");
    check(" DEBUG - a\n.* INFO - b\n.* WARNING - c\n.* ERROR - d\n$");
}

static void what_is_below_the_level_is_dropped(void **state)
{
    const struct log log = {*state, LOG_LEVEL_ERROR};

    log_warning(&log, "no");
    fflush(*state);
    assert_int_equal(length, 0);
    log_error(&log, "yes");
    check("ERROR - yes\n$");
}

static void no_log_is_no_mistake(void **state)
{
    const struct log silent = {NULL, LOG_LEVEL_DEBUG};

    (void)state;
    log_error(&silent, "into the void");
    log_error((const struct log *)NULL, "into the void");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_line_is_patronictls, open_stream, close_stream),
        cmocka_unit_test_setup_teardown(every_level_has_its_name, open_stream, close_stream),
        cmocka_unit_test_setup_teardown(what_is_below_the_level_is_dropped, open_stream, close_stream),
        cmocka_unit_test(no_log_is_no_mistake),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
