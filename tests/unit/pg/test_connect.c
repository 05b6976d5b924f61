#include <arpa/inet.h>
#include <pthread.h>
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

#include "fake_postgres.h"
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

static struct postgres *connect_to(struct arena *arena, struct fake_postgres *fake)
{
    struct postgres *postgres = NULL;
    struct err err = ERR_INIT;

    assert_true(postgres_connect(arena,
                                 arena_printf(arena, "host=127.0.0.1 port=%d user=bob", fake_postgres_port(fake)),
                                 deadline_in(5), &postgres, &err));
    return postgres;
}

static struct fake_reply reply(struct arena *arena)
{
    struct fake_reply made = {0};

    str_init(&made.messages, arena);
    return made;
}

static void the_last_result_counts(void **state)
{
    static const char *const names[] = {"a"}, *const cells[] = {"7"};
    static const unsigned types[] = {23};
    struct arena *arena = arena_new(NULL);
    struct fake_reply replies[] = {reply(arena), reply(arena), reply(arena), reply(arena)};
    const struct fake_session session = {.replies = replies, .reply_count = 4};
    struct err err = ERR_INIT;
    PGresult *result;

    (void)state;
    fake_postgres_tag(&replies[0].messages, "SET");
    fake_postgres_notice(&replies[0].messages, "look");
    fake_postgres_columns(&replies[0].messages, 1, names, types);
    fake_postgres_row(&replies[0].messages, 1, cells);
    fake_postgres_tag(&replies[0].messages, "SELECT 1");
    fake_postgres_columns(&replies[1].messages, 1, names, types);
    fake_postgres_tag(&replies[1].messages, "SELECT 0");
    fake_postgres_error(&replies[1].messages, "ERROR", "42601", "no");
    fake_postgres_empty(&replies[2].messages);
    fake_postgres_copy(&replies[3].messages, true);
    struct fake_postgres *fake = fake_postgres_start(&session);
    struct postgres *postgres = connect_to(arena, fake);

    assert_true(postgres_query(postgres, "set x = 1; select 7", DEADLINE_NEVER, &result, &err));
    assert_int_equal(PQresultStatus(result), PGRES_TUPLES_OK);
    assert_string_equal(PQgetvalue(result, 0, 0), "7");
    assert_true(postgres_query(postgres, "select; no", DEADLINE_NEVER, &result, &err));
    assert_int_equal(PQresultStatus(result), PGRES_FATAL_ERROR);
    assert_string_equal(PQresultErrorField(result, PG_DIAG_SQLSTATE), "42601");
    assert_true(postgres_query(postgres, ";", DEADLINE_NEVER, &result, &err));
    assert_int_equal(PQresultStatus(result), PGRES_EMPTY_QUERY);
    assert_true(postgres_query(postgres, "copy t from stdin", DEADLINE_NEVER, &result, &err));
    assert_int_equal(PQresultStatus(result), PGRES_COPY_IN);
    assert_string_equal(fake_postgres_query(fake, 0), "set x = 1; select 7");
    assert_null(fake_postgres_query(fake, 4));
    postgres_close(postgres);
    fake_postgres_stop(fake);
    arena_free(arena);
}

static void a_session_is_made_fit(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct fake_reply replies[] = {reply(arena), reply(arena)};
    const struct fake_session session = {
        .replies = replies, .reply_count = 2, .datestyle = "German, DMY", .encoding = "LATIN1"};
    struct fake_postgres *fake;

    (void)state;
    fake_postgres_tag(&replies[0].messages, "SET");
    fake_postgres_tag(&replies[1].messages, "SET");
    fake = fake_postgres_start(&session);
    postgres_close(connect_to(arena, fake));
    assert_string_equal(fake_postgres_query(fake, 0), "SET datestyle TO 'ISO'");
    assert_string_equal(fake_postgres_query(fake, 1), "SET client_encoding TO 'UTF8'");
    assert_string_equal(fake_postgres_parameter(fake, "user"), "bob");
    fake_postgres_stop(fake);
    arena_free(arena);
}

static void a_session_that_does_not_fit(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct fake_reply refusal = reply(arena);
    const struct fake_session session = {.replies = &refusal, .reply_count = 1, .datestyle = "SQL, DMY"};
    struct postgres *postgres = NULL;
    struct err err = ERR_INIT;

    (void)state;
    fake_postgres_error(&refusal.messages, "ERROR", "22023", "no ISO");
    struct fake_postgres *fake = fake_postgres_start(&session);
    assert_false(postgres_connect(arena,
                                  arena_printf(arena, "host=127.0.0.1 port=%d user=bob", fake_postgres_port(fake)),
                                  deadline_in(5), &postgres, &err));
    assert_null(postgres);
    assert_int_equal(err.kind, ERR_REFUSED);
    fake_postgres_stop(fake);
    arena_free(arena);
}

static void a_server_may_refuse(void **state)
{
    const struct fake_session session = {.refusal = "password authentication failed"};
    struct arena *arena = arena_new(NULL);
    struct fake_postgres *fake = fake_postgres_start(&session);
    struct postgres *postgres;
    struct err err = ERR_INIT;

    (void)state;
    assert_false(postgres_connect(
        arena, arena_printf(arena, "host=127.0.0.1 port=%d user=bob password=geheim", fake_postgres_port(fake)),
        deadline_in(5), &postgres, &err));
    assert_int_equal(err.kind, ERR_REFUSED);
    assert_non_null(strstr(err.message, "failed: FATAL:  password authentication failed\n"));
    assert_null(strstr(err.message, "geheim"));
    fake_postgres_stop(fake);
    arena_free(arena);
}

