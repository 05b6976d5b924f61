#include "tls_probe.h"

#include <poll.h>
#include <string.h>
#include <time.h>

#include "pgha/arena.h"
#include "pgha/signals.h"
#include "pgha/str.h"

#define PROBE_MS 300
/* For somebody of whom it is not even known that he speaks TLS, and whom others may be able to stand in for. */
#define SPEAKS_MS 100
/* The same where certificates are configured: then nobody else can stand in, and a busy server needs its time. */
#define EXPECTED_MS 2000

/* So many bytes of the names in a certificate are shown. */
#define MAX_NAMES 300

/* Milliseconds that the probe may take: never more than the transfer had left. */
static long allowance(const struct http_transfer *transfer, long most)
{
    if (!transfer->timeout)
        return most;
    int64_t left = transfer->started + (int64_t)(transfer->timeout * 1000) - clock_ms();
    return left < 1 ? 1 : left > most ? most : (long)left;
}

/* Ctrl-C ends a probe, too. */
static int on_progress(void *data, curl_off_t most, curl_off_t now, curl_off_t most_sent, curl_off_t sent)
{
    (void)data;
    (void)most;
    (void)now;
    (void)most_sent;
    (void)sent;
    return signals_pending() != 0;
}

/* libcurl's error buffer keeps the first error only, which need not be the alert. */
static int on_text(CURL *easy, curl_infotype type, char *data, size_t size, void *words)
{
    (void)easy;
    if (type == CURLINFO_TEXT && size < CURL_ERROR_SIZE && memmem(data, size, "SSL_read", strlen("SSL_read")) &&
        memmem(data, size, "alert", strlen("alert"))) {
        memcpy(words, data, size);
        ((char *)words)[size] = '\0';
    }
    return 0;
}

static CURL *connect_only(const struct http_transfer *transfer)
{
    CURL *easy = curl_easy_init();

    if (!easy)
        return NULL;
    curl_easy_setopt(easy, CURLOPT_CURLU, transfer->address);
    curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1); /* HTTP/2 would begin to talk */
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, allowance(transfer, PROBE_MS));
    /* No secret goes this way: who it is has failed to show, or does not matter. */
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
    return easy;
}

bool tls_probe_speaks(const struct http_transfer *transfer)
{
    CURL *easy = transfer->address ? connect_only(transfer) : NULL;
    CURLU *url = easy ? curl_url_dup(transfer->address) : NULL;
    char *port = NULL;
    bool speaks = false;

    if (url && !curl_url_get(url, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) &&
        !curl_url_set(url, CURLUPART_PORT, port, 0) && !curl_url_set(url, CURLUPART_SCHEME, "https", 0)) {
        long most = allowance(transfer, transfer->tls.expected ? EXPECTED_MS : SPEAKS_MS);

        curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, most);
        curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
        curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, on_progress);
        curl_easy_setopt(easy, CURLOPT_CURLU, url);
        CURLcode code = curl_easy_perform(easy);
        speaks = code == CURLE_OK || code == CURLE_SSL_CLIENTCERT;
    }
    curl_free(port);
    if (easy)
        curl_easy_cleanup(easy);
    curl_url_cleanup(url);
    return speaks;
}

static const char *expiry_of(struct arena *arena, const struct curl_slist *fields)
{
    static const char label[] = "Expire date:";
    struct tm date = {0};

    for (; fields; fields = fields->next)
        if (str_starts_with(fields->data, label) && strptime(fields->data + strlen(label), "%b %d %H:%M:%S %Y", &date))
            return timegm(&date) < time(NULL)
                       ? arena_printf(arena, "%04d-%02d-%02d %02d:%02d:%02d UTC", date.tm_year + 1900, date.tm_mon + 1,
                                      date.tm_mday, date.tm_hour, date.tm_min, date.tm_sec)
                       : NULL;
    return NULL;
}

