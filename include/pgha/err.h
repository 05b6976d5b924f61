/*
 * What went wrong, for the one place that prints it (run/run.c). A fallible function returns bool, is marked
 * PGHA_CHECKED, takes a `struct err *` last and leaves its outputs untouched when it fails.
 */
#ifndef PGHA_ERR_H
#define PGHA_ERR_H

#include <stdbool.h>

#define PGHA_CHECKED __attribute__((warn_unused_result))

struct arena;

/*
 * A kind exists only where some caller branches on it; called as pgha each has an exit status (see the manual). The
 * last two are the store's; a member's are made ERR_REFUSED, as tally.h has it: exit 3.
 */
enum err_kind {
    ERR_NONE = 0,
    ERR_FAILED,      /* anything that has no kind of its own: exit 1 */
    ERR_ABORTED,     /* Ctrl-C, end of input at a prompt, or a confirmation refused: exit 1 */
    ERR_USAGE,       /* the command line is wrong: exit 2 */
    ERR_REFUSED,     /* a server answered and refused the operation: exit 3 */
    ERR_CONFLICT,    /* compare-and-set lost against somebody else's write: exit 1 */
    ERR_UNKNOWN,     /* the request was sent and its outcome could not be learned: exit 4 */
    ERR_UNREACHABLE, /* connection refused, timed out, name not found, all endpoints tried: exit 5 */
    ERR_TLS,         /* the peer's certificate, ours, or the handshake: exit 1, never a reason to go another way */
    ERR_CREDENTIALS, /* 401/403 or the store's own "permission denied": exit 1, likewise */
};

struct err {
    enum err_kind kind;
    char *message; /* one line without "Error: " and without a full stop; in the arena given to err_set() */
};

/* Message of ERR_ABORTED for Ctrl-C and end of input; printed as it is, other messages as "Error: …". */
#define ERR_MESSAGE_ABORTED "Aborted!"

#define ERR_INIT                                                                                                       \
    {                                                                                                                  \
        ERR_NONE, 0                                                                                                    \
    }

/* Sets kind and message; always returns false, so that a function can end in `return err_set(…)`. `err` may be NULL. */
bool err_set(struct err *err, struct arena *arena, enum err_kind kind, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Puts "PREFIX: " in front of the message; always returns false. */
bool err_wrap(struct err *err, struct arena *arena, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Static analysis does not see across files what these two return. */
#ifdef __clang_analyzer__
#define err_set(...) ((void)err_set(__VA_ARGS__), false)
#define err_wrap(...) ((void)err_wrap(__VA_ARGS__), false)
#endif

#endif
