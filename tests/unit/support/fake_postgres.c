#include "fake_postgres.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pgha/arena.h"

#define MAX_QUERIES 16
#define CODE_CANCEL 80877102
#define CODE_SSL 80877103
#define CODE_GSS 80877104

struct fake_postgres {
    const struct fake_session *session;
    pthread_t thread;
    pthread_mutex_t lock;
    int listener;
    int port;
    int stop[2];
    struct arena *arena;
    char *queries[MAX_QUERIES];
    size_t query_count;
    size_t cancelled;
    char *parameters; /* name, NUL, value, NUL, …, NUL */
};

static void add_number(struct str *messages, uint32_t number, int bytes)
{
    for (int i = bytes; i-- > 0;)
        str_add_char(messages, (char)(number >> (8 * i) & 0xff));
}

static void add_text(struct str *messages, const char *text)
{
    str_add_bytes(messages, text, strlen(text) + 1);
}

/* Starts a message; end_message() fills in the length. */
static size_t start_message(struct str *messages, char type)
{
    str_add_char(messages, type);
    add_number(messages, 0, 4);
    return messages->length - 4;
}

static void end_message(struct str *messages, size_t start)
{
    uint32_t length = htonl((uint32_t)(messages->length - start));

    memcpy(messages->text + start, &length, 4);
}

void fake_postgres_columns(struct str *messages, size_t count, const char *const *names, const unsigned *types)
{
    size_t start = start_message(messages, 'T');

    add_number(messages, (uint32_t)count, 2);
    for (size_t i = 0; i < count; i++) {
        add_text(messages, names[i]);
        add_number(messages, 0, 4);
        add_number(messages, 0, 2);
        add_number(messages, types[i], 4);
        add_number(messages, 0xffff, 2);
        add_number(messages, 0xffffffff, 4);
        add_number(messages, 0, 2);
    }
    end_message(messages, start);
}

void fake_postgres_row(struct str *messages, size_t count, const char *const *cells)
{
    size_t start = start_message(messages, 'D');

    add_number(messages, (uint32_t)count, 2);
    for (size_t i = 0; i < count; i++) {
        add_number(messages, cells[i] ? (uint32_t)strlen(cells[i]) : 0xffffffff, 4);
        if (cells[i])
            str_add(messages, cells[i]);
    }
    end_message(messages, start);
}

void fake_postgres_tag(struct str *messages, const char *tag)
{
    size_t start = start_message(messages, 'C');

    add_text(messages, tag);
    end_message(messages, start);
}

static void add_report(struct str *messages, char type, const char *severity, const char *sqlstate, const char *text)
{
    const char *fields[] = {severity, severity, sqlstate, text};
    size_t start = start_message(messages, type);

    for (size_t i = 0; i < 4; i++) {
        str_add_char(messages, "SVCM"[i]);
        add_text(messages, fields[i]);
    }
    str_add_char(messages, '\0');
    end_message(messages, start);
}

void fake_postgres_error(struct str *messages, const char *severity, const char *sqlstate, const char *text)
{
    add_report(messages, 'E', severity, sqlstate, text);
}

void fake_postgres_notice(struct str *messages, const char *text)
{
    add_report(messages, 'N', "NOTICE", "00000", text);
}

void fake_postgres_empty(struct str *messages)
{
    end_message(messages, start_message(messages, 'I'));
}

void fake_postgres_copy(struct str *messages, bool in)
{
    size_t start = start_message(messages, in ? 'G' : 'H');

    add_number(messages, 0, 1);
    add_number(messages, 1, 2);
    add_number(messages, 0, 2);
    end_message(messages, start);
}

static bool receive(int fd, void *data, size_t length)
{
    return recv(fd, data, length, MSG_WAITALL) == (ssize_t)length;
}

static void send_messages(int fd, const struct str *messages)
{
    if (send(fd, messages->text, messages->length, MSG_NOSIGNAL) < 0)
        return;
}

static void send_ready(int fd)
{
    (void)!send(fd, "Z\0\0\0\5I", 6, MSG_NOSIGNAL);
}

/* Takes what a client starts with; true if it wants a session. */
static bool greet(struct fake_postgres *fake, int fd)
{
    uint32_t head[2];

    for (;;) {
        if (!receive(fd, head, sizeof head))
            return false;
        uint32_t code = ntohl(head[1]);
        size_t length = ntohl(head[0]) - sizeof head;
        if (code == CODE_SSL || code == CODE_GSS) {
            (void)!send(fd, "N", 1, MSG_NOSIGNAL);
            continue;
        }
        pthread_mutex_lock(&fake->lock);
        char *parameters = arena_alloc(fake->arena, length + 1);
        bool complete = receive(fd, parameters, length);
        if (code == CODE_CANCEL)
            fake->cancelled++;
        else
            fake->parameters = parameters;
        pthread_mutex_unlock(&fake->lock);
        return complete && code != CODE_CANCEL;
    }
}

static void add_parameter(struct str *messages, const char *name, const char *value)
{
    size_t start = start_message(messages, 'S');

    add_text(messages, name);
    add_text(messages, value);
    end_message(messages, start);
}

