#include "fake_http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pgha/clock.h"

#define MAX_CLIENTS 64
#define MAX_REQUESTS 1024

struct client {
    int fd;
    char *text; /* of the request that is coming in */
    size_t length;
    int64_t due; /* when the answer goes out; 0: no request yet */
    const struct fake_answer *answer;
};

struct fake_http {
    pthread_t thread;
    pthread_mutex_t lock;
    int listener;
    int stop[2];
    char url[64];
    struct fake_answer *answers;
    char **texts; /* of the answers: a test may be done with its own before the last byte was sent */
    size_t answer_count;
    struct client clients[MAX_CLIENTS];
    size_t client_count;
    size_t connections;
    char *requests[MAX_REQUESTS];
    size_t request_count;
};

static void drop(struct fake_http *fake, size_t index)
{
    close(fake->clients[index].fd);
    free(fake->clients[index].text);
    fake->clients[index] = fake->clients[--fake->client_count];
}

static void send_all(int fd, const char *text, size_t length)
{
    while (length) {
        ssize_t sent = send(fd, text, length, MSG_NOSIGNAL);

        if (sent <= 0)
            return;
        text += sent;
        length -= (size_t)sent;
    }
}

static bool answer(struct client *client)
{
    const struct fake_answer *answer = client->answer;

    if (answer->text)
        send_all(client->fd, answer->text, strlen(answer->text));
    for (size_t i = 0; i < answer->repeat; i++) {
        ssize_t sent = send(client->fd, answer->tail, strlen(answer->tail), MSG_NOSIGNAL);

        if (sent <= 0)
            return false;
    }
    client->due = 0;
    client->length = 0;
    return answer->keep || answer->hang;
}

static bool is_complete(const char *text, size_t length)
{
    const char *end = strstr(text, "\r\n\r\n"), *size = strcasestr(text, "\r\nContent-Length:");

    if (!end)
        return false;
    size_t body = size && size < end ? strtoul(size + strlen("\r\nContent-Length:"), NULL, 10) : 0;
    return length >= (size_t)(end + 4 - text) + body;
}

static bool receive(struct fake_http *fake, struct client *client)
{
    char part[4096];
    ssize_t got = recv(client->fd, part, sizeof part, 0);

    if (got <= 0)
        return false;
    client->text = realloc(client->text, client->length + (size_t)got + 1);
    memcpy(client->text + client->length, part, (size_t)got);
    client->length += (size_t)got;
    client->text[client->length] = '\0';
    if (!is_complete(client->text, client->length))
        return true;
    pthread_mutex_lock(&fake->lock);
    size_t number = fake->request_count < fake->answer_count ? fake->request_count : fake->answer_count - 1;
    if (fake->request_count < MAX_REQUESTS)
        fake->requests[fake->request_count++] = strdup(client->text);
    pthread_mutex_unlock(&fake->lock);
    client->answer = &fake->answers[number];
    client->due = clock_ms() + client->answer->delay_ms;
    return true;
}

static void *serve(void *data)
{
    struct fake_http *fake = data;

    for (;;) {
        struct pollfd wait[MAX_CLIENTS + 2] = {{.fd = fake->stop[0], .events = POLLIN},
                                               {.fd = fake->listener, .events = POLLIN}};
        int timeout = -1;

        for (size_t i = 0; i < fake->client_count; i++) {
            struct client *client = &fake->clients[i];

            wait[i + 2] = (struct pollfd){.fd = client->fd, .events = client->due ? 0 : POLLIN};
            if (client->due && (timeout < 0 || deadline_left(client->due) < timeout))
                timeout = deadline_left(client->due);
        }
        poll(wait, fake->client_count + 2, timeout);
        if (wait[0].revents)
            return NULL;
        for (size_t i = fake->client_count; i-- > 0;) {
            struct client *client = &fake->clients[i];
            bool stays = true;

            if (client->due && !deadline_left(client->due))
                stays = answer(client);
            else if (wait[i + 2].revents)
                stays = receive(fake, client);
            if (!stays)
                drop(fake, i);
        }
        if (wait[1].revents && fake->client_count < MAX_CLIENTS) {
            fake->clients[fake->client_count++] = (struct client){.fd = accept(fake->listener, NULL, NULL)};
            pthread_mutex_lock(&fake->lock);
            fake->connections++;
            pthread_mutex_unlock(&fake->lock);
        }
    }
}

static int listen_somewhere(char *url, size_t size)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0 || bind(fd, (struct sockaddr *)&address, length) || listen(fd, MAX_CLIENTS) ||
        getsockname(fd, (struct sockaddr *)&address, &length))
        abort();
    snprintf(url, size, "http://127.0.0.1:%d", ntohs(address.sin_port));
    return fd;
}

struct fake_http *fake_http_start(const struct fake_answer *answers, size_t count)
{
    struct fake_http *fake = calloc(1, sizeof *fake);

    fake->answers = malloc(count * sizeof *answers);
    memcpy(fake->answers, answers, count * sizeof *answers);
    fake->texts = calloc(count, sizeof *fake->texts);
    for (size_t i = 0; i < count; i++)
        if (answers[i].text)
            fake->answers[i].text = fake->texts[i] = strdup(answers[i].text);
    fake->answer_count = count;
    fake->listener = listen_somewhere(fake->url, sizeof fake->url);
    pthread_mutex_init(&fake->lock, NULL);
    if (pipe2(fake->stop, O_CLOEXEC) || pthread_create(&fake->thread, NULL, serve, fake))
        abort();
    return fake;
}

struct fake_http *fake_http_serve(const char *body)
{
    char *made = NULL;

    if (asprintf(&made, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%s", strlen(body), body) < 0)
        abort();
    struct fake_http *fake = fake_http_start(&(struct fake_answer){.text = made, .keep = true}, 1);
    free(made);
    return fake;
}

void fake_http_stop(struct fake_http *fake)
{
    close(fake->stop[1]);
    pthread_join(fake->thread, NULL);
    close(fake->stop[0]);
    close(fake->listener);
    while (fake->client_count)
        drop(fake, 0);
    for (size_t i = 0; i < fake->request_count; i++)
        free(fake->requests[i]);
    pthread_mutex_destroy(&fake->lock);
    free(fake->answers);
    for (size_t i = 0; i < fake->answer_count; i++)
        free(fake->texts[i]);
    free(fake->texts);
    free(fake);
}

const char *fake_http_place(const struct fake_http *fake)
{
    return fake->url + strlen("http://");
}

const char *fake_http_url(const struct fake_http *fake)
{
    return fake->url;
}

size_t fake_http_count(struct fake_http *fake)
{
    pthread_mutex_lock(&fake->lock);
    size_t count = fake->request_count;
    pthread_mutex_unlock(&fake->lock);
    return count;
}

size_t fake_http_connections(struct fake_http *fake)
{
    pthread_mutex_lock(&fake->lock);
    size_t count = fake->connections;
    pthread_mutex_unlock(&fake->lock);
    return count;
}

const char *fake_http_request(struct fake_http *fake, size_t number)
{
    pthread_mutex_lock(&fake->lock);
    const char *text = number < fake->request_count ? fake->requests[number] : "";
    pthread_mutex_unlock(&fake->lock);
    return text;
}

const char *fake_http_nowhere(void)
{
    return "127.0.0.1:1";
}
