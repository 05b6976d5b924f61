#include "pgha/http.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "pgha/arena.h"
#include "pgha/base64.h"
#include "pgha/conceal.h"
#include "pgha/log.h"
#include "pgha/signals.h"
#include "pgha/str.h"
#include "transfer.h"

/* Above what any server in its right mind sends, far below what would hurt. */
#define MAX_HEADER_BYTES (256u * 1024)
#define MAX_HEADER_COUNT 1000

/* Requests beyond these wait inside libcurl until a connection is free. */
#define MAX_CONNECTIONS 64L
#define MAX_CONNECTIONS_PER_HOST 16L

#define SECRETS (sizeof((struct http_transfer *)NULL)->secrets / sizeof(char *))

struct http {
    const struct log *log;
    CURLM *multi;
    struct http_transfer *active; /* under way */
    struct http_transfer *ended;  /* not handed out yet, in the order in which they ended */
};

static void detach(struct http_transfer **list, const struct http_transfer *transfer)
{
    for (; *list; list = &(*list)->next)
        if (*list == transfer) {
            *list = transfer->next;
            return;
        }
}

static void release_easy(struct http_transfer *transfer)
{
    if (transfer->easy)
        curl_easy_cleanup(transfer->easy);
    transfer->easy = NULL;
    for (struct curl_slist *header = transfer->headers; header; header = header->next)
        str_wipe(header->data, strlen(header->data));
    curl_slist_free_all(transfer->headers);
    transfer->headers = NULL;
    curl_url_cleanup(transfer->address);
    transfer->address = NULL;
}

void http_cancel(struct http_transfer *transfer)
{
    if (!transfer->http)
        return;
    if (transfer->easy) {
        long sent = 0;

        curl_easy_getinfo(transfer->easy, CURLINFO_REQUEST_SIZE, &sent);
        transfer->reply.outcome = HTTP_ABORTED;
        transfer->reply.error = ERR_MESSAGE_ABORTED;
        transfer->reply.sent = sent > 0;
        log_debug(transfer->http->log, "%s %s%s: given up after %.3f s, %s", transfer->method, transfer->url,
                  transfer->authorized ? " (Authorization: <redacted>)" : "",
                  (double)(clock_ms() - transfer->started) / 1000, sent ? "sent, without a whole answer" : "not sent");
        curl_multi_remove_handle(transfer->http->multi, transfer->easy);
        detach(&transfer->http->active, transfer);
    } else {
        detach(&transfer->http->ended, transfer);
    }
    release_easy(transfer);
    transfer->http = NULL;
}

static void release_transfer(void *handle)
{
    struct http_transfer *transfer = handle;

    http_cancel(transfer);
    free(transfer->body);
    for (size_t i = 0; i < SECRETS; i++)
        if (transfer->secrets[i])
            str_wipe(transfer->secrets[i], strlen(transfer->secrets[i]));
}

static void release_http(void *handle)
{
    struct http *http = handle;

    while (http->active)
        http_cancel(http->active);
    while (http->ended)
        http_cancel(http->ended);
    if (http->multi)
        curl_multi_cleanup(http->multi);
    curl_global_cleanup();
}

bool http_new(struct arena *arena, const struct log *log, struct http **http, struct err *err)
{
    struct http *made = arena_alloc(arena, sizeof *made);

    if (curl_global_init_mem(CURL_GLOBAL_DEFAULT, arena_must_malloc, free, arena_must_realloc, arena_must_strdup,
                             arena_must_calloc))
        return err_set(err, arena, ERR_FAILED, "libcurl cannot be initialised");
    arena_own(arena, made, release_http);
    made->log = log;
    made->multi = curl_multi_init();
    if (!made->multi)
        return err_set(err, arena, ERR_FAILED, "libcurl cannot be initialised");
    curl_multi_setopt(made->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, MAX_CONNECTIONS);
    curl_multi_setopt(made->multi, CURLMOPT_MAX_HOST_CONNECTIONS, MAX_CONNECTIONS_PER_HOST);
    /* By default libcurl keeps four times as many as there are requests, which is few towards the end of a batch. */
    curl_multi_setopt(made->multi, CURLMOPT_MAXCONNECTS, MAX_CONNECTIONS);
    *http = made;
    return true;
}

