#include "pgha/postgres.h"

#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "pgha/arena.h"
#include "pgha/signals.h"
#include "pgha/str.h"
#include "pgha/utf8.h"

/* How long a query that is not wanted any more may hold up the end of the program. */
#define CANCEL_SECONDS 2

/* How long after the deadline the thread that connects may say what has failed. */
#define CONNECT_GRACE_MS 100

/* Of the process, as its threads are. */
static atomic_bool has_left_thread;

/* What one connection may send to a query that has a deadline: all of it is kept in memory. */
#define MOST_GIB 1
#define MOST_RECEIVED (MOST_GIB * UINT64_C(1073741824))

struct postgres {
    struct arena *arena;
    PGconn *connection;
    deadline_t deadline; /* of the query under way */
    PGresult *last;      /* result of the query under way */
    size_t reported;     /* of libpq's message, by results before */
    bool given_up;       /* nothing more is read from it */
};

static bool has_space(const char *text)
{
    size_t left = strlen(text), size;
    uint32_t code;

    for (; (size = utf8_next(text, left, &code)); text += size, left -= size)
        if (utf8_is_space(code))
            return true;
    return false;
}

/* Text with quotes and backslashes escaped, in quotes only if it is empty or has white space. */
static void add_parameter(const char *name, const char *text, struct str *conninfo)
{
    bool quoted = !*text || has_space(text);

    str_printf(conninfo, "%s%s=%s", conninfo->length ? " " : "", name, quoted ? "'" : "");
    for (; *text; text++) {
        if (*text == '\\' || *text == '\'')
            str_add_char(conninfo, '\\');
        str_add_char(conninfo, *text);
    }
    if (quoted)
        str_add_char(conninfo, '\'');
}

/* The text of a parameter; one that is a password is not copied. */
static const char *parameter_text(struct arena *arena, const struct value *value)
{
    struct str text;

    if (value_is(value, VALUE_STRING))
        return value->text;
    str_init(&text, arena);
    str_add(&text, "");
    value_str(value, &text);
    return text.text;
}

/* Room for the whole string at once: as it grows it would leave parts of itself behind, a password among them. */
static void reserve(struct str *made, const struct value *parameters)
{
    size_t size = 0;

    for (uint32_t i = 0; i < parameters->length; i++) {
        const struct value_pair *pair = &parameters->pairs[i];

        size += strlen(value_as_string(&pair->key)) + strlen(parameter_text(made->arena, &pair->value)) * 2 + 8;
    }
    str_add_repeat(made, ' ', size);
    str_cut(made, 0);
}

bool postgres_conninfo(struct arena *arena, const struct value *parameters, char **conninfo, struct err *err)
{
    struct str made;
    char *error = NULL;
    PQconninfoOption *options;

    /* psycopg2 takes either name. */
    if (value_get(parameters, "database") && value_get(parameters, "dbname"))
        return err_set(err, arena, ERR_FAILED, "both database and dbname are set for the connection");
    str_init(&made, arena);
    str_add(&made, "");
    reserve(&made, parameters);
    for (uint32_t i = 0; i < parameters->length; i++) {
        const struct value_pair *pair = &parameters->pairs[i];
        const char *name = value_as_string(&pair->key);

        if (!value_is(&pair->value, VALUE_NULL))
            add_parameter(str_equal(name, "database") ? "dbname" : name, parameter_text(arena, &pair->value), &made);
    }
    options = PQconninfoParse(made.text, &error);
    if (!options) {
        str_wipe(made.text, made.length);
        err_set(err, arena, ERR_REFUSED, "invalid dsn: %s", error ? error : "out of memory");
        PQfreemem(error);
        return false;
    }
    PQconninfoFree(options);
    *conninfo = made.text;
    return true;
}

/* Notices are for programs that talk with people; patronictl drops them too. */
static void ignore_notice(void *context, const PGresult *notice)
{
    (void)context;
    (void)notice;
}

static void release_connection(void *handle)
{
    struct postgres *postgres = handle;

    PQclear(postgres->last);
    PQfinish(postgres->connection);
    postgres->last = NULL;
    postgres->connection = NULL;
}

