#include <string.h>
#include <strings.h>

#include "pgha/arena.h"
#include "pgha/str.h"

#include "tls_files.h"
#include "tls_probe.h"
#include "transfer.h"

#define FOR_ANOTHER_NAME " is for another name"

/*
 * How a request can end, by libcurl's code and a part of its words (NULL: any); the first row that fits counts. What is
 * not listed means that the answer was no good. The peer stands between the two texts.
 */
static const struct ending {
    CURLcode code;
    const char *says;
    enum http_outcome outcome;
    const char *before;
    const char *after;
} endings[] = {
    {CURLE_COULDNT_RESOLVE_HOST, NULL, HTTP_UNREACHABLE, "the name in ", " cannot be resolved"},
    {CURLE_COULDNT_CONNECT, NULL, HTTP_UNREACHABLE, "cannot connect to ", ""},
    {CURLE_GOT_NOTHING, NULL, HTTP_BROKEN, "", " closed the connection without an answer"},
    {CURLE_RECV_ERROR, "alert certificate required", HTTP_TLS_FAILED, "", " wants a client certificate"},
    {CURLE_SSL_CLIENTCERT, NULL, HTTP_TLS_FAILED, "", " wants a client certificate"},
    {CURLE_RECV_ERROR, "alert bad certificate", HTTP_TLS_FAILED, "", " does not accept the client certificate"},
    {CURLE_RECV_ERROR, "alert certificate unknown", HTTP_TLS_FAILED, "", " does not accept the client certificate"},
    {CURLE_RECV_ERROR, "alert unknown ca", HTTP_TLS_FAILED, "",
     " does not know the certificate authority of the client certificate"},
    {CURLE_RECV_ERROR, "alert certificate expired", HTTP_TLS_FAILED, "",
     " says that the client certificate has expired"},
    {CURLE_RECV_ERROR, "alert", HTTP_TLS_FAILED, "", " refused the TLS connection"},
    {CURLE_RECV_ERROR, "response headers", HTTP_BROKEN, "the header of the answer of ", " is too large, or has no end"},
    {CURLE_RECV_ERROR, NULL, HTTP_BROKEN, "the connection to ", " broke before the answer was complete"},
    {CURLE_SEND_ERROR, NULL, HTTP_BROKEN, "the connection to ", " broke while the request was sent"},
    {CURLE_PARTIAL_FILE, NULL, HTTP_BROKEN, "", " closed the connection in the middle of its answer"},
    {CURLE_FILESIZE_EXCEEDED, NULL, HTTP_BROKEN, "the answer of ", " is too large"},
    {CURLE_WRITE_ERROR, NULL, HTTP_BROKEN, "the answer of ", " is too large"},
    {CURLE_UNSUPPORTED_PROTOCOL, NULL, HTTP_BROKEN, "the answer of ", " is not HTTP"},
    {CURLE_WEIRD_SERVER_REPLY, NULL, HTTP_BROKEN, "the answer of ", " is not HTTP"},
    {CURLE_SSL_CONNECT_ERROR, "wrong version number", HTTP_TLS_FAILED, "", " does not speak TLS"},
    {CURLE_SSL_CONNECT_ERROR, "http request", HTTP_TLS_FAILED, "", " does not speak TLS"},
    {CURLE_SSL_CONNECT_ERROR, "packet length too long", HTTP_TLS_FAILED, "", " does not speak TLS"},
    {CURLE_SSL_CONNECT_ERROR, "SSL_ERROR_SYSCALL", HTTP_TLS_FAILED, "",
     " closed the connection in the TLS handshake; possibly it does not speak TLS"},
    {CURLE_SSL_CONNECT_ERROR, "unexpected eof", HTTP_TLS_FAILED, "",
     " closed the connection in the TLS handshake; possibly it does not speak TLS"},
    {CURLE_SSL_CONNECT_ERROR, "reset by peer", HTTP_TLS_FAILED, "",
     " broke off the TLS handshake; possibly it does not speak TLS"},
    {CURLE_SSL_CONNECT_ERROR, "unsupported protocol", HTTP_TLS_FAILED, "", " speaks no TLS version from 1.2 on"},
    {CURLE_SSL_CONNECT_ERROR, "protocol version", HTTP_TLS_FAILED, "", " speaks no TLS version from 1.2 on"},
    {CURLE_SSL_CONNECT_ERROR, "alert handshake failure", HTTP_TLS_FAILED, "",
     " refused the TLS handshake; possibly it wants a client certificate"},
    {CURLE_SSL_CONNECT_ERROR, "alert bad certificate", HTTP_TLS_FAILED, "", " does not accept the client certificate"},
    {CURLE_SSL_CONNECT_ERROR, "alert unknown ca", HTTP_TLS_FAILED, "",
     " does not know the certificate authority of the client certificate"},
    {CURLE_SSL_CONNECT_ERROR, "alert certificate expired", HTTP_TLS_FAILED, "",
     " says that the client certificate has expired"},
    {CURLE_SSL_CONNECT_ERROR, NULL, HTTP_TLS_FAILED, "the TLS handshake with ", " failed"},
    {CURLE_SSL_CIPHER, NULL, HTTP_TLS_FAILED, "the TLS handshake with ", " failed"},
    {CURLE_PEER_FAILED_VERIFICATION, "certificate has expired", HTTP_TLS_FAILED, "the certificate of ", " has expired"},
    {CURLE_PEER_FAILED_VERIFICATION, "not yet valid", HTTP_TLS_FAILED, "the certificate of ", " is not valid yet"},
    {CURLE_PEER_FAILED_VERIFICATION, "certificate in certificate chain", HTTP_TLS_FAILED, "the certificate of ",
     " is signed by an unknown certificate authority"},
    {CURLE_PEER_FAILED_VERIFICATION, "issuer certificate", HTTP_TLS_FAILED, "the certificate of ",
     " is signed by an unknown certificate authority"},
    {CURLE_PEER_FAILED_VERIFICATION, "self-signed certificate", HTTP_TLS_FAILED, "the certificate of ",
     " is self-signed"},
    {CURLE_PEER_FAILED_VERIFICATION, "self signed certificate", HTTP_TLS_FAILED, "the certificate of ",
     " is self-signed"},
    {CURLE_PEER_FAILED_VERIFICATION, "subject name", HTTP_TLS_FAILED, "the certificate of ", FOR_ANOTHER_NAME},
    /* So libcurl tells an alert that says "certificate expired": that is ours. */
    {CURLE_PEER_FAILED_VERIFICATION, "SSL certificate verification failed", HTTP_TLS_FAILED, "",
     " says that the client certificate has expired"},
    {CURLE_PEER_FAILED_VERIFICATION, NULL, HTTP_TLS_FAILED, "the certificate of ", " is not trusted"},
    {CURLE_SSL_ISSUER_ERROR, NULL, HTTP_TLS_FAILED, "the certificate of ", " is not trusted"},
    {CURLE_SSL_CERTPROBLEM, NULL, HTTP_TLS_FAILED, "the client certificate for ", " cannot be used"},
    {CURLE_SSL_CACERT_BADFILE, NULL, HTTP_TLS_FAILED, "the certificate authorities for ", " cannot be used"},
};