static size_t on_header(char *data, size_t size, size_t count, void *user)
{
    struct http_transfer *transfer = user;

    (void)data;
    transfer->header_bytes += size * count;
    if (++transfer->header_count > MAX_HEADER_COUNT || transfer->header_bytes > MAX_HEADER_BYTES)
        return 0;
    return size * count;
}

static size_t on_body(char *data, size_t size, size_t count, void *user)
{
    struct http_transfer *transfer = user;
    size_t length = size * count, needed = transfer->reply.body_length + length + 1;

    if (length > transfer->max_body - transfer->reply.body_length)
        return 0;
    if (needed > transfer->capacity) {
        size_t capacity = transfer->capacity * 2 > needed ? transfer->capacity * 2 : needed;

        transfer->body = arena_must_realloc(transfer->body, capacity);
        transfer->capacity = capacity;
    }
    memcpy(transfer->body + transfer->reply.body_length, data, length);
    transfer->reply.body_length += length;
    transfer->body[transfer->reply.body_length] = '\0';
    return length;
}

/* An editor or pager that is started meanwhile must not inherit a connection that carries credentials. */
static curl_socket_t on_socket(void *user, curlsocktype purpose, struct curl_sockaddr *address)
{
    (void)user;
    (void)purpose;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static void end_transfer(struct http_transfer *transfer)
{
    struct http *http = transfer->http;
    struct http_reply *reply = &transfer->reply;
    struct http_transfer **last = &http->ended;

    if (transfer->body)
        reply->body = transfer->body;
    for (size_t i = 0; i < SECRETS && reply->status >= 300; i++)
        if (transfer->secrets[i])
            conceal_echo(reply->body, reply->body_length, transfer->secrets[i]);
    reply->seconds = (double)(clock_ms() - transfer->started) / 1000;
    if (reply->outcome == HTTP_ANSWERED)
        log_debug(http->log, "%s %s%s: %d, %zu bytes in %.3f s", transfer->method, transfer->url,
                  transfer->authorized ? " (Authorization: <redacted>)" : "", reply->status, reply->body_length,
                  reply->seconds);
    else
        log_debug(http->log, "%s %s%s: %s after %.3f s (libcurl: %s)", transfer->method, transfer->url,
                  transfer->authorized ? " (Authorization: <redacted>)" : "", reply->error, reply->seconds,
                  transfer->detail);
    transfer->next = NULL;
    while (*last)
        last = &(*last)->next;
    *last = transfer;
}

static void add_header(struct http_transfer *transfer, const char *name, const char *value)
{
    char *line = arena_printf(transfer->arena, "%s:%s%s", name, *value ? " " : "", value);

    transfer->headers = curl_slist_append(transfer->headers, line);
    str_wipe(line, strlen(line));
}

static const char *copy(struct arena *arena, const char *text)
{
    return text ? arena_strdup(arena, text) : NULL;
}

static void set_tls(struct http_transfer *transfer, const struct http_tls *given)
{
    struct arena *arena = transfer->arena;
    struct http_tls *tls = &transfer->tls;
    CURL *easy = transfer->easy;

    if (given) {
        *tls = *given;
        tls->cafile = copy(arena, given->cafile);
        tls->certfile = copy(arena, given->certfile);
        tls->keyfile = copy(arena, given->keyfile);
        tls->key_password = copy(arena, given->key_password);
    }
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (tls->cafile) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, tls->cafile);
        /* Otherwise the system's authorities would be trusted besides the one that was named. */
        curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    }
    if (tls->certfile) {
        curl_easy_setopt(easy, CURLOPT_SSLCERT, tls->certfile);
        curl_easy_setopt(easy, CURLOPT_SSLKEY, tls->keyfile ? tls->keyfile : tls->certfile);
        /* Without any password OpenSSL would ask for one at the terminal. */
        curl_easy_setopt(easy, CURLOPT_KEYPASSWD, tls->key_password ? tls->key_password : "");
    }
    if (tls->no_verify_peer)
        curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
    if (tls->no_verify_peer || tls->no_verify_name)
        curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
}

