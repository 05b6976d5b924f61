/*
 * Memory for one invocation. Everything that one command makes lives in one arena and goes with it; nothing is
 * freed alone. Handles of libraries are handed over with arena_own() and released in reverse order, before the
 * memory goes. A child arena (a tick of --watch, a line of the shell) ends with arena_free() or with its parent.
 *
 * Memory that runs out ends in one place: the allocating functions never return NULL; they call the handler that
 * main.c sets with arena_on_exhausted(), which says so in one line and ends the process.
 *
 * In builds with sanitizers (PGHA_ARENA_DEBUG) each allocation is a malloc of its own, so that they keep their sight.
 */
#ifndef PGHA_ARENA_H
#define PGHA_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

/* Makes an arena. With a `parent` it is freed with the parent at the latest. */
struct arena *arena_new(struct arena *parent);

/* Releases all handles (last in, first out), then all memory, wiped, child arenas included. NULL is allowed. */
void arena_free(struct arena *arena);

/* Zeroed memory, aligned for any type. `size` 0 gives a pointer that must not be read. */
void *arena_alloc(struct arena *arena, size_t size);

/* The same for an array; a product that overflows counts as exhausted memory. */
void *arena_calloc(struct arena *arena, size_t count, size_t size);

/* A copy of `size` bytes. */
void *arena_memdup(struct arena *arena, const void *data, size_t size);

/* A copy of a string; of at most `length` bytes of it. The copy ends in a NUL. */
char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t length);

/* printf into new memory. */
char *arena_printf(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *format, va_list list) __attribute__((format(printf, 2, 0)));

/* Calls `release(handle)` when the arena is freed. Returns `handle`. NULL is not registered. */
void *arena_own(struct arena *arena, void *handle, void (*release)(void *handle));

/* Bytes handed out so far, child arenas not included; for tests and benchmarks. */
size_t arena_used(const struct arena *arena);

/*
 * malloc and the like for libraries that let us choose (libcurl, jansson). They end as arena_alloc() does when memory
 * runs out: a library that noticed it itself might leave out a header or a body and go on. Released with free().
 */
void *arena_must_malloc(size_t size);
void *arena_must_calloc(size_t count, size_t size);
void *arena_must_realloc(void *memory, size_t size);
char *arena_must_strdup(const char *text);

/* Sets what is called when memory runs out; it must not return. The default aborts. */
void arena_on_exhausted(void (*handler)(void));

#endif
