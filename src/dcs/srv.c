#include "srv.h"

#include <arpa/nameser.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <resolv.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pgha/arena.h"
#include "pgha/signals.h"

#define MAX_MESSAGE 65535

/* Priority, weight and port stand in front of the target's name. */
#define SRV_FIXED_SIZE 6

static int by_preference(const void *a, const void *b)
{
    const struct srv_target *x = a, *y = b;

    return x->priority != y->priority ? x->priority - y->priority : y->weight - x->weight;
}

/* A name server may send any bytes: a target with "@" or "/" would be another host, port or path in an address. */
static bool is_host(const char *name)
{
    static const char known[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";

    return *name && name[strspn(name, known)] == '\0' && strcmp(name, ".") != 0;
}

bool srv_parse(struct arena *arena, const unsigned char *message, size_t length, struct srv_target **targets,
               size_t *count)
{
    char name[NS_MAXDNAME];
    size_t found = 0;
    ns_msg parsed;
    ns_rr record;

    if (length > MAX_MESSAGE || ns_initparse(message, (int)length, &parsed))
        return false;
    struct srv_target *list = arena_calloc(arena, ns_msg_count(parsed, ns_s_an), sizeof *list);
    for (int i = 0; i < ns_msg_count(parsed, ns_s_an); i++) {
        if (ns_parserr(&parsed, ns_s_an, i, &record) || ns_rr_type(record) != ns_t_srv ||
            ns_rr_rdlen(record) <= SRV_FIXED_SIZE)
            continue;
        const unsigned char *data = ns_rr_rdata(record);
        if (ns_name_uncompress(ns_msg_base(parsed), ns_msg_end(parsed), data + SRV_FIXED_SIZE, name, sizeof name) < 0)
            continue;
        /* The root as target says that there is no such service. */
        if (!is_host(name))
            continue;
        list[found++] = (struct srv_target){
            .host = arena_strdup(arena, name),
            .priority = ns_get16(data),
            .weight = ns_get16(data + 2),
            .port = ns_get16(data + 4),
        };
    }
    if (!found)
        return false;
    qsort(list, found, sizeof *list, by_preference);
    *targets = list;
    *count = found;
    return true;
}

/* A lookup belongs to its thread and to whoever waits; the last of the two frees it. */
struct lookup {
    atomic_int owners;
    int done[2]; /* a pipe whose writing end closes with the thread's work */
    int length;
    char *name;
    unsigned char message[MAX_MESSAGE];
};

static void release(struct lookup *lookup)
{
    if (atomic_fetch_sub(&lookup->owners, 1) > 1)
        return;
    close(lookup->done[0]);
    free(lookup->name);
    free(lookup);
}

/* The resolver has no way to be interrupted, so it works in a thread that can be left alone. */
static void *look_up(void *data)
{
    struct lookup *lookup = data;
    struct __res_state state = {.options = 0};

    lookup->length = -1;
    if (res_ninit(&state) == 0) {
        lookup->length =
            res_nsearch(&state, lookup->name, ns_c_in, ns_t_srv, lookup->message, (int)sizeof lookup->message);
        res_nclose(&state);
    }
    close(lookup->done[1]);
    release(lookup);
    return NULL;
}

static struct lookup *start(const char *name, pthread_t *thread)
{
    struct lookup *lookup = calloc(1, sizeof *lookup);

    if (!lookup)
        return NULL;
    atomic_init(&lookup->owners, 2);
    lookup->name = strdup(name);
    if (lookup->name && pipe2(lookup->done, O_CLOEXEC) == 0) {
        if (pthread_create(thread, NULL, look_up, lookup) == 0)
            return lookup;
        close(lookup->done[0]);
        close(lookup->done[1]);
    }
    free(lookup->name);
    free(lookup);
    return NULL;
}

bool srv_lookup(struct arena *arena, const char *name, deadline_t deadline, struct srv_target **targets, size_t *count)
{
    pthread_t thread;
    struct lookup *lookup = start(name, &thread);
    bool found = false;

    if (!lookup)
        return false;
    struct pollfd wait[] = {{.fd = lookup->done[0], .events = POLLIN}, {.fd = signals_fd(), .events = POLLIN}};
    while (!wait[0].revents && !signals_pending() && deadline_left(deadline))
        poll(wait, 2, deadline_left(deadline));
    if (wait[0].revents)
        pthread_join(thread, NULL);
    else
        pthread_detach(thread);
    if (wait[0].revents && lookup->length > 0)
        found = srv_parse(arena, lookup->message, lookup->length > MAX_MESSAGE ? MAX_MESSAGE : (size_t)lookup->length,
                          targets, count);
    release(lookup);
    return found;
}
