#include <math.h>

#include "pgha/json.h"
#include "pgha/number.h"
#include "pgha/utf8.h"

static void write_text(const char *text, size_t length, struct str *out)
{
    str_add_char(out, '"');
    for (size_t i = 0, size; i < length; i += size) {
        uint32_t code;

        size = utf8_next(text + i, length - i, &code);
        if (code == '"' || code == '\\')
            str_printf(out, "\\%c", (int)code);
        else if (code >= 0x20 && code < 0x7f)
            str_add_char(out, (char)code);
        else if (code == '\n' || code == '\r' || code == '\t' || code == '\f' || code == '\b')
            str_printf(out, "\\%c", "btn?fr"[code - '\b']);
        else if (code < 0x10000)
            str_printf(out, "\\u%04x", code);
        else
            str_printf(out, "\\u%04x\\u%04x", 0xd800 + ((code - 0x10000) >> 10), 0xdc00 + (code & 0x3ff));
    }
    str_add_char(out, '"');
}

static void write_float(double real, struct str *out)
{
    if (isnan(real))
        str_add(out, "NaN");
    else if (isinf(real))
        str_add(out, real < 0 ? "-Infinity" : "Infinity");
    else
        number_write_float(real, out);
}

/* Names are texts in JSON: a number or truth value becomes one as it would be written. */
static void write_key(const struct value *key, struct str *out)
{
    bool quote = key->kind <= VALUE_FLOAT;

    if (quote)
        str_add_char(out, '"');
    json_write(key, true, out);
    if (quote)
        str_add_char(out, '"');
}

static void write_list(const struct value *list, bool compact, struct str *out)
{
    str_add_char(out, '[');
    for (uint32_t i = 0; i < list->length; i++) {
        if (i)
            str_add(out, compact ? "," : ", ");
        json_write(&list->items[i], compact, out);
    }
    str_add_char(out, ']');
}

static void write_map(const struct value *map, bool compact, struct str *out)
{
    str_add_char(out, '{');
    for (uint32_t i = 0; i < map->length; i++) {
        if (i)
            str_add(out, compact ? "," : ", ");
        write_key(&map->pairs[i].key, out);
        str_add(out, compact ? ":" : ": ");
        json_write(&map->pairs[i].value, compact, out);
    }
    str_add_char(out, '}');
}

void json_write(const struct value *value, bool compact, struct str *out)
{
    switch ((enum value_kind)value->kind) {
    case VALUE_NULL:
        str_add(out, "null");
        break;
    case VALUE_BOOL:
        str_add(out, value->boolean ? "true" : "false");
        break;
    case VALUE_INT:
    case VALUE_BIG:
        value_str(value, out);
        break;
    case VALUE_FLOAT:
        write_float(value->real, out);
        break;
    case VALUE_STRING:
    case VALUE_BYTES:
    case VALUE_DATE:
    case VALUE_DATETIME:
        write_text(value->text, value->length, out);
        break;
    case VALUE_LIST:
        write_list(value, compact, out);
        break;
    case VALUE_MAP:
        write_map(value, compact, out);
        break;
    }
}

const char *json_refuses(const struct value *value)
{
    const char *refused = NULL;

    switch ((enum value_kind)value->kind) {
    case VALUE_BYTES:
    case VALUE_DATE:
    case VALUE_DATETIME:
        return value_kind_name(value);
    case VALUE_LIST:
        for (uint32_t i = 0; i < value->length && !refused; i++)
            refused = json_refuses(&value->items[i]);
        return refused;
    case VALUE_MAP:
        if (value->is_set)
            return "a set";
        for (uint32_t i = 0; i < value->length && !refused; i++) {
            refused = json_refuses(&value->pairs[i].key);
            if (!refused)
                refused = json_refuses(&value->pairs[i].value);
        }
        return refused;
    case VALUE_NULL:
    case VALUE_BOOL:
    case VALUE_INT:
    case VALUE_BIG:
    case VALUE_FLOAT:
    case VALUE_STRING:
        break;
    }
    return NULL;
}