static void release_result(void *handle)
{
    PQclear(handle);
}

enum wait { WAIT_READY, WAIT_TIMED_OUT, WAIT_SIGNAL };

static enum wait wait_for(int fd, short events, deadline_t deadline)
{
    struct pollfd fds[2] = {{.fd = fd, .events = events}, {.fd = signals_fd(), .events = POLLIN}};

    while (!signals_pending()) {
        /* A server that never ceases to send is not waited for any longer than one that is silent. */
        if (deadline != DEADLINE_NEVER && !deadline_left(deadline))
            return WAIT_TIMED_OUT;
        int ready = poll(fds, 2, deadline == DEADLINE_NEVER ? -1 : deadline_left(deadline));

        if (ready > 0 && fds[0].revents && !fds[1].revents)
            return WAIT_READY;
        if (ready == 0 || (ready < 0 && errno != EINTR))
            return WAIT_TIMED_OUT;
    }
    return WAIT_SIGNAL;
}

static bool fail_connect(const struct postgres *postgres, bool answered, bool timed_out, struct err *err)
{
    /* libpq has written the host by then, and leaves the rest of the line to who waits. */
    return err_set(err, postgres->arena, answered ? ERR_REFUSED : ERR_UNREACHABLE, "%s%s",
                   PQerrorMessage(postgres->connection), timed_out ? "timeout expired\n" : "");
}

static void *run_cancel(void *cancel)
{
    char error[256];

    (void)PQcancel(cancel, error, sizeof(error));
    return NULL;
}

/*
 * PQcancel() cannot be kept from waiting for a host that does not answer, so it does that beside us. When it takes too
 * long it is left alone, with what it needs: the program is about to end.
 */
static void cancel_query(const struct postgres *postgres, int milliseconds)
{
    PGcancel *cancel = PQgetCancel(postgres->connection);
    struct timespec limit;
    pthread_t thread;

    if (!cancel)
        return;
    if (pthread_create(&thread, NULL, run_cancel, cancel) != 0) {
        PQfreeCancel(cancel);
        return;
    }
    clock_gettime(CLOCK_REALTIME, &limit);
    limit.tv_sec += milliseconds / 1000;
    limit.tv_nsec += milliseconds % 1000 * 1000000L;
    if (limit.tv_nsec >= 1000000000) {
        limit.tv_sec++;
        limit.tv_nsec -= 1000000000;
    }
    if (pthread_timedjoin_np(thread, NULL, &limit) == 0)
        PQfreeCancel(cancel);
    else
        pthread_detach(thread);
}

static bool is_flooded(const struct postgres *postgres)
{
    struct tcp_info info = {.tcpi_bytes_received = 0};
    socklen_t size = sizeof info;

    return postgres->deadline != DEADLINE_NEVER &&
           getsockopt(PQsocket(postgres->connection), IPPROTO_TCP, TCP_INFO, &info, &size) == 0 &&
           info.tcpi_bytes_received > MOST_RECEIVED;
}

/* Waits for the socket; a signal ends the query, and so does a server that sends more than can be kept. */
static bool wait_query(struct postgres *postgres, short events, struct err *err)
{
    if (is_flooded(postgres)) {
        cancel_query(postgres, CANCEL_SECONDS * 1000);
        postgres->given_up = true;
        return err_set(err, postgres->arena, ERR_UNKNOWN, "the server sent more than %d GiB: the query was given up\n",
                       MOST_GIB);
    }
    enum wait wait = wait_for(PQsocket(postgres->connection), events, postgres->deadline);

    if (wait == WAIT_READY)
        return true;
    if (wait == WAIT_TIMED_OUT)
        return err_set(err, postgres->arena, ERR_UNKNOWN, "the server does not answer: timeout expired\n");
    cancel_query(postgres, CANCEL_SECONDS * 1000);
    return err_set(err, postgres->arena, ERR_ABORTED, ERR_MESSAGE_ABORTED);
}