static void set_method(struct http_transfer *transfer, const struct http_request *request)
{
    CURL *easy = transfer->easy;
    bool with_body = request->body || strcmp(request->method, "POST") == 0 || strcmp(request->method, "PUT") == 0 ||
                     strcmp(request->method, "PATCH") == 0;

    if (with_body) {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)(request->body ? request->body_length : 0));
        curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, request->body ? request->body : "");
        add_header(transfer, "Expect", "");
        add_header(transfer, "Content-Type", request->content_type ? request->content_type : "");
    }
    if (strcmp(request->method, with_body ? "POST" : "GET") != 0)
        curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method);
    /* On a connection that was kept, libcurl would send a request that got no answer a second time. */
    if (!request->repeatable && strcmp(request->method, "GET") != 0)
        curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
}

/* libcurl takes 0 for "no limit". */
static long milliseconds(double seconds)
{
    return seconds < 0.001 ? 1L : (long)(seconds * 1000);
}

static void set_options(struct http_transfer *transfer, const struct http_request *request)
{
    CURL *easy = transfer->easy;

    curl_easy_setopt(easy, CURLOPT_CURLU, transfer->address);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->detail);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_socket);
    curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)transfer->max_body);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "pgha");
#if LIBCURL_VERSION_NUM >= 0x075700
    /* A name that takes long to resolve must not hold up Ctrl-C. */
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
#endif
    if (request->deadline != DEADLINE_NEVER)
        curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, milliseconds(transfer->timeout));
    if (transfer->connect_timeout > 0)
        curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(transfer->connect_timeout));
    /* A peer whose machine died while it worked on a long request would otherwise be waited for until the deadline. */
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPIDLE, 15L);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPINTVL, 5L);
    if (request->user) {
        curl_easy_setopt(easy, CURLOPT_USERNAME, request->user);
        curl_easy_setopt(easy, CURLOPT_PASSWORD, request->password ? request->password : "");
    }
    if (request->authorization)
        add_header(transfer, "Authorization", request->authorization);
    if (transfer->https)
        set_tls(transfer, request->tls);
    transfer->tls.expected = request->tls && request->tls->expected;
    set_method(transfer, request);
    if (transfer->headers)
        curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer->headers);
}

/* Takes the URL apart: credentials in it are not sent, and host and port are named when something goes wrong. */
static CURLU *take_url(struct http_transfer *transfer, const char *text)
{
    CURLU *url = curl_url();
    char *host = NULL, *port = NULL, *scheme = NULL, *whole = NULL;
    bool good = url && !curl_url_set(url, CURLUPART_URL, text, CURLU_URLENCODE) &&
                !curl_url_set(url, CURLUPART_USER, NULL, 0) && !curl_url_set(url, CURLUPART_PASSWORD, NULL, 0) &&
                !curl_url_get(url, CURLUPART_HOST, &host, 0) &&
                !curl_url_get(url, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) &&
                !curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) && !curl_url_get(url, CURLUPART_URL, &whole, 0) &&
                (strcasecmp(scheme, "http") == 0 || strcasecmp(scheme, "https") == 0);

    if (good) {
        transfer->peer = arena_printf(transfer->arena, "%s:%s", host, port);
        transfer->url = arena_strdup(transfer->arena, whole);
        transfer->https = strcasecmp(scheme, "https") == 0;
    } else {
        curl_url_cleanup(url);
        url = NULL;
    }
    curl_free(host);
    curl_free(port);
    curl_free(scheme);
    curl_free(whole);
    return url;
}

/* What a server might repeat; of an Authorization value what stands behind "Basic". */
static void keep_secrets(struct http_transfer *transfer, const struct http_request *request)
{
    struct arena *arena = transfer->arena;

    if (request->authorization) {
        const char *blank = strchr(request->authorization, ' ');
        transfer->secrets[0] = arena_strdup(arena, blank ? blank + 1 : request->authorization);
    } else if (request->user) {
        char *pair = arena_printf(arena, "%s:%s", request->user, request->password ? request->password : "");
        transfer->secrets[0] = base64_encode(arena, pair, strlen(pair));
        str_wipe(pair, strlen(pair));
    }
    if (request->body_secret)
        transfer->secrets[1] = arena_strdup(arena, request->body_secret);
}

struct http_transfer *http_start(struct http *http, struct arena *arena, const struct http_request *request)
{
    struct http_transfer *transfer = arena_alloc(arena, sizeof *transfer);

