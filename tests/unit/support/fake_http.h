/* A server in a thread of the test: it notes what it is asked and answers what it was told to, bytes as they are. */
#ifndef PGHA_TEST_FAKE_HTTP_H
#define PGHA_TEST_FAKE_HTTP_H

#include <stdbool.h>
#include <stddef.h>

struct fake_answer {
    const char *text; /* the whole answer, head included; NULL: none */
    size_t repeat;    /* `tail` is sent so many times after it */
    const char *tail;
    int delay_ms; /* before the answer */
    bool hang;    /* nothing more comes, and the connection stays open */
    bool keep;    /* the connection may carry another request */
};

struct fake_http;

/* Listens on 127.0.0.1. The first request gets the first answer, and so on; the last answer is for all others. */
struct fake_http *fake_http_start(const struct fake_answer *answers, size_t count);

/* Answers every request with status 200 and this body; the head is made. */
struct fake_http *fake_http_serve(const char *body);

void fake_http_stop(struct fake_http *fake);

/* Host and port, and the same as URL. */
const char *fake_http_place(const struct fake_http *fake);
const char *fake_http_url(const struct fake_http *fake);

/* Requests so far, and one of them as it came: head and body. The text lives until fake_http_stop(). */
size_t fake_http_count(struct fake_http *fake);
const char *fake_http_request(struct fake_http *fake, size_t number);

/* Connections so far. */
size_t fake_http_connections(struct fake_http *fake);

/* A place at which nobody listens. */
const char *fake_http_nowhere(void);

#endif