/* Once it was sent, nobody can tell whether a query without an answer has done something. */
static bool fail_query(const struct postgres *postgres, bool sent, size_t reported, struct err *err)
{
    const char *message = PQerrorMessage(postgres->connection);

    /* libpq appends to what earlier results of the same query had to say. */
    if (strlen(message) > reported)
        message += reported;
    return err_set(err, postgres->arena, sent ? ERR_UNKNOWN : ERR_UNREACHABLE, "%s",
                   *message ? message : "the server gives no reason\n");
}

static bool send_query(struct postgres *postgres, const char *sql, struct err *err)
{
    PGconn *connection = postgres->connection;
    int left = 1;

    if (!PQsendQuery(connection, sql))
        return fail_query(postgres, false, 0, err);
    while ((left = PQflush(connection)) == 1) {
        if (!wait_query(postgres, POLLIN | POLLOUT, err))
            return false;
        if (!PQconsumeInput(connection))
            break;
    }
    return left == 0 || fail_query(postgres, true, 0, err);
}

static bool is_copy(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);

    return status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH;
}

/* Waits for the rest of the query's results and gives the last one. */
static bool collect(struct postgres *postgres, PGresult **result, struct err *err)
{
    PGconn *connection = postgres->connection;

    for (;;) {
        while (PQisBusy(connection)) {
            if (!wait_query(postgres, POLLIN, err))
                return false;
            if (!PQconsumeInput(connection))
                return fail_query(postgres, true, postgres->reported, err);
        }
        PGresult *next = PQgetResult(connection);
        if (!next)
            break;
        PQclear(postgres->last);
        postgres->last = next;
        postgres->reported = strlen(PQerrorMessage(connection));
        if (is_copy(next) || PQstatus(connection) == CONNECTION_BAD)
            break;
    }
    if (!postgres->last)
        return fail_query(postgres, true, 0, err);
    *result = arena_own(postgres->arena, postgres->last, release_result);
    postgres->last = NULL;
    return true;
}

bool postgres_query(struct postgres *postgres, const char *sql, deadline_t deadline, PGresult **result, struct err *err)
{
    PQclear(postgres->last);
    postgres->last = NULL;
    postgres->reported = 0;
    postgres->deadline = deadline;
    return send_query(postgres, sql, err) && collect(postgres, result, err);
}

bool postgres_is_busy(const struct postgres *postgres)
{
    return !postgres->given_up && PQtransactionStatus(postgres->connection) == PQTRANS_ACTIVE;
}

bool postgres_cancel(struct postgres *postgres, deadline_t deadline, PGresult **result, struct err *err)
{
    cancel_query(postgres, deadline_left(deadline));
    postgres->deadline = deadline;
    return collect(postgres, result, err);
}

/* Runs a statement that sets something for the session. */
static bool set(struct postgres *postgres, const char *sql, deadline_t deadline, struct err *err)
{
    PGresult *result = NULL;

    if (!postgres_query(postgres, sql, deadline, &result, err)) {
        if (err->kind == ERR_UNKNOWN) /* nothing is lost with it */
            err->kind = ERR_UNREACHABLE;
        return false;
    }
    const char *message = PQresultErrorMessage(result);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        return err_set(err, postgres->arena, ERR_REFUSED, "%s",
                       *message ? message : "the server's answer to SET is not one of PostgreSQL\n");
    return true;
}

static bool prepare_session(struct postgres *postgres, deadline_t deadline, struct err *err)
{
    const char *style = PQparameterStatus(postgres->connection, "DateStyle");
    const char *encoding = PQparameterStatus(postgres->connection, "client_encoding");

    if (style && !str_starts_with(style, "ISO") && !set(postgres, "SET datestyle TO 'ISO'", deadline, err))
        return false;
    return !encoding || str_equal(encoding, "UTF8") || set(postgres, "SET client_encoding TO 'UTF8'", deadline, err);
}

/*
 * A connection that is made beside us: libpq looks the host's name up without a deadline, and computes as long as the
 * server wants it to, which is for half an hour with 2147483647 iterations of SCRAM.
 */
struct start {
    char *conninfo;
    PGconn *connection;
    deadline_t deadline;
    int made; /* can be read then */
    bool answered, timed_out;
    atomic_bool found; /* the address is known */
    atomic_int owners;
};

