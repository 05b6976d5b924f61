#include "pgha/base64.h"

#include <stdint.h>
#include <string.h>

#include "pgha/arena.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

char *base64_encode(struct arena *arena, const void *data, size_t length)
{
    const unsigned char *in = data;
    char *text = arena_alloc(arena, (length + 2) / 3 * 4 + 1), *out = text;

    for (size_t i = 0; i < length; i += 3) {
        size_t rest = length - i;
        uint32_t bits = (uint32_t)in[i] << 16 | (rest > 1 ? (uint32_t)in[i + 1] << 8 : 0) | (rest > 2 ? in[i + 2] : 0);

        *out++ = alphabet[bits >> 18];
        *out++ = alphabet[bits >> 12 & 63];
        *out++ = rest > 1 ? alphabet[bits >> 6 & 63] : '=';
        *out++ = rest > 2 ? alphabet[bits & 63] : '=';
    }
    return text;
}

static int digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool base64_decode(const char *text, size_t length, void *data, size_t *size)
{
    unsigned char *out = data;
    size_t padding = 0, made = 0;

    if (length % 4)
        return false;
    while (padding < 2 && padding < length && text[length - 1 - padding] == '=')
        padding++;
    for (size_t i = 0; i < length - padding; i++)
        if (digit(text[i]) < 0)
            return false;
    for (size_t i = 0; i < length; i += 4) {
        size_t digits = i + 4 < length ? 4 : 4 - padding;
        uint32_t bits = 0;

        for (size_t k = 0; k < 4; k++)
            bits = bits << 6 | (k < digits ? (uint32_t)digit(text[i + k]) : 0);
        for (size_t k = 0; k + 1 < digits; k++)
            out[made++] = (unsigned char)(bits >> (16 - 8 * k));
    }
    *size = made;
    return true;
}