static const struct ending *find_ending(const struct http_transfer *transfer, CURLcode code)
{
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (endings[i].code == code && (!endings[i].says || strcasestr(transfer->detail, endings[i].says)))
            return &endings[i];
    return NULL;
}

static const char *timeout_text(const struct http_transfer *transfer)
{
    if (!transfer->reply.sent)
        return arena_printf(transfer->arena, "no connection to %s within %.3g s", transfer->peer,
                            transfer->connect_timeout);
    return arena_printf(transfer->arena, "no answer from %s within %.3g s", transfer->peer, transfer->timeout);
}

/* The reason that libcurl's code and words do not give; NULL for none. */
static const char *more_text(const struct http_transfer *transfer, CURLcode code)
{
    long system_error = 0;

    switch (code) {
    case CURLE_COULDNT_CONNECT:
        curl_easy_getinfo(transfer->easy, CURLINFO_OS_ERRNO, &system_error);
        return system_error ? strerror((int)system_error) : NULL;
    case CURLE_SSL_CACERT_BADFILE:
        return tls_files_why_no_authorities(transfer->arena, &transfer->tls);
    case CURLE_SSL_CERTPROBLEM:
        return tls_files_why_no_certificate(transfer->arena, &transfer->tls);
    default:
        return NULL;
    }
}

