/* Base64 with the standard alphabet and padding (RFC 4648, section 4), in which etcd's JSON gateway has its bytes. */
#ifndef PGHA_BASE64_H
#define PGHA_BASE64_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

char *base64_encode(struct arena *arena, const void *data, size_t length);

/* Room that base64_decode() needs for `length` characters. */
#define BASE64_DECODED_SIZE(length) ((length) / 4 * 3)

/*
 * Decodes into `data`, which may overlap `text` as long as it does not start behind it. False, with `*size` untouched,
 * for anything that is not complete and padded base64.
 */
bool base64_decode(const char *text, size_t length, void *data, size_t *size) __attribute__((warn_unused_result));

#endif