static void release_start(struct start *start)
{
    if (atomic_fetch_sub(&start->owners, 1) > 1)
        return;
    if (start->connection)
        PQfinish(start->connection);
    close(start->made);
    str_wipe(start->conninfo, strlen(start->conninfo));
    free(start->conninfo);
    free(start);
}

static void shake_hands(struct start *start)
{
    PostgresPollingStatusType status = PGRES_POLLING_WRITING;

    while (PQstatus(start->connection) != CONNECTION_BAD && status != PGRES_POLLING_FAILED &&
           status != PGRES_POLLING_OK) {
        struct pollfd socket = {.fd = PQsocket(start->connection),
                                .events = status == PGRES_POLLING_READING ? POLLIN : POLLOUT};
        int left = deadline_left(start->deadline);

        start->timed_out = !left || poll(&socket, 1, left) == 0;
        if (start->timed_out)
            return;
        start->answered = start->answered || status == PGRES_POLLING_READING;
        status = PQconnectPoll(start->connection);
    }
}

static void make(struct start *start)
{
    start->connection = PQconnectStart(start->conninfo);
    atomic_store(&start->found, true);
    if (start->connection) {
        PQsetNoticeReceiver(start->connection, ignore_notice, NULL);
        shake_hands(start);
    }
    eventfd_write(start->made, 1);
}

static void *run_start(void *start)
{
    make(start);
    release_start(start);
    return NULL;
}

bool postgres_has_left_thread(void)
{
    return atomic_load(&has_left_thread);
}

/* Leaves what takes too long alone, with what it needs. */
static bool abandon(struct postgres *postgres, const struct start *start, enum wait wait, struct err *err)
{
    atomic_store(&has_left_thread, true);
    if (wait == WAIT_SIGNAL)
        return err_set(err, postgres->arena, ERR_ABORTED, ERR_MESSAGE_ABORTED);
    return err_set(err, postgres->arena, ERR_UNREACHABLE, "%s: timeout expired\n",
                   atomic_load(&start->found) ? "the server's authentication takes too long to compute"
                                              : "could not translate the host name to an address");
}

static bool connect_beside(struct postgres *postgres, struct start *start, struct err *err)
{
    pthread_t thread;

    if (start->made >= 0 && pthread_create(&thread, NULL, run_start, start) == 0) {
        pthread_detach(thread);
    } else {
        atomic_init(&start->owners, 1);
        make(start);
    }
    deadline_t latest = start->deadline == DEADLINE_NEVER ? DEADLINE_NEVER : start->deadline + CONNECT_GRACE_MS;
    enum wait wait = start->made < 0 ? WAIT_READY : wait_for(start->made, POLLIN, latest);
    if (wait != WAIT_READY)
        return abandon(postgres, start, wait, err);
    postgres->connection = start->connection;
    start->connection = NULL;
    if (!postgres->connection)
        return err_set(err, postgres->arena, ERR_FAILED, "out of memory");
    arena_own(postgres->arena, postgres, release_connection);
    return PQstatus(postgres->connection) == CONNECTION_OK ||
           fail_connect(postgres, start->answered && !start->timed_out, start->timed_out, err);
}

bool postgres_connect(struct arena *arena, const char *conninfo, deadline_t deadline, struct postgres **postgres,
                      struct err *err)
{
    struct postgres *made = arena_calloc(arena, 1, sizeof(*made));
    struct start *start = arena_must_calloc(1, sizeof *start);

    made->arena = arena;
    start->conninfo = arena_must_strdup(conninfo);
    start->deadline = deadline;
    start->made = eventfd(0, EFD_CLOEXEC);
    atomic_init(&start->found, false);
    atomic_init(&start->owners, 2);
    bool connected = connect_beside(made, start, err);
    release_start(start);
    if (!connected || PQsetnonblocking(made->connection, 1) != 0 || !prepare_session(made, deadline, err)) {
        postgres_close(made);
        return false;
    }
    *postgres = made;
    return true;
}

void postgres_close(struct postgres *postgres)
{
    release_connection(postgres);
}
