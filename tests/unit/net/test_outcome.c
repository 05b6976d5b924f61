#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../../src/net/transfer.h"
#include "pgha/arena.h"
#include "pgha/str.h"

static struct http_transfer *transfer_with(struct arena *arena, const char *detail)
{
    struct http_transfer *transfer = arena_alloc(arena, sizeof *transfer);

    transfer->arena = arena;
    transfer->peer = "etcd1:2379";
    transfer->easy = arena_own(arena, curl_easy_init(), curl_easy_cleanup);
    transfer->timeout = transfer->connect_timeout = 1.5;
    memcpy(transfer->detail, detail, strlen(detail) + 1);
    return transfer;
}

/* libcurl's code and words, as seen with libcurl 7.88 and OpenSSL 3.0. */
static const struct {
    CURLcode code;
    const char *detail;
    enum http_outcome outcome;
    const char *error;
} rows[] = {
    {CURLE_COULDNT_RESOLVE_HOST, "Could not resolve host: etcd1", HTTP_UNREACHABLE,
     "the name in etcd1:2379 cannot be resolved"},
    {CURLE_COULDNT_CONNECT, "", HTTP_UNREACHABLE, "cannot connect to etcd1:2379"},
    {CURLE_OPERATION_TIMEDOUT, "", HTTP_TIMED_OUT, "no connection to etcd1:2379 within 1.5 s"},
    {CURLE_GOT_NOTHING, "Empty reply from server", HTTP_BROKEN, "etcd1:2379 closed the connection without an answer"},
    {CURLE_WRITE_ERROR, "Failure writing output to destination", HTTP_BROKEN, "the answer of etcd1:2379 is too large"},
    {CURLE_PEER_FAILED_VERIFICATION, "SSL certificate problem: self-signed certificate in certificate chain",
     HTTP_TLS_FAILED, "the certificate of etcd1:2379 is signed by an unknown certificate authority"},
    {CURLE_PEER_FAILED_VERIFICATION, "SSL certificate problem: self-signed certificate", HTTP_TLS_FAILED,
     "the certificate of etcd1:2379 is self-signed"},
    {CURLE_PEER_FAILED_VERIFICATION, "SSL: certificate subject name 'a' does not match target host name 'b'",
     HTTP_TLS_FAILED, "the certificate of etcd1:2379 is for another name"},
    {CURLE_PEER_FAILED_VERIFICATION,
     "SSL: no alternative certificate subject name matches target ipv4 address '127.0.0.1'", HTTP_TLS_FAILED,
     "the certificate of etcd1:2379 is for another name"},
    {CURLE_PEER_FAILED_VERIFICATION, "something new", HTTP_TLS_FAILED, "the certificate of etcd1:2379 is not trusted"},
    {CURLE_SSL_CONNECT_ERROR, "error:0A00010B:SSL routines::wrong version number", HTTP_TLS_FAILED,
     "etcd1:2379 does not speak TLS"},
    {CURLE_SSL_CONNECT_ERROR, "something new", HTTP_TLS_FAILED, "the TLS handshake with etcd1:2379 failed"},
    {CURLE_RECV_ERROR, "OpenSSL SSL_read: error:0A00045C:SSL routines::tlsv13 alert certificate required, errno 0",
     HTTP_TLS_FAILED, "etcd1:2379 wants a client certificate"},
    {CURLE_RECV_ERROR, "OpenSSL SSL_read: error:0A000412:SSL routines::sslv3 alert bad certificate, errno 0",
     HTTP_TLS_FAILED, "etcd1:2379 wants a client certificate"},
    {CURLE_RECV_ERROR, "Recv failure: Connection reset by peer", HTTP_BROKEN,
     "the connection to etcd1:2379 broke before the answer was complete"},
    {CURLE_OUT_OF_MEMORY, "first line\nsecond line", HTTP_BROKEN, "etcd1:2379: first line"},
    {CURLE_OUT_OF_MEMORY, "", HTTP_BROKEN, "etcd1:2379: Out of memory"},
};

static void tells_what_happened(void **state)
{
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct http_transfer *transfer = transfer_with(arena, rows[i].detail);

        http_transfer_conclude(transfer, rows[i].code);
        assert_string_equal(transfer->reply.error, rows[i].error);
        assert_int_equal(transfer->reply.outcome, rows[i].outcome);
        assert_false(transfer->reply.sent);
    }
    arena_free(arena);
}

static void bad_certificate_of_ours(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct http_transfer *transfer = transfer_with(arena, "error:0A000412:SSL routines::sslv3 alert bad certificate");

    (void)state;
    transfer->https = true;
    transfer->tls.certfile = "client.pem";
    http_transfer_conclude(transfer, CURLE_SSL_CONNECT_ERROR);
    assert_string_equal(transfer->reply.error, "etcd1:2379 does not accept the client certificate");
    arena_free(arena);
}

static void files_are_named(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct http_transfer *transfer = transfer_with(arena, "error setting certificate file: /nowhere/ca.pem");

    (void)state;
    transfer->https = true;
    transfer->tls.cafile = "/nowhere/ca.pem";
    http_transfer_conclude(transfer, CURLE_SSL_CACERT_BADFILE);
    assert_string_equal(transfer->reply.error, "the certificate authorities for etcd1:2379 cannot be used: "
                                               "/nowhere/ca.pem: No such file or directory");
    arena_free(arena);
}

static void errors_have_kinds(void **state)
{
    static const struct {
        enum http_outcome outcome;
        enum err_kind kind;
    } kinds[] = {
        {HTTP_UNREACHABLE, ERR_UNREACHABLE}, {HTTP_TIMED_OUT, ERR_UNREACHABLE}, {HTTP_BROKEN, ERR_UNREACHABLE},
        {HTTP_TLS_FAILED, ERR_TLS},          {HTTP_ABORTED, ERR_ABORTED},
    };
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct http_reply reply = {.outcome = kinds[i].outcome, .error = "100 % of it"};
        struct err err = ERR_INIT;

        assert_false(http_error(&reply, arena, &err));
        assert_int_equal(err.kind, kinds[i].kind);
        assert_string_equal(err.message, "100 % of it");
    }
    struct http_reply answered = {.outcome = HTTP_ANSWERED, .status = 500};
    struct err err = ERR_INIT;
    assert_false(http_error(&answered, arena, &err));
    assert_int_equal(err.kind, ERR_FAILED);
    assert_string_equal(err.message, "HTTP status 500");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_what_happened),
        cmocka_unit_test(bad_certificate_of_ours),
        cmocka_unit_test(files_are_named),
        cmocka_unit_test(errors_have_kinds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
