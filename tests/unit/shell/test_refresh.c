#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "../../../src/shell/refresh.h"
#include "pgha/cmd.h"
#include "pgha/config.h"
#include "pgha/signals.h"
#include "store.h"

struct world {
    struct ctx ctx;
    struct config config;
    struct fake_http *etcd;
    struct refresh *refresh;
    int input[2];
};

static void open_world(struct world *world, const struct fake_answer *answer)
{
    const struct globals globals = {0};
    struct arena *arena = arena_new(NULL);

    *world = (struct world){.ctx = {.arena = arena, .config = &world->config, .timeout = 5}};
    world->etcd = fake_http_start(answer, 1);
    setenv("PATRONI_CONFIGURATION", arena_printf(arena, "etcd3: {host: '%s'}", fake_http_place(world->etcd)), 1);
    assert_true(config_read(arena, &globals, differences_for("pgha"), NULL, &world->config, NULL));
    assert_int_equal(pipe(world->input), 0);
    world->refresh = refresh_new(&world->ctx);
    refresh_use(world->refresh, "batman");
}

static void close_world(struct world *world)
{
    arena_free(world->ctx.arena);
    fake_http_stop(world->etcd);
    close(world->input[0]);
    close(world->input[1]);
}

static void learns_the_state(void **state)
{
    static const char *const pairs[] = {"/service/batman/leader", "a", "/service/batman/members/a",
                                        "{\"state\": \"running\"}", NULL};
    struct arena *arena = arena_new(NULL);
    const struct fake_answer answer = store_range(arena, pairs);
    struct world world;

    (void)state;
    open_world(&world, &answer);
    assert_int_equal(refresh_status(world.refresh)->kind, STATUS_UNASKED);
    assert_int_equal(refresh_wait(world.refresh, world.input[0], deadline_in(5)), REFRESH_CHANGED);
    assert_int_equal(refresh_status(world.refresh)->kind, STATUS_KNOWN);
    assert_string_equal(refresh_status(world.refresh)->leader, "a");
    assert_int_equal(fake_http_count(world.etcd), 1);
    refresh_begin(world.refresh);
    assert_int_equal(refresh_wait(world.refresh, world.input[0], deadline_in(5)), REFRESH_CHANGED);
    assert_int_equal(refresh_wait(world.refresh, world.input[0], deadline_in(0.3)), REFRESH_LATE);
    assert_int_equal(refresh_clusters(world.refresh)->count, 1);
    assert_string_equal(refresh_clusters(world.refresh)->items[0], "batman");
    assert_int_equal(fake_http_count(world.etcd), 3);
    assert_int_equal(fake_http_connections(world.etcd), 1);
    refresh_use(world.refresh, "robin");
    assert_int_equal(refresh_status(world.refresh)->kind, STATUS_UNASKED);
    assert_int_equal(refresh_status(world.refresh)->member_count, 0);
    close_world(&world);
    arena_free(arena);
}

static void never_keeps_input_waiting(void **state)
{
    const struct fake_answer answer = {.hang = true};
    struct world world;

    (void)state;
    open_world(&world, &answer);
    assert_int_equal(refresh_wait(world.refresh, world.input[0], deadline_in(0.05)), REFRESH_LATE);
    assert_int_equal(write(world.input[1], "x", 1), 1);
    int64_t start = clock_ms();
    assert_int_equal(refresh_wait(world.refresh, world.input[0], DEADLINE_NEVER), REFRESH_INPUT);
    assert_true(clock_ms() - start < 50);
    refresh_end(world.refresh);
    close_world(&world);
}

static void notices_signals_and_failures(void **state)
{
    const struct fake_answer answer = {.text = "HTTP/1.1 400 x\r\nContent-Length: 2\r\n\r\n{}"};
    struct world world;

    (void)state;
    open_world(&world, &answer);
    assert_int_equal(refresh_wait(world.refresh, world.input[0], deadline_in(5)), REFRESH_CHANGED);
    assert_int_equal(refresh_status(world.refresh)->kind, STATUS_FAILED);
    assert_true(signals_install());
    raise(SIGINT);
    assert_int_equal(refresh_wait(world.refresh, world.input[0], DEADLINE_NEVER), REFRESH_SIGNAL);
    signals_clear();
    refresh_use(world.refresh, NULL);
    refresh_begin(world.refresh);
    assert_int_equal(refresh_wait(world.refresh, world.input[0], deadline_in(0.05)), REFRESH_LATE);
    assert_int_equal(fake_http_count(world.etcd), 2); /* all clusters are looked for all the same */
    close_world(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(learns_the_state),
        cmocka_unit_test(never_keeps_input_waiting),
        cmocka_unit_test(notices_signals_and_failures),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
