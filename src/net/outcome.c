#include <string.h>
#include <strings.h>

#include "pgha/arena.h"
#include "pgha/str.h"
#include "transfer.h"

/* Outcomes of libcurl; those that are not listed mean that the answer was no good. The peer stands between the two
 * texts. */
static const struct ending {
    CURLcode code;
    enum http_outcome outcome;
    const char *before;
    const char *after;
} endings[] = {
    {CURLE_COULDNT_RESOLVE_HOST, HTTP_UNREACHABLE, "the name in ", " cannot be resolved"},
    {CURLE_COULDNT_CONNECT, HTTP_UNREACHABLE, "cannot connect to ", ""},
    {CURLE_GOT_NOTHING, HTTP_BROKEN, "", " closed the connection without an answer"},
    {CURLE_SEND_ERROR, HTTP_BROKEN, "the connection to ", " broke while the request was sent"},
    {CURLE_RECV_ERROR, HTTP_BROKEN, "the connection to ", " broke before the answer was complete"},
    {CURLE_PARTIAL_FILE, HTTP_BROKEN, "", " closed the connection in the middle of its answer"},
    {CURLE_FILESIZE_EXCEEDED, HTTP_BROKEN, "the answer of ", " is too large"},
    {CURLE_UNSUPPORTED_PROTOCOL, HTTP_BROKEN, "the answer of ", " is not HTTP"},
    {CURLE_WEIRD_SERVER_REPLY, HTTP_BROKEN, "the answer of ", " is not HTTP"},
    {CURLE_SSL_CONNECT_ERROR, HTTP_TLS_FAILED, "the TLS handshake with ", " failed"},
    {CURLE_PEER_FAILED_VERIFICATION, HTTP_TLS_FAILED, "the certificate of ", " is not trusted"},
    {CURLE_SSL_ISSUER_ERROR, HTTP_TLS_FAILED, "the certificate of ", " is not trusted"},
    {CURLE_SSL_CERTPROBLEM, HTTP_TLS_FAILED, "the client certificate for ", " cannot be used"},
    {CURLE_SSL_CACERT_BADFILE, HTTP_TLS_FAILED, "the file with certificate authorities for ", " cannot be used"},
    {CURLE_SSL_CIPHER, HTTP_TLS_FAILED, "the TLS handshake with ", " failed"},
};

/* What OpenSSL says, and what that means to the person who has to repair it. */
static const struct {
    const char *says;
    const char *means;
} reasons[] = {
    {"certificate has expired", "it has expired"},
    {"certificate is not yet valid", "it is not valid yet"},
    {"self-signed certificate in certificate chain", "it is signed by an unknown certificate authority"},
    {"self-signed certificate", "it is self-signed"},
    {"self signed certificate", "it is self-signed"},
    {"unable to get local issuer certificate", "it is signed by an unknown certificate authority"},
    {"unable to get issuer certificate", "it is signed by an unknown certificate authority"},
    {"certificate signature failure", "its signature is not that of the certificate authority"},
    {"does not match target host name", "it is for another name"},
    {"no alternative certificate subject name matches", "it is for another name"},
    {"wrong version number", "the server does not speak TLS"},
    {"http request", "the server does not speak TLS"},
    {"packet length too long", "the server does not speak TLS"},
    {"unsupported protocol", "the server speaks no TLS version from 1.2 on"},
    {"protocol version", "the server speaks no TLS version from 1.2 on"},
    {"certificate required", "the server wants a client certificate"},
    {"alert bad certificate", "the server does not accept the client certificate"},
    {"alert unknown ca", "the server does not know the authority of the client certificate"},
    {"alert certificate expired", "the client certificate has expired"},
    {"alert certificate unknown", "the server does not accept the client certificate"},
    {"alert handshake failure", "the server refused, possibly because it wants a client certificate"},
    {"key values mismatch", "the key does not match the certificate"},
    {"bad decrypt", "the password of the key is wrong or missing"},
    {"bad password read", "the password of the key is wrong or missing"},
    {"unable to set private key file", "the key cannot be read"},
    {"could not load PEM client certificate", "the certificate cannot be read"},
};

static const char *reason_for(const struct http_transfer *transfer)
{
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (strcasestr(transfer->detail, reasons[i].says))
            return reasons[i].means;
    return NULL;
}

/* A server that misses the client's certificate says so by an alert that comes after the handshake (TLS 1.3). */
static bool is_late_alert(const struct http_transfer *transfer, CURLcode code)
{
    return (code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR) && strstr(transfer->detail, "alert");
}

static const char *timeout_text(const struct http_transfer *transfer)
{
    if (!transfer->reply.sent)
        return arena_printf(transfer->arena, "no connection to %s within %.3g s", transfer->peer,
                            transfer->connect_timeout);
    return arena_printf(transfer->arena, "no answer from %s within %.3g s", transfer->peer, transfer->timeout);
}

/* libcurl ends its errors like sentences, sometimes over several lines. */
static const char *one_line(struct arena *arena, const char *text)
{
    char *line = arena_strdup(arena, text);

    line[strcspn(line, "\r\n")] = '\0';
    return line;
}

static const char *error_text(const struct http_transfer *transfer, CURLcode code, const struct ending *known)
{
    struct arena *arena = transfer->arena;
    long system_error = 0;
    const char *reason = reason_for(transfer);

    if (transfer->exceeded)
        return arena_printf(arena, "the answer of %s is too large: more %s than %s", transfer->peer, transfer->exceeded,
                            "allowed");
    if (code == CURLE_OPERATION_TIMEDOUT)
        return timeout_text(transfer);
    if (!known)
        return arena_printf(arena, "%s: %s", transfer->peer,
                            *transfer->detail ? one_line(arena, transfer->detail) : curl_easy_strerror(code));
    struct str text;

    str_init(&text, arena);
    str_printf(&text, "%s%s%s", known->before, transfer->peer, known->after);
    curl_easy_getinfo(transfer->easy, CURLINFO_OS_ERRNO, &system_error);
    if (code == CURLE_COULDNT_CONNECT && system_error)
        str_printf(&text, ": %s", strerror((int)system_error));
    else if (reason)
        str_printf(&text, ": %s", reason);
    return text.text;
}

void http_transfer_conclude(struct http_transfer *transfer, CURLcode code)
{
    struct http_reply *reply = &transfer->reply;
    const struct ending *known = NULL;
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
    reply->outcome = code == CURLE_OPERATION_TIMEDOUT ? HTTP_TIMED_OUT : HTTP_BROKEN;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (endings[i].code == (is_late_alert(transfer, code) ? CURLE_SSL_CONNECT_ERROR : code)) {
            known = &endings[i];
            reply->outcome = known->outcome;
        }
    reply->error = error_text(transfer, code, known);
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