/* Connects to see the peer's certificates; NULL when there are none. They live as long as `*easy`, also NULL then. */
static const struct curl_certinfo *see_chain(const struct http_transfer *transfer, CURL **easy)
{
    struct curl_certinfo *chain = NULL;

    *easy = transfer->address ? connect_only(transfer) : NULL;
    if (!*easy)
        return NULL;
    curl_easy_setopt(*easy, CURLOPT_CERTINFO, 1L);
    curl_easy_perform(*easy);
    return curl_easy_getinfo(*easy, CURLINFO_CERTINFO, &chain) == CURLE_OK ? chain : NULL;
}

/* The text behind a label, with nothing in it that is not printed, and not more than fits a message; NULL: not there.
 */
static const char *field_of(struct arena *arena, const struct curl_slist *fields, const char *label)
{
    for (; fields; fields = fields->next) {
        if (!str_starts_with(fields->data, label))
            continue;
        char *text = arena_strndup(arena, fields->data + strlen(label), MAX_NAMES);

        for (char *c = text; *c; c++)
            if (*c < ' ' || *c > '~')
                *c = '?';
        return strlen(text) == MAX_NAMES ? arena_printf(arena, "%s...", text) : text;
    }
    return NULL;
}

const char *tls_probe_names(const struct http_transfer *transfer)
{
    CURL *easy;
    const struct curl_certinfo *chain = see_chain(transfer, &easy);
    const char *names = NULL;

    if (chain && chain->num_of_certs) {
        names = field_of(transfer->arena, chain->certinfo[0], "X509v3 Subject Alternative Name:");
        names = names ? names : field_of(transfer->arena, chain->certinfo[0], "Subject:");
    }
    if (easy)
        curl_easy_cleanup(easy);
    return names;
}

const char *tls_probe_expiry(const struct http_transfer *transfer)
{
    CURL *easy;
    const struct curl_certinfo *chain = see_chain(transfer, &easy);
    const char *expiry = NULL;

    if (chain)
        /* Any certificate of the chain may be the one. */
        for (int i = 0; i < chain->num_of_certs && !expiry; i++)
            expiry = expiry_of(transfer->arena, chain->certinfo[i]);
    if (easy)
        curl_easy_cleanup(easy);
    return expiry;
}

/* One attempt, until `end`. The alert may be lost to a reset of the connection here as well: CURLE_RECV_ERROR. */
static CURLcode wait_for_alert(const struct http_transfer *transfer, int64_t end, char words[CURL_ERROR_SIZE])
{
    const struct http_tls *tls = &transfer->tls;
    curl_socket_t socket = CURL_SOCKET_BAD;
    CURL *easy = connect_only(transfer);
    size_t length;
    char byte;

    if (!easy)
        return CURLE_FAILED_INIT;
    curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
    curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, on_text);
    curl_easy_setopt(easy, CURLOPT_DEBUGDATA, words);
    if (tls->certfile) {
        curl_easy_setopt(easy, CURLOPT_SSLCERT, tls->certfile);
        curl_easy_setopt(easy, CURLOPT_SSLKEY, tls->keyfile ? tls->keyfile : tls->certfile);
        curl_easy_setopt(easy, CURLOPT_KEYPASSWD, tls->key_password ? tls->key_password : "");
    }
    CURLcode code = curl_easy_perform(easy);
    if (code == CURLE_OK)
        curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &socket);
    while (socket != CURL_SOCKET_BAD && (code = curl_easy_recv(easy, &byte, 1, &length)) == CURLE_AGAIN) {
        struct pollfd wait[] = {{.fd = socket, .events = POLLIN}, {.fd = signals_fd(), .events = POLLIN}};

        if (signals_pending() || poll(wait, 2, deadline_left(end)) <= 0)
            break;
    }
    curl_easy_cleanup(easy);
    return code == CURLE_SEND_ERROR ? CURLE_RECV_ERROR : code;
}

bool tls_probe_alert(const struct http_transfer *transfer, char words[CURL_ERROR_SIZE])
{
    int64_t end = clock_ms() + allowance(transfer, PROBE_MS);
    CURLcode code = CURLE_RECV_ERROR;

    while (code == CURLE_RECV_ERROR && deadline_left(end) && !signals_pending()) {
        code = wait_for_alert(transfer, end, words);
        if (code == CURLE_RECV_ERROR && strstr(words, "alert"))
            return true;
    }
    return false;
}
