/* Text of others on its way to a terminal: see utf8_clean(). The invariants are written down anew, in bytes. */
#include <string.h>

#include "fuzz.h"
#include "pgha/str.h"
#include "pgha/utf8.h"

/* U+XXXX of a sequence that begins with these bytes must not be there. */
static const struct {
    const char *bytes;
    unsigned char last_least, last_most; /* the byte behind them */
} forbidden[] = {
    {"\xc2", 0x80, 0x9f},         {"\xc2", 0xad, 0xad},         {"\xd8", 0x9c, 0x9c},         {"\xe1\xa0", 0x8b, 0x8f},
    {"\xe2\x80", 0x8b, 0x8f},     {"\xe2\x80", 0xa8, 0xae},     {"\xe2\x81", 0xa0, 0xaf},     {"\xef\xbb", 0xbf, 0xbf},
    {"\xf3\xa0\x80", 0x80, 0xbf}, {"\xf3\xa0\x81", 0x80, 0xbf}, {"\xf3\xa0\x84", 0x80, 0xbf}, {"\xed", 0xa0, 0xbf},
};

static void check(const struct str *text)
{
    const unsigned char *bytes = (const unsigned char *)text->text;

    FUZZ_CHECK(utf8_valid(text->text, text->length));
    for (size_t i = 0; i < text->length; i++) {
        FUZZ_CHECK((bytes[i] >= ' ' && bytes[i] != 0x7F) || bytes[i] == '\n' || bytes[i] == '\t');
        for (size_t f = 0; f < sizeof forbidden / sizeof *forbidden; f++) {
            size_t size = strlen(forbidden[f].bytes);

            FUZZ_CHECK(i + size >= text->length || memcmp(bytes + i, forbidden[f].bytes, size) != 0 ||
                       bytes[i + size] < forbidden[f].last_least || bytes[i + size] > forbidden[f].last_most);
        }
    }
}

/* Cleaned by `clean`, whose every result has to hold what check() says and to stay when it is cleaned again. */
static struct str cleaned(struct arena *arena, const char *data, size_t size, void (*clean)(struct str *))
{
    struct str once, twice;

    str_init(&once, arena);
    str_add_bytes(&once, data, size);
    clean(&once);
    check(&once);
    str_init(&twice, arena);
    str_add_bytes(&twice, once.text, once.length);
    clean(&twice);
    FUZZ_CHECK(once.length == twice.length && memcmp(once.text, twice.text, once.length) == 0);
    return once;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(NULL);
    const char *text = arena_strndup(arena, size ? (const char *)data : "", size);
    struct str whole = cleaned(arena, size ? (const char *)data : "", size, utf8_clean);
    struct str line = cleaned(arena, size ? (const char *)data : "", size, utf8_clean_line);
    const char *newline = memchr(line.text, '\n', line.length);

    FUZZ_CHECK(!newline || newline + 1 == line.text + line.length);
    if (utf8_is_plain(text) && strlen(text) == size)
        FUZZ_CHECK(str_equal(text, whole.text) && str_equal(text, line.text));
    arena_free(arena);
    return 0;
}
