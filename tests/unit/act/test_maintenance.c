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
    const char *config;
    const char *replies[2]; /* of the leader and the other one; "": closes the connection, NULL: nobody listens */
    const char *words[4];
    bool noticed; /* what the members report */
    int status;
    const char *out;
    const char *err; /* part of it */
};

static void play(struct arena *arena, const struct scene *scene)
{
    struct fake_http *members[2] = {NULL, NULL};
    const char *data[2];

    for (size_t i = 0; i < 2; i++) {
        const struct fake_answer reply = {.text = scene->replies[i]};

        members[i] = scene->replies[i] ? fake_http_start(&reply, 1) : NULL;
        data[i] = arena_printf(arena, "{\"api_url\":\"http://%s/patroni\"%s}",
                               members[i] ? fake_http_place(members[i]) : fake_http_nowhere(),
                               scene->noticed ? ",\"pause\":true" : "");
    }
    const char *keys[] = {KEY "config", scene->config,     KEY "leader", "pg2", KEY "members/pg1",
                          data[1],      KEY "members/pg2", data[0],      NULL};
    struct call call = call_run(arena, scene->prog, keys, scene->words);

    assert_string_equal(call.out, scene->out);
    assert_non_null(strstr(call.err, scene->err));
    assert_int_equal(call.status, scene->status);
    for (size_t i = 0; i < 2; i++)
        if (members[i])
            fake_http_stop(members[i]);
    call_free(&call);
}

static void scenes_end_as_they_should(void **state)
{
    static const char ok[] = REPLY("200 OK", "{\"pause\": true}"), broken[] = REPLY("409 No", "broken");
    static const char resumed[] = REPLY("200 OK", "{}"), portal[] = REPLY("200 OK", "<html>Log in</html>");
    static const char waiting[] = "'pause' request sent, waiting until it is recognized by all nodes\n";
    const struct scene scenes[] = {
        {"pgha", "{}", {ok, NULL}, {"pause"}, false, 0, "Success: cluster management is paused\n", ""},
        {"pgha",
         "{\"pause\":true}",
         {resumed, NULL},
         {"resume"},
         false,
         0,
         "Success: cluster management is resumed\n",
         ""},
        {"pgha", "{\"pause\":\"on\"}", {ok, NULL}, {"pause"}, false, 1, "", "Error: Cluster is already paused\n"},
        {"pgha", "{}", {ok, NULL}, {"resume"}, false, 1, "", "Error: Cluster is not paused\n"},
        {"patronictl",
         "{}",
         {broken, ok},
         {"pause"},
         false,
         0,
         "Failed: pause cluster management status code=409, (broken)\n",
         ""},
        {"pgha",
         "{}",
         {broken, ok},
         {"pause"},
         false,
         3,
         "Failed: pause cluster management status code=409, (broken)\n",
         ""},
        {"pgha",
         "{}",
         {NULL, ok},
         {"pause"},
         false,
         0,
         "Success: cluster management is paused\n",
         "Member pg2 is not accessible\n"},
        /* What is not Patroni's may come from anybody; the next member is asked, and what is not known stays so. */
        {"pgha", "{}", {portal, ok}, {"pause"}, false, 0, "Success: cluster management is paused\n", "as Patroni does"},
        {"pgha",
         "{}",
         {portal, NULL},
         {"pause"},
         false,
         4,
         "",
         "Error: it is not known whether cluster \"batman\" is "},
        {"pgha", "{}", {"", NULL}, {"pause"}, false, 4, "", "Error: it is not known whether cluster \"batman\" is "},
        {"pgha", "{}", {portal, broken}, {"pause"}, false, 4, "", "Error: it is not known whether cluster "},
        {"pgha", "{}", {resumed, NULL}, {"pause"}, false, 4, "", "Error: it is not known whether cluster "},
        {"patronictl", "{}", {NULL, NULL}, {"pause"}, false, 1, "", "Error: Can not find accessible cluster member\n"},
        {"pgha", "{}", {NULL, NULL}, {"pause"}, false, 5, "", "Error: Can not find accessible cluster member: "},
        {"pgha", "{}", {REPLY("401 No", "no"), ok}, {"pause"}, false, 3, "", "Error: member pg2 wants credentials"},
        {"pgha",
         "{}",
         {ok, NULL},
         {"pause", "--wait"},
         true,
         0,
         "'pause' request sent, waiting until it is recognized by all nodes\nSuccess: cluster management is paused\n",
         ""},
        {"patronictl",
         "{\"loop_wait\":0.1}",
         {ok, NULL},
         {"pause", "--wait"},
         false,
         0,
         "'pause' request sent, waiting until it is recognized by all nodes\nSuccess: cluster management is paused\n",
         ""},
        {"pgha",
         "{\"loop_wait\":0.1}",
         {ok, NULL},
         {"pause", "--wait"},
         false,
         4,
         "'pause' request sent, waiting until it is recognized by all nodes\n"
         "Unknown: pause was accepted, but not confirmed within 0.1 s by: pg1, pg2\n",
         ""},
        {"pgha",
         "{\"loop_wait\":\"1\"}",
         {ok, NULL},
         {"pause", "--wait"},
         false,
         1,
         waiting,
         "Error: loop_wait is text, not a number\n"},
    };
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof scenes / sizeof *scenes; i++)
        play(arena, &scenes[i]);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(scenes_end_as_they_should)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
