#include "surrogates.h"

#include <ctype.h>
#include <string.h>

#include "pgha/utf8.h"

#define AREA 0x10f000u
#define FIRST 0xd800u

/* The escape of half a character: six bytes. */
static bool is_half(const char *text, size_t length)
{
    return length >= 6 && text[0] == '\\' && text[1] == 'u' && (text[2] == 'd' || text[2] == 'D') &&
           isxdigit((unsigned char)text[3]) && text[3] > '7' && isxdigit((unsigned char)text[4]) &&
           isxdigit((unsigned char)text[5]);
}

bool surrogates_hide(struct arena *arena, const char *text, size_t length, struct str *hidden)
{
    bool found = false, escaped = false;
    size_t copied = 0;

    for (size_t i = 0; i < length; i++) {
        if (!escaped && is_half(text + i, length - i)) {
            if (!found)
                str_init(hidden, arena);
            found = true;
            str_add_bytes(hidden, text + copied, i - copied);
            str_add(hidden, text[i + 2] == 'd' ? "\\U0010f" : "\\U0010F");
            copied = i + 3;
        }
        escaped = !escaped && text[i] == '\\';
    }
    if (found)
        str_add_bytes(hidden, text + copied, length - copied);
    return found;
}

struct str surrogates_show(struct arena *arena, const char *text, size_t length, bool double_quoted)
{
    struct str shown;

    str_init(&shown, arena);
    for (size_t i = 0, size; i < length; i += size) {
        uint32_t code;

        size = utf8_next(text + i, length - i, &code);
        if (double_quoted && code >= AREA + (FIRST & 0xfff)) {
            utf8_add(&shown, code - AREA + (FIRST & 0xf000));
        } else if (!double_quoted && length - i >= 10 && strncmp(text + i, "\\U0010", 6) == 0 &&
                   (text[i + 6] | 0x20) == 'f') {
            str_add(&shown, text[i + 6] == 'f' ? "\\ud" : "\\uD");
            size = 7;
        } else {
            str_add_bytes(&shown, text + i, size);
        }
    }
    return shown;
}
