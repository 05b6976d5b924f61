#include "pgha/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pgha/str.h"

#define CHUNK_SIZE (32 * 1024)

#if defined(__SANITIZE_ADDRESS__) || defined(PGHA_ARENA_DEBUG)
#define ONE_CHUNK_EACH 1
#else
#define ONE_CHUNK_EACH 0
#endif

struct chunk {
    struct chunk *next;
    size_t size;
    size_t used;
    max_align_t data[];
};

struct owned {
    struct owned *next;
    void *handle;
    void (*release)(void *);
};

struct arena {
    struct chunk *chunks;
    struct owned *owned;
    struct arena *parent;
    struct arena *children;
    struct arena *next; /* among the children of `parent` */
    size_t used;
};

static void exhausted_default(void)
{
    abort();
}

static void (*exhausted)(void) = exhausted_default;

void arena_on_exhausted(void (*handler)(void))
{
    exhausted = handler;
}

static void *must(void *memory)
{
    if (!memory) {
        exhausted();
        abort(); /* the handler must not return */
    }
    return memory;
}

void *arena_must_malloc(size_t size)
{
    return must(malloc(size ? size : 1));
}

void *arena_must_calloc(size_t count, size_t size)
{
    return must(count && size ? calloc(count, size) : malloc(1));
}

void *arena_must_realloc(void *memory, size_t size)
{
    return must(realloc(memory, size ? size : 1));
}

char *arena_must_strdup(const char *text)
{
    return must(strdup(text));
}

struct arena *arena_new(struct arena *parent)
{
    struct arena *arena = must(calloc(1, sizeof *arena));

    arena->parent = parent;
    if (parent) {
        arena->next = parent->children;
        parent->children = arena;
    }
    return arena;
}

void arena_free(struct arena *arena)
{
    if (!arena)
        return;
    while (arena->children)
        arena_free(arena->children); // NOLINT(clang-analyzer-unix.Malloc): it takes itself off the list
    for (struct owned *owned = arena->owned; owned; owned = owned->next)
        owned->release(owned->handle);
    for (struct chunk *chunk = arena->chunks, *next; chunk; chunk = next) {
        next = chunk->next;
        str_wipe(chunk->data, chunk->used); /* passwords and tokens are among it */
        free(chunk);
    }
    if (arena->parent) {
        struct arena **link = &arena->parent->children;

        while (*link != arena)
            link = &(*link)->next;
        *link = arena->next;
    }
    free(arena);
}

void *arena_alloc(struct arena *arena, size_t size)
{
    struct chunk *chunk = arena->chunks;

    if (size > SIZE_MAX / 2)
        must(NULL);
    arena->used += size;
    size = (size + _Alignof(max_align_t) - 1) / _Alignof(max_align_t) * _Alignof(max_align_t);
    if (ONE_CHUNK_EACH || !chunk || chunk->size - chunk->used < size) {
        /* A large piece gets a chunk of its own behind the current one, whose rest stays in use. */
        int alone = ONE_CHUNK_EACH || size > CHUNK_SIZE / 4;
        size_t room = alone ? size : CHUNK_SIZE;
        struct chunk *fresh = must(calloc(1, sizeof *fresh + room));

        fresh->size = room;
        if (alone && chunk) {
            fresh->next = chunk->next;
            chunk->next = fresh;
        } else {
            fresh->next = chunk;
            arena->chunks = fresh;
        }
        chunk = fresh;
    }
    void *memory = (char *)chunk->data + chunk->used;
    chunk->used += size;
    return memory;
}

void *arena_calloc(struct arena *arena, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / 2 / size)
        must(NULL);
    return arena_alloc(arena, count * size);
}

void *arena_memdup(struct arena *arena, const void *data, size_t size)
{
    void *copy = arena_alloc(arena, size);

    if (size)
        memcpy(copy, data, size);
    return copy;
}

char *arena_strndup(struct arena *arena, const char *text, size_t length)
{
    size_t size = strnlen(text, length);
    char *copy = arena_alloc(arena, size + 1);

    memcpy(copy, text, size);
    return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
    return arena_memdup(arena, text, strlen(text) + 1);
}

char *arena_vprintf(struct arena *arena, const char *format, va_list list)
{
    va_list again;

    va_copy(again, list);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length < 0)
        must(NULL);
    char *text = arena_alloc(arena, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, list);
    return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    char *text = arena_vprintf(arena, format, list);
    va_end(list);
    return text;
}

void *arena_own(struct arena *arena, void *handle, void (*release)(void *handle))
{
    if (handle) {
        struct owned *owned = arena_alloc(arena, sizeof *owned);

        owned->handle = handle;
        owned->release = release;
        owned->next = arena->owned;
        arena->owned = owned;
    }
    return handle;
}

size_t arena_used(const struct arena *arena)
{
    return arena->used;
}