/* libcurl's own words, without what follows the first line. */
static const char *own_words(const struct http_transfer *transfer, CURLcode code)
{
    const char *words = *transfer->detail ? transfer->detail : curl_easy_strerror(code);

    return arena_strndup(transfer->arena, words, strcspn(words, "\r\n"));
}

static const char *error_text(const struct http_transfer *transfer, CURLcode code, const struct ending *ending)
{
    struct arena *arena = transfer->arena;

    if (code == CURLE_OPERATION_TIMEDOUT)
        return timeout_text(transfer);
    /* So libcurl says of a header that goes on and on. */
    if (code == CURLE_OUT_OF_MEMORY && transfer->reply.sent)
        return arena_printf(arena, "the header of the answer of %s is too large, or has no end", transfer->peer);
    if (!ending)
        return arena_printf(arena, "%s: %s", transfer->peer, own_words(transfer, code));
    /* Go calls the certificate that it did not get a bad one. */
    if (!transfer->tls.certfile && str_starts_with(ending->after, " does not accept the client certificate"))
        return arena_printf(arena, "%s wants a client certificate", transfer->peer);
    const char *more = more_text(transfer, code);
    const char *expiry = strstr(ending->after, "has expired") && *ending->before ? tls_probe_expiry(transfer) : NULL;
    const char *names = str_equal(ending->after, FOR_ANOTHER_NAME) ? tls_probe_names(transfer) : NULL;
    if (names)
        return arena_printf(arena, "%s%s%s (it is for: %s)", ending->before, transfer->peer, ending->after, names);
    if (expiry)
        return arena_printf(arena, "%s%s has expired on %s", ending->before, transfer->peer, expiry);
    return arena_printf(arena, "%s%s%s%s%s", ending->before, transfer->peer, ending->after, more ? ": " : "",
                        more ? more : "");
}

/* What is no TLS gets no answer: nothing was done then, whatever had been asked. */
static bool is_closed(const struct http_transfer *transfer, CURLcode code)
{
    bool unanswered = code == CURLE_GOT_NOTHING || code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR;

    return unanswered && !transfer->header_bytes;
}

void http_transfer_conclude(struct http_transfer *transfer, CURLcode code)
{
    struct http_reply *reply = &transfer->reply;
    long status = 0, sent = 0;

    curl_easy_getinfo(transfer->easy, CURLINFO_REQUEST_SIZE, &sent);
    reply->sent = sent > 0;
    if (code == CURLE_OK) {
        curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
        reply->outcome = HTTP_ANSWERED;
        reply->status = (int)status;
        reply->error = NULL;
        return;
    }
    /* The alert that tells why is lost when the peer closes the connection before it is read. */
    if (transfer->https && !transfer->header_bytes && (code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR) &&
        !strstr(transfer->detail, "alert") && tls_probe_alert(transfer, transfer->detail))
        code = CURLE_RECV_ERROR;
    reply->closed = is_closed(transfer, code);
    if (!transfer->https && reply->closed && tls_probe_speaks(transfer)) {
        reply->outcome = HTTP_TLS_FAILED;
        reply->error = arena_printf(transfer->arena, "%s wants TLS, and was asked without", transfer->peer);
        return;
    }
    const struct ending *ending = find_ending(transfer, code);
    reply->outcome = code == CURLE_OPERATION_TIMEDOUT ? HTTP_TIMED_OUT : ending ? ending->outcome : HTTP_BROKEN;
    reply->error = error_text(transfer, code, ending);
}

bool http_error(const struct http_reply *reply, struct arena *arena, struct err *err)
{
    static const enum err_kind kinds[] = {
        [HTTP_ANSWERED] = ERR_FAILED,    [HTTP_UNREACHABLE] = ERR_UNREACHABLE, [HTTP_TIMED_OUT] = ERR_UNREACHABLE,
        [HTTP_BROKEN] = ERR_UNREACHABLE, [HTTP_TLS_FAILED] = ERR_TLS,          [HTTP_ABORTED] = ERR_ABORTED,
    };

    if (reply->outcome == HTTP_ANSWERED)
        return err_set(err, arena, ERR_FAILED, "HTTP status %d", reply->status);
    return err_set(err, arena, kinds[reply->outcome], "%s", reply->error);
}