    transfer->http = http;
    transfer->arena = arena;
    transfer->owner = request->owner;
    transfer->started = clock_ms();
    transfer->method = arena_strdup(arena, request->method);
    transfer->url = transfer->peer = "";
    transfer->max_body = request->max_body ? request->max_body : HTTP_MAX_BODY;
    transfer->authorized = request->user || request->authorization;
    keep_secrets(transfer, request);
    transfer->reply.body = arena_alloc(arena, 1);
    transfer->reply.outcome = HTTP_UNREACHABLE;
    transfer->reply.error = "not a valid http or https address";
    arena_own(arena, transfer, release_transfer);
    if (request->deadline != DEADLINE_NEVER)
        transfer->timeout = transfer->connect_timeout = deadline_left(request->deadline) / 1000.0;
    if (request->connecting && request->connecting < request->deadline)
        transfer->connect_timeout = deadline_left(request->connecting) / 1000.0;
    transfer->address = take_url(transfer, request->url);
    if (transfer->address) {
        transfer->easy = curl_easy_init();
        transfer->reply.error = "libcurl cannot start a request";
    }
    if (transfer->easy) {
        set_options(transfer, request);
        if (curl_multi_add_handle(http->multi, transfer->easy) == CURLM_OK) {
            transfer->next = http->active;
            http->active = transfer;
            return transfer;
        }
        release_easy(transfer);
    }
    end_transfer(transfer);
    return transfer;
}

/* Moves what libcurl has finished to the list of ended transfers. */
static void collect(struct http *http)
{
    int left;

    for (CURLMsg *message; (message = curl_multi_info_read(http->multi, &left));) {
        struct http_transfer *transfer = NULL;

        if (message->msg != CURLMSG_DONE)
            continue;
        CURLcode code = message->data.result;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
        http_transfer_conclude(transfer, code);
        curl_multi_remove_handle(http->multi, transfer->easy);
        detach(&http->active, transfer);
        release_easy(transfer);
        end_transfer(transfer);
    }
}

/* What has ended already of the one that is wanted, or of any if `wanted` is NULL. */
static struct http_transfer *take_ended(struct http *http, const struct http_transfer *wanted)
{
    for (struct http_transfer *transfer = http->ended; transfer; transfer = transfer->next)
        if (!wanted || transfer == wanted) {
            detach(&http->ended, transfer);
            transfer->http = NULL;
            return transfer;
        }
    return NULL;
}

/* Several may end in one step; libcurl looks at all connections in each, so those are handed out first. */
static struct http_transfer *advance(struct http *http, const struct http_transfer *wanted)
{
    struct http_transfer *transfer = take_ended(http, wanted);
    int running;

    if (transfer)
        return transfer;
    curl_multi_perform(http->multi, &running);
    collect(http);
    return take_ended(http, wanted);
}

/* Waits for one transfer, or for any if `wanted` is NULL. */
static struct http_transfer *wait_for(struct http *http, const struct http_transfer *wanted, deadline_t deadline)
{
    struct curl_waitfd signal = {.fd = signals_fd(), .events = CURL_WAIT_POLLIN};

    for (;;) {
        struct http_transfer *transfer = advance(http, wanted);

        if (transfer)
            return transfer;
        int left = deadline_left(deadline);
        if (!http->active || !left || signals_pending())
            return NULL;
        curl_multi_poll(http->multi, &signal, signal.fd >= 0 ? 1 : 0, left, NULL);
    }
}

struct http_transfer *http_wait(struct http *http, deadline_t deadline)
{
    return wait_for(http, NULL, deadline);
}

struct http_transfer *http_wait_or_input(struct http *http, int fd, deadline_t deadline)
{
    struct curl_waitfd waits[] = {{.fd = fd, .events = CURL_WAIT_POLLIN},
                                  {.fd = signals_fd(), .events = CURL_WAIT_POLLIN}};
    struct http_transfer *transfer = advance(http, NULL);

    if (transfer || signals_pending())
        return transfer;
    curl_multi_poll(http->multi, waits, waits[1].fd >= 0 ? 2 : 1, deadline_left(deadline), NULL);
    return advance(http, NULL);
}

const struct http_reply *http_transfer_reply(const struct http_transfer *transfer)
{
    return &transfer->reply;
}

void *http_transfer_owner(const struct http_transfer *transfer)
{
    return transfer->owner;
}

struct http_reply http_send(struct http *http, struct arena *arena, const struct http_request *request)
{
    struct http_transfer *transfer = http_start(http, arena, request);

    if (!wait_for(http, transfer, DEADLINE_NEVER))
        http_cancel(transfer);
    return transfer->reply;
}
