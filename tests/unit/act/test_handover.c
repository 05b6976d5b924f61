#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "call.h"

#define KEY "/service/batman/"
#define REPLY(status, body) "HTTP/1.1 " status "\r\nConnection: close\r\n\r\n" body

struct scene {
    const char *prog;
    const char *reply; /* of the leader; "": it closes the connection, NULL: nobody listens */
    const char *words[8];
    const char *input;
    int status;
    bool falls_back; /* the key in the store is written */
    const char *out; /* part of it */
    const char *err; /* part of it */
};

static void play(struct arena *arena, const struct scene *scene)
{
    const struct fake_answer reply = {.text = scene->reply};
    struct fake_http *leader = scene->reply ? fake_http_start(&reply, 1) : NULL;
    const char *place = leader ? fake_http_place(leader) : fake_http_nowhere();
    const char *keys[] = {KEY "config",
                          "{\"synchronous_mode\":true}",
                          KEY "initialize",
                          "7",
                          KEY "leader",
                          "pg1",
                          KEY "members/pg1",
                          arena_printf(arena, "{\"api_url\":\"http://%s/patroni\",\"role\":\"primary\"}", place),
                          KEY "members/pg2",
                          "{}",
                          KEY "members/pg3",
                          "{\"tags\":{\"nofailover\":true}}",
                          KEY "sync",
                          arena_printf(arena, "{\"leader\":\"pg1\",\"sync_standby\":\"%s\"}",
                                       strcmp(scene->words[0], "switchover") == 0 ? "pg2" : "pg9"),
                          NULL};
    const struct fake_answer answers[] = {store_range(arena, keys),
                                          scene->falls_back ? store_answer(arena, "{\"header\":{\"revision\":\"8\"}}")
                                                            : store_range(arena, keys)};
    const struct call_world world = {.answers = answers, .count = 2, .input = scene->input};
    struct call call = call_run_in(arena, scene->prog, &world, scene->words);

    assert_non_null(strstr(call.out, scene->out));
    assert_non_null(strstr(call.err, scene->err));
    assert_int_equal(call.status, scene->status);
    assert_int_equal(call.last && strstr(call.last, "/kv/put "), scene->falls_back);
    if (leader)
        fake_http_stop(leader);
    call_free(&call);
}

#define SWITCHOVER                                                                                                     \
    {                                                                                                                  \
        "switchover", "--candidate", "pg2", "--force"                                                                  \
    }

static void answers_and_silence(void **state)
{
    static const struct scene scenes[] = {
        {"patronictl", REPLY("200 OK", "done\n"), SWITCHOVER, NULL, 0, false, " done\n", ""},
        {"patronictl", REPLY("412 No", "no"), SWITCHOVER, NULL, 0, false, "Switchover failed, details: 412, no\n", ""},
        {"pgha", REPLY("412 No", "no"), SWITCHOVER, NULL, 3, false, "Switchover failed, details: 412, no\n", ""},
        {"patronictl", REPLY("503 No", "Switchover status unknown"), SWITCHOVER, NULL, 0, false,
         "Switchover failed, details: 503, Switchover status unknown\n", ""},
        {"pgha", REPLY("503 No", "Switchover status unknown"), SWITCHOVER, NULL, 4, false, "result unknown", ""},
        {"pgha", REPLY("200 OK", "Switched over to \"pg3\" instead of \"pg2\""), SWITCHOVER, NULL, 3, false,
         "instead of", ""},
        {"patronictl", "", SWITCHOVER, NULL, 0, true, "Could not switchover using Patroni api, falling back to DCS\n",
         "Failing over to DCS\n"},
        {"pgha", "", SWITCHOVER, NULL, 4, false, "", "Error: The outcome of the switchover is not known: "},
        {"patronictl", NULL, SWITCHOVER, NULL, 0, true, "falling back to DCS\n", ""},
        {"patronictl", REPLY("401 No", "no"), SWITCHOVER, NULL, 0, false, "Switchover failed, details: 401, no\n", ""},
        {"pgha", REPLY("401 No", "no"), SWITCHOVER, NULL, 3, false, "", "Error: member pg1 wants credentials"},
    };
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof scenes / sizeof *scenes; i++)
        play(arena, &scenes[i]);
    arena_free(arena);
}

static void questions(void **state)
{
    static const struct scene scenes[] = {
        {"pgha",
         REPLY("200 OK", "Successfully switched over to \"pg2\""),
         {"switchover"},
         "\npg2\n\ny\n",
         0,
         false,
         "Candidate ['pg2'] []: ",
         ""},
        {"patronictl", NULL, {"switchover"}, "\npg2\n\nn\n", 1, false, "Candidate ['pg2'] []: ", ""},
        {"pgha", NULL, {"switchover"}, "\npg2\n\nn\n", 1, false, "[y/N]: ", "Error: Aborting switchover\n"},
        {"pgha",
         NULL,
         {"switchover"},
         "pg2\n",
         1,
         false,
         "Primary [pg1]: ",
         "Error: Member pg2 is not the leader of cluster batman\n"},
        {"pgha",
         NULL,
         {"switchover", "--scheduled", "2030-01-01T00:00Z"},
         "\npg2\nn\n",
         1,
         false,
         "Are you sure you want to schedule switchover of cluster batman at 2030-01-01T00:00:00+00:00, demoting "
         "current "
         "leader pg1? [y/N]: ",
         "Error: Aborting scheduled switchover\n"},
        {"pgha",
         NULL,
         {"failover"},
         "\n",
         1,
         false,
         "",
         "Error: Failover could be performed only to a specific candidate\n"},
        {"pgha",
         NULL,
         {"failover", "--force"},
         NULL,
         2,
         false,
         "",
         "Error: Failover could be performed only to a specific candidate\n"},
        {"patronictl",
         NULL,
         {"failover", "--force"},
         NULL,
         1,
         false,
         "",
         "Error: Failover could be performed only to a specific candidate\n"},
        {"pgha", NULL, {"switchover", "--scheduled", "when?", "--force"}, NULL, 2, false, "", "Usage: "},
        {"pgha",
         NULL,
         {"failover", "--candidate", "pg2"},
         "n\n",
         1,
         false,
         "Are you sure you want to failover to the asynchronous node pg2? [y/N]: ",
         "Error: Aborting failover\n"},
        {"pgha",
         NULL,
         {"failover", "--candidate", "pg1", "--force"},
         NULL,
         1,
         false,
         "",
         "Error: Member pg1 is already the leader of cluster batman\n"},
        {"pgha",
         NULL,
         {"failover", "--candidate", "pg3", "--force"},
         NULL,
         1,
         false,
         "",
         "Error: member \"pg3\" of cluster \"batman\" cannot lead: it is tagged nofailover\n"},
        {"patronictl",
         NULL,
         {"failover", "--candidate", "pg8", "--force"},
         NULL,
         1,
         false,
         "",
         "Error: Member pg8 does not exist in cluster batman or is tagged as nofailover\n"},
        {"pgha",
         NULL,
         {"failover", "--candidate", "pg8", "--force"},
         NULL,
         1,
         false,
         "",
         "Error: pg8 is not a member of cluster batman; its members are: pg1, pg2, pg3\n"},
    };
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof scenes / sizeof *scenes; i++)
        play(arena, &scenes[i]);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(answers_and_silence), cmocka_unit_test(questions)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