static void a_lost_connection(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct fake_reply lost = reply(arena);
    const struct fake_session session = {.replies = &lost, .reply_count = 1};
    struct err err = ERR_INIT;
    PGresult *result = NULL;

    (void)state;
    lost.lost = true;
    fake_postgres_error(&lost.messages, "FATAL", "57P01", "terminating connection");
    struct fake_postgres *fake = fake_postgres_start(&session);
    struct postgres *postgres = connect_to(arena, fake);

    assert_false(postgres_query(postgres, "update t set a = 1", DEADLINE_NEVER, &result, &err));
    assert_null(result);
    assert_int_equal(err.kind, ERR_UNKNOWN);
    assert_memory_equal(err.message, "server closed the connection unexpectedly", 41);
    /* The next one is not even sent. */
    assert_false(postgres_query(postgres, "select 1", DEADLINE_NEVER, &result, &err));
    assert_int_equal(err.kind, ERR_UNREACHABLE);
    postgres_close(postgres);
    fake_postgres_stop(fake);
    arena_free(arena);
}

static void *interrupt(void *thread)
{
    usleep(50 * 1000);
    pthread_kill(*(pthread_t *)thread, SIGINT);
    return NULL;
}

static void a_signal_cancels_the_query(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct fake_reply hang = reply(arena);
    const struct fake_session session = {.replies = &hang, .reply_count = 1};
    pthread_t self = pthread_self(), other;
    struct err err = ERR_INIT;
    PGresult *result;

    (void)state;
    hang.hang = true;
    struct fake_postgres *fake = fake_postgres_start(&session);
    struct postgres *postgres = connect_to(arena, fake);

    assert_int_equal(pthread_create(&other, NULL, interrupt, &self), 0);
    assert_false(postgres_query(postgres, "select pg_sleep(60)", DEADLINE_NEVER, &result, &err));
    assert_int_equal(err.kind, ERR_ABORTED);
    assert_int_equal(fake_postgres_cancelled(fake), 1);
    pthread_join(other, NULL);
    signals_clear();
    postgres_close(postgres);
    fake_postgres_stop(fake);
    arena_free(arena);
}

static void an_answer_that_does_not_come(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct fake_reply hang = reply(arena);
    const struct fake_session session = {.replies = &hang, .reply_count = 1};
    struct err err = ERR_INIT;
    PGresult *result;

    (void)state;
    hang.hang = true;
    struct fake_postgres *fake = fake_postgres_start(&session);
    struct postgres *postgres = connect_to(arena, fake);

    int64_t start = clock_ms();
    assert_false(postgres_query(postgres, "select 1", deadline_in(0.2), &result, &err));
    assert_in_range(clock_ms() - start, 190, 1900);
    assert_int_equal(err.kind, ERR_UNKNOWN);
    assert_string_equal(err.message, "the server does not answer: timeout expired\n");
    assert_true(postgres_is_busy(postgres));
    assert_int_equal(fake_postgres_cancelled(fake), 0);

    /* It hears the request, and has nothing to say to it. */
    assert_false(postgres_cancel(postgres, deadline_in(5), &result, &err));
    assert_int_equal(err.kind, ERR_UNKNOWN);
    assert_int_equal(fake_postgres_cancelled(fake), 1);
    assert_false(postgres_is_busy(postgres));
    postgres_close(postgres);
    fake_postgres_stop(fake);
    arena_free(arena);
}

/* Results before the deadline count as well: the last one may be all that comes. */
static void what_a_cancelled_query_says(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct fake_reply hangs[] = {reply(arena), reply(arena)};
    struct str error, nothing;
    const struct fake_session session = {.replies = hangs, .reply_count = 2};
    struct err err = ERR_INIT;
    PGresult *result;

    (void)state;
    str_init(&error, arena);
    str_init(&nothing, arena);
    fake_postgres_error(&error, "ERROR", "57014", "canceling statement due to user request");
    fake_postgres_tag(&hangs[0].messages, "INSERT 0 1");
    hangs[0].hang = hangs[1].hang = true;
    hangs[0].cancelled = &nothing;
    hangs[1].cancelled = &error;
    struct fake_postgres *fake = fake_postgres_start(&session);
    struct postgres *postgres = connect_to(arena, fake);

    assert_false(postgres_query(postgres, "insert", deadline_in(0.2), &result, &err));
    assert_true(postgres_cancel(postgres, deadline_in(5), &result, &err));
    assert_string_equal(PQcmdStatus(result), "INSERT 0 1");
    assert_false(postgres_query(postgres, "select", deadline_in(0.1), &result, &err));
    assert_true(postgres_cancel(postgres, deadline_in(5), &result, &err));
    assert_string_equal(PQresultErrorField(result, PG_DIAG_SQLSTATE), "57014");
    assert_int_equal(fake_postgres_cancelled(fake), 2);
    postgres_close(postgres);
    fake_postgres_stop(fake);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(connection_strings),
        cmocka_unit_test(nobody_listens),
        cmocka_unit_test(nobody_answers),
        cmocka_unit_test(a_signal_ends_it),
        cmocka_unit_test(the_last_result_counts),
        cmocka_unit_test(a_session_is_made_fit),
        cmocka_unit_test(a_session_that_does_not_fit),
        cmocka_unit_test(a_server_may_refuse),
        cmocka_unit_test(a_lost_connection),
        cmocka_unit_test(a_signal_cancels_the_query),
        cmocka_unit_test(an_answer_that_does_not_come),
        cmocka_unit_test(what_a_cancelled_query_says),
    };

    if (!signals_install())
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
