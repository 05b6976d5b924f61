#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake_http.h"
#include "pgha/arena.h"
#include "pgha/config.h"
#include "pgha/tally.h"

struct world {
    struct ctx ctx;
    struct config config;
    char *out;
    char *err;
    size_t out_size;
    size_t err_size;
};

static int set_up(void **state)
{
    struct world *world = test_calloc(1, sizeof *world);
    struct err err = ERR_INIT;

    world->ctx =
        (struct ctx){.arena = arena_new(NULL), .config = &world->config, .timeout = 5, .operation_timeout = 60};
    world->config = (struct config){.tree = value_map(), .path = "/etc/patroni.yml"};
    world->ctx.out = open_memstream(&world->out, &world->out_size);
    world->ctx.err = open_memstream(&world->err, &world->err_size);
    assert_true(http_new(world->ctx.arena, NULL, &world->ctx.http, &err));
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;

    arena_free(world->ctx.arena);
    fclose(world->ctx.out);
    fclose(world->ctx.err);
    free(world->out);
    free(world->err);
    test_free(world);
    return 0;
}

/* What a member does: answer with a status, say nothing, or not be there. */
enum { SILENT = -1, ABSENT = 0 };

/* Asks members a, b, … that behave like that; returns what tally_ask() does. */
static bool ask(struct world *world, const int *statuses, size_t count, const char *body, struct err *err)
{
    struct arena *arena = world->ctx.arena;
    struct member *members = arena_calloc(arena, count, sizeof *members);
    struct rest_request *requests = arena_calloc(arena, count, sizeof *requests);
    struct fake_http **fakes = arena_calloc(arena, count, sizeof *fakes);
    struct tally tally = {.ctx = &world->ctx, .action = "reload"};

    for (size_t i = 0; i < count; i++) {
        struct fake_answer answer = {0};
        members[i].name = arena_printf(arena, "%c", (char)('a' + i));
        const char *done = statuses[i] == 200 ? "nothing changed" : "reload scheduled";
        const char *said = statuses[i] < 400 && *body != '<' ? done : body;
        if (statuses[i] > 0)
            answer.text =
                arena_printf(arena, "HTTP/1.1 %d x\r\nContent-Length: %zu\r\n\r\n%s", statuses[i], strlen(said), said);
        if (statuses[i] != ABSENT) {
            fakes[i] = fake_http_start(&answer, 1);
            members[i].api_url = fake_http_url(fakes[i]);
        }
        requests[i] = (struct rest_request){
            .member = &members[i], .method = "POST", .endpoint = "reload", .deadline = deadline_in(5)};
    }
    bool good = tally_ask(&tally, requests, count, tally_check, NULL, err);
    if (good)
        tally_finish(&tally);
    fflush(world->ctx.out);
    fflush(world->ctx.err);
    for (size_t i = 0; i < count; i++)
        if (fakes[i])
            fake_http_stop(fakes[i]);
    return good;
}

static void statuses(void **state)
{
    static const struct {
        int members[3];
        size_t count;
        const char *body;
        int status;
    } rows[] = {
        {{0}, 0, "", 0},
        {{200, 202}, 2, "", 0},
        {{200, 503}, 2, "restart failed", 3},
        {{200, 503}, 2, "no", 4},
        {{200, ABSENT}, 2, "", 3},
        {{ABSENT, ABSENT}, 2, "", 5},
        {{200, SILENT, ABSENT}, 3, "", 4},
        {{503}, 1, "Switchover status unknown", 4},
        {{503}, 1, "postgres is still starting", 4},
        {{401}, 1, "no", 3},
        {{200}, 1, "<html>", 4},
        {{502, 404}, 2, "<html>", 4},
        {{404}, 1, "<html>", 3},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct world *world = *state;
        struct err err = ERR_INIT;
        world->ctx.status = 0;
        assert_true(ask(world, rows[i].members, rows[i].count, rows[i].body, &err));
        assert_int_equal(world->ctx.status, rows[i].status);
    }
}

/* Holds DIFF_LONG_ERRORS: what a member says is cut. */
static void long_answers(void **state)
{
    static const int statuses[] = {404, 503};
    struct world *world = *state;
    char *body = arena_alloc(world->ctx.arena, 100001);
    struct err err = ERR_INIT;

    memset(body, 'x', 100000);
    body[100000] = '\0';
    assert_true(ask(world, statuses, 2, body, &err));
    assert_true(strlen(world->out) < 10000);
    assert_non_null(strstr(world->out, "member b"));
}

static void lines(void **state)
{
    static const int members[] = {200, ABSENT, 409, 401, 401};
    struct world *world = *state;
    struct err err = ERR_INIT;

    assert_true(ask(world, members, 5, "body", &err));
    assert_string_equal(world->out, "Success: reload for member a\n"
                                    "Failed: reload for member b, (member b has no api_url)\n"
                                    "Failed: reload for member c, status code=409, (body)\n"
                                    "Failed: reload for member d, status code=401, (body)\n"
                                    "Failed: reload for member e, status code=401, (body)\n");
    assert_string_equal(world->err, "member d wants credentials (status code=401), and /etc/patroni.yml has neither "
                                    "ctl.authentication nor restapi.authentication\n");
}

/* patronictl dies at the first member that cannot be asked, and has no other statuses: case reload-down. */
/* Holds DIFF_ABORTED_REQUEST. */
static void as_patronictl(void **state)
{
    static const int members[] = {500, ABSENT, 200};
    struct world *world = *state;
    struct err err = ERR_INIT;

    world->ctx.differences.as_patronictl = true;
    assert_false(ask(world, members, 3, "body", &err));
    assert_int_equal(err.kind, ERR_FAILED);
    assert_string_equal(err.message, "member b has no api_url");
    assert_string_equal(world->out, "Failed: reload for member a, status code=500, (body)\n");
    assert_true(ask(world, members, 1, "body", &err));
    assert_int_equal(world->ctx.status, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(statuses, set_up, tear_down),
        cmocka_unit_test_setup_teardown(long_answers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lines, set_up, tear_down),
        cmocka_unit_test_setup_teardown(as_patronictl, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
