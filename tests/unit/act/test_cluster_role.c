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
    const char *reply; /* of the leader; NULL: nobody listens */
    const char *words[8];
    const char *roles[3]; /* of the leader, from one look to the next */
    int status;
    const char *out; /* parts */
    const char *err;
    const char *body; /* of the request */
};

static struct fake_answer look(struct arena *arena, const char *place, const char *role)
{
    const char *keys[] = {
        KEY "initialize",
        "7",
        KEY "leader",
        "pg1",
        KEY "members/pg1",
        arena_printf(arena, "{\"api_url\":\"http://%s/patroni\",\"role\":\"%s\",\"state\":\"running\"}", place, role),
        NULL};

    return store_range(arena, keys);
}

static void play(struct arena *arena, const struct scene *scene)
{
    const struct fake_answer reply = {.text = scene->reply};
    struct fake_http *leader = scene->reply ? fake_http_start(&reply, 1) : NULL;
    const char *place = leader ? fake_http_place(leader) : fake_http_nowhere();
    struct fake_answer answers[3];
    struct call_world world = {.answers = answers};

    while (world.count < 3 && scene->roles[world.count]) {
        answers[world.count] = look(arena, place, scene->roles[world.count]);
        world.count++;
    }
    struct call call = call_run_in(arena, scene->prog, &world, scene->words);

    assert_non_null(strstr(call.out, scene->out));
    assert_non_null(strstr(call.err, scene->err));
    assert_int_equal(call.status, scene->status);
    if (leader) {
        assert_int_equal(fake_http_count(leader) > 0, scene->body != NULL);
        if (scene->body)
            assert_non_null(strstr(fake_http_request(leader, 0), scene->body));
        fake_http_stop(leader);
    }
    call_free(&call);
}

/* Holds DIFF_ROLE_WAIT. */
static void scenes_end_as_they_should(void **state)
{
    static const char ok[] = REPLY("200 OK", "{}"), portal[] = REPLY("200 OK", "<html>");
    static const char demoted[] = REPLY("200 OK", "{\"standby_cluster\": {\"host\": \"h\", \"port\": 5}}");
    const struct scene scenes[] = {
        {"pgha",
         demoted,
         {"demote-cluster", "--host", "h", "--port", "5", "--force"},
         {"primary", "standby_leader"},
         0,
         " cluster is successfully demoted\n",
         "",
         "{\"standby_cluster\": {\"host\": \"h\", \"port\": 5}}"},
        {"pgha",
         ok,
         {"promote-cluster", "--force"},
         {"standby_leader", "standby_leader", "primary"},
         0,
         " cluster is unlocked: False, leader role: standby_leader, leader state: running\n",
         "",
         "{\"standby_cluster\": null}"},
        {"pgha",
         ok,
         {"promote-cluster", "--force"},
         {"standby_leader", "master"},
         0,
         "successfully promoted\n",
         "",
         ""},
        {"pgha", ok, {"promote-cluster"}, {"master"}, 1, "", "Error: Cluster is already in the required state\n", NULL},
        {"patronictl", ok, {"promote-cluster", "--force"}, {"master", "primary"}, 0, "successfully promoted\n", "", ""},
        {"pgha",
         ok,
         {"demote-cluster", "--port", "0"},
         {"primary"},
         2,
         "",
         "Error: At least --host, --port or --restore-command should be specified\n",
         NULL},
        {"patronictl",
         REPLY("500 No", "no"),
         {"demote-cluster", "--host", "h", "--force"},
         {"primary"},
         1,
         "",
         "Error: Failed to demote batman cluster: Failed to demote batman cluster: /config PATCH status code=500, "
         "(no)\n",
         ""},
        {"pgha",
         REPLY("409 No", "no"),
         {"demote-cluster", "--host", "h", "--force"},
         {"primary"},
         3,
         "",
         "Error: Failed to demote batman cluster: /config PATCH status code=409, (no)\n",
         ""},
        {"pgha",
         NULL,
         {"demote-cluster", "--host", "h", "--force"},
         {"primary"},
         5,
         "",
         "Error: Failed to demote batman cluster: ",
         NULL},
        {"pgha",
         portal,
         {"demote-cluster", "--host", "h", "--force"},
         {"primary"},
         4,
         "",
         "Error: The outcome of the demotion is not known: member pg1 does not answer PATCH /config as Patroni does",
         ""},
        {"pgha",
         "",
         {"demote-cluster", "--host", "h", "--force"},
         {"primary"},
         4,
         "",
         "Error: The outcome of the demotion is not known: ",
         ""},
        {"pgha",
         demoted,
         {"--operation-timeout", "0.5", "demote-cluster", "--host", "h", "--force"},
         {"primary"},
         4,
         "leader role: primary",
         "the cluster is still not demoted\n",
         ""},
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
