#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "call.h"

#define KEY "/service/batman/"

struct scene {
    const char *words[8];
    const char *leader;  /* after the request was written; NULL: nobody */
    const char *request; /* what became of it; NULL: it is gone */
    int status;
    const char *out; /* part of it */
};

static struct fake_answer cluster(struct arena *arena, const char *leader, const char *request)
{
    const char *pg1 = arena_printf(arena, "{\"api_url\":\"http://%s/patroni\"}", fake_http_nowhere());
    const char *keys[16] = {KEY "config",      "{\"ttl\":30}", KEY "members/pg1", pg1,
                            KEY "members/pg2", "{}",           KEY "members/pg3", "{}"};
    size_t count = 8;

    if (leader) {
        keys[count++] = KEY "leader";
        keys[count++] = leader;
    }
    if (request) {
        keys[count++] = KEY "failover";
        keys[count++] = request;
    }
    return store_range(arena, keys);
}

static void play(struct arena *arena, const struct scene *scene)
{
    const struct fake_answer answers[] = {
        cluster(arena, "pg1", NULL),
        store_answer(arena, "{\"header\":{\"revision\":\"8\"}}"), /* the request is written */
        cluster(arena, "pg1", "{\"member\":\"pg2\"}"),
        cluster(arena, scene->leader, scene->request),
    };
    const struct call_world world = {.answers = answers, .count = 4};
    struct call call = call_run_in(arena, "pgha", &world, scene->words);

    assert_non_null(strstr(call.out, "falling back to DCS\n"));
    assert_non_null(strstr(call.out, scene->out));
    assert_int_equal(call.status, scene->status);
    call_free(&call);
}

/* Holds DIFF_HANDOVER_WAIT. */
static void tells_what_became_of_it(void **state)
{
#define SWITCHOVER "switchover", "--force", "--candidate", "pg2"
    static const char gone[] = "Switchover failed, details: the members dropped the request and \"pg1\" leads\n";
    static const struct scene scenes[] = {
        {{SWITCHOVER}, "pg2", NULL, 0, " Successfully switched over to \"pg2\"\n"},
        {{SWITCHOVER}, "pg2", "{\"member\":\"pg2\"}", 0, " Successfully switched over to \"pg2\"\n"},
        {{"failover", "--force", "--candidate", "pg2"}, "pg2", NULL, 0, " Successfully failed over to \"pg2\"\n"},
        {{"switchover", "--force"}, "pg3", NULL, 0, " Successfully switched over to \"pg3\"\n"},
        {{SWITCHOVER}, "pg3", NULL, 3, " Switchover failed, details: \"pg3\" leads instead of \"pg2\"\n"},
        {{SWITCHOVER}, "pg1", NULL, 3, gone},
        {{"--operation-timeout", "0.6", SWITCHOVER},
         NULL,
         "{\"member\":\"pg2\"}",
         4,
         " Switchover result unknown, details: the request is in the store and nobody leads\n"},
    };
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof scenes / sizeof *scenes; i++)
        play(arena, &scenes[i]);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_what_became_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
