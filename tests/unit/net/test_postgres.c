#include <arpa/inet.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "pgha/arena.h"
#include "pgha/postgres.h"
#include "pgha/signals.h"
#include "pgha/str.h"

static void connection_strings(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct value parameters = value_map();
    struct err err = ERR_INIT;
    char *conninfo = NULL;

    (void)state;
    assert_true(postgres_conninfo(arena, &parameters, &conninfo, &err));
    assert_string_equal(conninfo, "");
    value_map_set(arena, &parameters, "host", value_string("10.0.0.1"));
    value_map_set(arena, &parameters, "port", value_int(5432));
    value_map_set(arena, &parameters, "dbname", value_null());
    value_map_set(arena, &parameters, "user", value_string(""));
    value_map_set(arena, &parameters, "password", value_string("it's a\\b"));
    assert_true(postgres_conninfo(arena, &parameters, &conninfo, &err));
    assert_string_equal(conninfo, "host=10.0.0.1 port=5432 user='' password='it\\'s a\\\\b'");

    /* White space of any script asks for quotes, a quote alone does not. */
    parameters = value_map();
    value_map_set(arena, &parameters, "user", value_string("o'hara"));
    value_map_set(arena, &parameters, "password",
                  value_string("a\xc2\xa0"
                               "b"));
    assert_true(postgres_conninfo(arena, &parameters, &conninfo, &err));
    assert_string_equal(conninfo, "user=o\\'hara password='a\xc2\xa0"
                                  "b'");

    value_map_set(arena, &parameters, "database", value_string("app"));
    assert_true(postgres_conninfo(arena, &parameters, &conninfo, &err));
    assert_non_null(strstr(conninfo, " dbname=app"));
    value_map_set(arena, &parameters, "dbname", value_null());
    assert_false(postgres_conninfo(arena, &parameters, &conninfo, &err));
    assert_int_equal(err.kind, ERR_FAILED);
    value_map_remove(&parameters, "dbname");

    value_map_set(arena, &parameters, "color", value_string("red"));
    conninfo = NULL;
    assert_false(postgres_conninfo(arena, &parameters, &conninfo, &err));
    assert_null(conninfo);
    assert_int_equal(err.kind, ERR_REFUSED);
    assert_string_equal(err.message, "invalid dsn: invalid connection option \"color\"\n");
    arena_free(arena);
}

/* A port of the loopback interface: one that is bound but not listened to, or listened to and never answered. */
static int open_port(bool listening, int *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &length), 0);
    if (listening)
        assert_int_equal(listen(fd, 1), 0);
    *port = ntohs(address.sin_port);
    return fd;
}

static void nobody_listens(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct err err = ERR_INIT;
    struct postgres *postgres = NULL;
    int port, fd = open_port(false, &port);

    (void)state;
    assert_false(postgres_connect(arena, arena_printf(arena, "host=127.0.0.1 port=%d user=x", port), deadline_in(5),
                                  &postgres, &err));
    assert_null(postgres);
    assert_int_equal(err.kind, ERR_UNREACHABLE);
    assert_non_null(strstr(err.message, "failed: Connection refused"));
    close(fd);
    arena_free(arena);
}

static void nobody_answers(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct err err = ERR_INIT;
    struct postgres *postgres;
    int port, fd = open_port(true, &port);
    int64_t start = clock_ms();

    (void)state;
    assert_false(postgres_connect(arena, arena_printf(arena, "host=127.0.0.1 port=%d user=x", port), deadline_in(0.2),
                                  &postgres, &err));
    assert_in_range(clock_ms() - start, 150, 5000);
    assert_int_equal(err.kind, ERR_UNREACHABLE);
    assert_string_equal(err.message, arena_printf(arena,
                                                  "connection to server at \"127.0.0.1\", port %d failed: "
                                                  "timeout expired\n",
                                                  port));
    close(fd);
    arena_free(arena);
}

static void a_signal_ends_it(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct err err = ERR_INIT;
    struct postgres *postgres;
    int port, fd = open_port(true, &port);

    (void)state;
    raise(SIGINT);
    assert_false(postgres_connect(arena, arena_printf(arena, "host=127.0.0.1 port=%d user=x", port), DEADLINE_NEVER,
                                  &postgres, &err));
    assert_int_equal(err.kind, ERR_ABORTED);
    signals_clear();
    close(fd);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(connection_strings),
        cmocka_unit_test(nobody_listens),
        cmocka_unit_test(nobody_answers),
        cmocka_unit_test(a_signal_ends_it),
    };

    if (!signals_install())
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
