#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "call.h"

#define KEY "/service/batman/"

static const char *const members[] = {KEY "config",
                                      "{}",
                                      KEY "initialize",
                                      "7",
                                      KEY "leader",
                                      "pg1",
                                      KEY "members/pg1",
                                      "{\"role\":\"primary\"}",
                                      KEY "members/pg2",
                                      "{\"state\":\"running\",\"api_url\":\"http://127.0.0.1:1/patroni\"}",
                                      KEY "members/pg3",
                                      "{\"tags\":{\"nofailover\":true}}",
                                      NULL};
static const char *const lonely[] = {KEY "initialize",         "7", KEY "leader", "pg1", KEY "members/pg1",
                                     "{\"role\":\"primary\"}", NULL};

/* What the name of a candidate leads to; the answer to the question whether to go on is no. */
static void play(const char *prog, const char *const *keys, const char *candidate, const char *out, const char *err)
{
    struct arena *arena = arena_new(NULL);
    const struct fake_answer answer = store_range(arena, keys);
    const struct call_world world = {.answers = &answer, .count = 1, .input = "\n\n\n"};
    const char *words[] = {"switchover", "batman",      "--leader", "pg1", "--scheduled",
                           "now",        "--candidate", candidate,  NULL};

    if (!candidate)
        words[6] = NULL;
    struct call call = call_run_in(arena, prog, &world, words);

    assert_non_null(strstr(call.out, out));
    assert_non_null(strstr(call.err, err));
    assert_int_equal(call.status, 1);
    call_free(&call);
    arena_free(arena);
}

static void offers_who_may_lead(void **state)
{
    (void)state;
    play("pgha", members, NULL, "Candidate ['pg2'] []: ", "");
    play("patronictl", members, NULL, "Candidate ['pg2'] []: ", "");
}

static void says_why_not(void **state)
{
    (void)state;
    play("pgha", members, "pg3", "", "member \"pg3\" of cluster \"batman\" cannot lead: it ");
    play("pgha", members, "pg9", "", "pg9 is not a member of cluster batman; its members are: pg1, pg2, pg3");
    play("pgha", members, "pg1", "", "Member pg1 is already the leader of cluster batman");
    play("patronictl", members, "pg3", "", "Member pg3 does not exist in cluster batman or is tagged as nofailover");
    play("patronictl", members, "pg1", "", "Member pg1 is already the leader of cluster batman");
}

static void needs_somebody(void **state)
{
    (void)state;
    play("pgha", lonely, NULL, "", "cluster \"batman\" has no member that could take over");
    play("patronictl", lonely, NULL, "", "No candidates found to switchover to");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(offers_who_may_lead),
        cmocka_unit_test(says_why_not),
        cmocka_unit_test(needs_somebody),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