static bool open_session(struct fake_postgres *fake, int fd)
{
    const struct fake_session *session = fake->session;
    struct str messages;
    size_t start;

    str_init(&messages, fake->arena);
    if (session->refusal) {
        fake_postgres_error(&messages, "FATAL", "28P01", session->refusal);
        send_messages(fd, &messages);
        return false;
    }
    start = start_message(&messages, 'R');
    add_number(&messages, 0, 4);
    end_message(&messages, start);
    add_parameter(&messages, "DateStyle", session->datestyle ? session->datestyle : "ISO, MDY");
    add_parameter(&messages, "client_encoding", session->encoding ? session->encoding : "UTF8");
    start = start_message(&messages, 'K');
    add_number(&messages, 4711, 4);
    add_number(&messages, 42, 4);
    end_message(&messages, start);
    send_messages(fd, &messages);
    send_ready(fd);
    return true;
}

/* The next client, or -1 when the test is over. */
static int next_client(struct fake_postgres *fake)
{
    struct pollfd wait[] = {{.fd = fake->stop[0], .events = POLLIN}, {.fd = fake->listener, .events = POLLIN}};

    poll(wait, 2, -1);
    return wait[0].revents ? -1 : accept(fake->listener, NULL, NULL);
}

static void wait_for_cancel(struct fake_postgres *fake)
{
    int fd = next_client(fake);

    if (fd < 0)
        return;
    greet(fake, fd);
    close(fd);
}

static const struct fake_reply *note_query(struct fake_postgres *fake, const char *sql)
{
    const struct fake_reply *reply = NULL;

    pthread_mutex_lock(&fake->lock);
    if (fake->query_count < fake->session->reply_count)
        reply = &fake->session->replies[fake->query_count];
    if (fake->query_count < MAX_QUERIES)
        fake->queries[fake->query_count++] = arena_strdup(fake->arena, sql);
    pthread_mutex_unlock(&fake->lock);
    return reply;
}

static void serve_session(struct fake_postgres *fake, int fd)
{
    char head[5];

    while (receive(fd, head, sizeof head) && *head == 'Q') {
        uint32_t length;

        memcpy(&length, head + 1, 4);
        length = ntohl(length) - 4;
        char *sql = arena_alloc(fake->arena, length + 1);
        if (!receive(fd, sql, length))
            return;
        const struct fake_reply *reply = note_query(fake, sql);
        if (!reply)
            return;
        send_messages(fd, &reply->messages);
        if (reply->hang)
            wait_for_cancel(fake);
        if (reply->cancelled)
            send_messages(fd, reply->cancelled);
        if ((reply->hang && !reply->cancelled) || reply->lost)
            return;
        send_ready(fd);
    }
}

static void *serve(void *data)
{
    struct fake_postgres *fake = data;

    for (int fd; (fd = next_client(fake)) >= 0; close(fd))
        if (greet(fake, fd) && open_session(fake, fd))
            serve_session(fake, fd);
    return NULL;
}

struct fake_postgres *fake_postgres_start(const struct fake_session *session)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    struct arena *arena = arena_new(NULL);
    struct fake_postgres *fake = arena_alloc(arena, sizeof *fake);

    fake->arena = arena;
    fake->session = session;
    fake->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fake->listener < 0 || bind(fake->listener, (struct sockaddr *)&address, length) || listen(fake->listener, 4) ||
        getsockname(fake->listener, (struct sockaddr *)&address, &length))
        abort();
    fake->port = ntohs(address.sin_port);
    pthread_mutex_init(&fake->lock, NULL);
    if (pipe(fake->stop) || pthread_create(&fake->thread, NULL, serve, fake))
        abort();
    return fake;
}

void fake_postgres_stop(struct fake_postgres *fake)
{
    close(fake->stop[1]);
    pthread_join(fake->thread, NULL);
    close(fake->stop[0]);
    close(fake->listener);
    pthread_mutex_destroy(&fake->lock);
    arena_free(fake->arena);
}

int fake_postgres_port(const struct fake_postgres *fake)
{
    return fake->port;
}

const char *fake_postgres_query(struct fake_postgres *fake, size_t number)
{
    const char *sql = NULL;

    pthread_mutex_lock(&fake->lock);
    if (number < fake->query_count)
        sql = fake->queries[number];
    pthread_mutex_unlock(&fake->lock);
    return sql;
}

size_t fake_postgres_cancelled(struct fake_postgres *fake)
{
    pthread_mutex_lock(&fake->lock);
    size_t cancelled = fake->cancelled;
    pthread_mutex_unlock(&fake->lock);
    return cancelled;
}

const char *fake_postgres_parameter(struct fake_postgres *fake, const char *name)
{
    const char *found = NULL;

    pthread_mutex_lock(&fake->lock);
    for (const char *next = fake->parameters; next && *next && !found; next += strlen(next) + 1) {
        const char *value = next + strlen(next) + 1;

        if (str_equal(next, name))
            found = value;
        next = value;
    }
    pthread_mutex_unlock(&fake->lock);
    return found;
}
