#include <string.h>

#include "pgha/number.h"
#include "pgha/str.h"
#include "pgha/utf8.h"
#include "pgha/value.h"

static void repr_char(uint32_t code, char quote, struct str *out)
{
    static const char plain[] = "\n\r\t\\", escaped[] = "nrt\\";
    const char *at = code && code < 0x80 ? strchr(plain, (int)code) : NULL;

    if (at)
        str_printf(out, "\\%c", escaped[at - plain]);
    else if (code == (unsigned char)quote)
        str_printf(out, "\\%c", quote);
    else if (utf8_is_printable(code))
        utf8_add(out, code);
    else
        str_printf(out, code < 0x100 ? "\\x%02x" : code < 0x10000 ? "\\u%04x" : "\\U%08x", code);
}

static void repr_text(const struct value *value, struct str *out)
{
    bool bytes = value->kind == VALUE_BYTES;
    char quote = memchr(value->text, '\'', value->length) && !memchr(value->text, '"', value->length) ? '"' : '\'';

    if (bytes)
        str_add_char(out, 'b');
    str_add_char(out, quote);
    for (size_t i = 0, size; i < value->length; i += size) {
        uint32_t code = (unsigned char)value->text[i];

        size = bytes ? 1 : utf8_next(value->text + i, value->length - i, &code);
        if (bytes && code >= 0x80)
            str_printf(out, "\\x%02x", code);
        else
            repr_char(code, quote, out);
    }
    str_add_char(out, quote);
}

static void repr_collection(const struct value *value, struct str *out)
{
    bool list = value->kind == VALUE_LIST;

    if (value->is_set && !value->length) {
        str_add(out, "set()");
        return;
    }
    str_add_char(out, list ? '[' : '{');
    for (uint32_t i = 0; i < value->length; i++) {
        if (i)
            str_add(out, ", ");
        value_repr(list ? &value->items[i] : &value->pairs[i].key, out);
        if (list || value->is_set)
            continue;
        str_add(out, ": ");
        value_repr(&value->pairs[i].value, out);
    }
    str_add_char(out, list ? ']' : '}');
}

void value_repr(const struct value *value, struct str *out)
{
    if (value->kind == VALUE_STRING)
        repr_text(value, out);
    else
        value_str(value, out);
}

void value_str(const struct value *value, struct str *out)
{
    switch ((enum value_kind)value->kind) {
    case VALUE_NULL:
        str_add(out, "None");
        break;
    case VALUE_BOOL:
        str_add(out, value->boolean ? "True" : "False");
        break;
    case VALUE_INT:
        str_printf(out, "%lld", (long long)value->integer);
        break;
    case VALUE_FLOAT:
        number_write_float(value->real, out);
        break;
    case VALUE_BIG:
    case VALUE_STRING:
    case VALUE_DATE:
    case VALUE_DATETIME:
        str_add_bytes(out, value->text, value->length);
        break;
    case VALUE_BYTES:
        repr_text(value, out);
        break;
    case VALUE_LIST:
    case VALUE_MAP:
        repr_collection(value, out);
        break;
    }
}
