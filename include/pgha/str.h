/* A string that grows in an arena, and the few things that C's own string functions lack. */
#ifndef PGHA_STR_H
#define PGHA_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* `text` always ends in a NUL that `length` does not count. */
struct str {
    struct arena *arena;
    char *text;
    size_t length;
    size_t capacity;
};

void str_init(struct str *str, struct arena *arena);
void str_add(struct str *str, const char *text);
void str_add_bytes(struct str *str, const void *data, size_t length);
void str_add_char(struct str *str, char c);
void str_add_repeat(struct str *str, char c, size_t count);
void str_printf(struct str *str, const char *format, ...) __attribute__((format(printf, 2, 3)));
void str_vprintf(struct str *str, const char *format, va_list list) __attribute__((format(printf, 2, 0)));
/* Cuts to `length` bytes; longer than it is changes nothing. */
void str_cut(struct str *str, size_t length);

bool str_equal(const char *a, const char *b); /* NULL equals only NULL */
bool str_starts_with(const char *text, const char *prefix);
bool str_ends_with(const char *text, const char *suffix);

/* A copy without the blanks (ASCII white space) at both ends. */
char *str_trim(struct arena *arena, const char *text);

/* The text itself, or a copy of what comes before `most` bytes (no half characters) with "..." behind it. */
const char *str_shorten(struct arena *arena, const char *text, size_t most);

/* The whole text as a decimal number in [min, max]; false for anything else, `*number` is then untouched. */
bool str_to_int64(const char *text, int64_t min, int64_t max, int64_t *number) __attribute__((warn_unused_result));

/* Overwrites memory that held a secret; not optimised away. */
void str_wipe(void *data, size_t length);

#endif
