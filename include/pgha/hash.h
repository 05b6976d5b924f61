/* A hash of bytes for tables in memory: quick, and with a seed that nobody knows hard to work against. */
#ifndef PGHA_HASH_H
#define PGHA_HASH_H

#include <stddef.h>
#include <stdint.h>

/* The low bits count. */
static inline uint64_t hash_bytes(uint64_t seed, const void *data, size_t length)
{
    const unsigned char *bytes = (const unsigned char *)data;
    uint64_t hash = 0xcbf29ce484222325u ^ seed; /* FNV-1a */

    for (size_t i = 0; i < length; i++)
        hash = (hash ^ bytes[i]) * 0x100000001b3u;
    return hash ^ hash >> 29;
}

#endif
