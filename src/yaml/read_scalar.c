#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "pgha/arena.h"
#include "pgha/number.h"
#include "pgha/str.h"
#include "pgha/yaml_type.h"

#include "node.h"

/* The text may be a secret, so it is not shown: the place has to do. */
static bool refuse(const struct loader *loader, const struct node *node, const char *what)
{
    return node_refuse(loader, node, "no valid %s", what);
}

static bool build_bool(const struct loader *loader, const struct node *node, struct value *value)
{
    static const char *const words[] = {"no", "yes", "false", "true", "off", "on"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strlen(words[i]) == node->count && strcasecmp(words[i], node->text) == 0) {
            *value = value_bool(i % 2);
            return true;
        }
    }
    return refuse(loader, node, "truth value");
}

/* The text without blanks around it and underscores in it, in lower case, without its sign. */
static char *strip_number(struct arena *arena, const struct node *node, bool *negative)
{
    char *text = str_trim(arena, node->text), *to = text;

    for (const char *from = text; *from; from++)
        if (*from != '_')
            *to++ = *from >= 'A' && *from <= 'Z' ? (char)(*from | 0x20) : *from;
    *to = '\0';
    *negative = *text == '-';
    return text + (*text == '-' || *text == '+');
}

/* Digits in groups, each worth sixty of the next: 190:20:30. */
static bool read_sexagesimal(struct arena *arena, const char *text, bool negative, struct value *value)
{
    struct number number = {.arena = arena};

    for (const char *group = text; group; group = strchr(group, ':') ? strchr(group, ':') + 1 : NULL) {
        uint32_t low = 0;

        if (*group < '0' || *group > '9')
            return false;
        if (group == text) { /* of any length, the others have two digits at most */
            for (; *group >= '0' && *group <= '9'; group++)
                if (!number_append(&number, 10, (uint32_t)(*group - '0')))
                    return false;
        } else {
            for (; *group >= '0' && *group <= '9' && low < 1000; group++)
                low = low * 10 + (uint32_t)(*group - '0');
            if (!number_append(&number, 60, low))
                return false;
        }
        if (*group && *group != ':')
            return false;
    }
    *value = number_value(&number, negative);
    return true;
}

static bool build_int(const struct loader *loader, const struct node *node, struct value *value)
{
    bool negative;
    const char *text = strip_number(loader->arena, node, &negative);
    int base = 10;

    if (strchr(text, ':'))
        return read_sexagesimal(loader->arena, text, negative, value) || refuse(loader, node, "integer");
    if (text[0] == '0' && text[1]) {
        base = text[1] == 'b' ? 2 : text[1] == 'x' ? 16 : 8;
        text += base == 8 ? 1 : 2;
    }
    return number_read(loader->arena, text, strlen(text), base, negative, value) || refuse(loader, node, "integer");
}

/* As C reads it, but nothing in hexadecimal and nothing after it. */
static bool read_float(const char *text, double *real)
{
    char *end;

    if (!*text || strpbrk(text, "x(") || strchr(" \t\n\r\v\f", *text))
        return false;
    *real = strtod(text, &end);
    return !*end;
}

static bool build_float(const struct loader *loader, const struct node *node, struct value *value)
{
    bool negative;
    char *text = strip_number(loader->arena, node, &negative);
    double real = 0, unit = 1;

    if (str_equal(text, ".inf")) {
        real = __builtin_inf();
    } else if (str_equal(text, ".nan")) {
        real = __builtin_nan("");
    } else {
        /* From the last group to the first, because that is the order in which PyYAML rounds. */
        for (char *colon; (colon = strrchr(text, ':')); unit *= 60) {
            double group;

            if (!read_float(colon + 1, &group))
                return refuse(loader, node, "number");
            real += group * unit;
            *colon = '\0';
        }
        double group;
        if (!read_float(text, &group))
            return refuse(loader, node, "number");
        real += group * unit;
    }
    *value = value_float(negative ? -real : real);
    return true;
}

static int base64_digit(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c ? strchr(digits, c) : NULL;

    return at ? (int)(at - digits) : -1;
}

/* Base64 as Python's decoder takes it: what is no digit is passed over, and padding ends it. */
static bool build_binary(const struct loader *loader, const struct node *node, struct value *value)
{
    struct str out;
    unsigned bits = 0, count = 0, padding = 0;

    str_init(&out, loader->arena);
    for (size_t i = 0; i < node->count; i++) {
        int digit = base64_digit(node->text[i]);

        if ((unsigned char)node->text[i] >= 0x80)
            return refuse(loader, node, "base64");
        if (node->text[i] == '=' && count % 4 >= 2 && count % 4 + ++padding >= 4) {
            count = 0;
            break;
        }
        if (digit < 0)
            continue;
        padding = 0;
        bits = bits << 6 | (unsigned)digit;
        if (count++ % 4)
            str_add_char(&out, (char)(bits >> (6 - 2 * ((count - 1) % 4)) & 0xff));
    }
    if (count % 4)
        return refuse(loader, node, "base64");
    *value = (struct value){.kind = VALUE_BYTES, .length = (uint32_t)out.length, .text = out.text};
    return true;
}

/* Numbers of a timestamp; a missing one is -1. */
struct stamp {
    int year, month, day, hour, minute, second, micro;
    int zone; /* minutes */
    bool has_zone;
};

static int stamp_number(const char **at)
{
    int number = 0;

    while (**at >= '0' && **at <= '9' && number < 100000)
        number = number * 10 + *(*at)++ - '0';
    return number;
}

static void stamp_fraction(const char **at, struct stamp *stamp)
{
    int scale = 100000;

    for ((*at)++; **at >= '0' && **at <= '9'; (*at)++, scale /= 10)
        stamp->micro += scale * (**at - '0');
}

/* Takes apart a text whose form yaml_type_of() has accepted. */
static struct stamp read_stamp(const char *text)
{
    struct stamp stamp = {.hour = -1};
    const char *at = text;

    stamp.year = stamp_number(&at);
    at++;
    stamp.month = stamp_number(&at);
    at++;
    stamp.day = stamp_number(&at);
    if (!*at)
        return stamp;
    at += strspn(at, "Tt \t");
    stamp.hour = stamp_number(&at);
    at++;
    stamp.minute = stamp_number(&at);
    at++;
    stamp.second = stamp_number(&at);
    if (*at == '.')
        stamp_fraction(&at, &stamp);
    at += strspn(at, " \t");
    if (!*at)
        return stamp;
    stamp.has_zone = true;
    int sign = *at == '-' ? -1 : 1;
    if (*at++ == 'Z')
        return stamp;
    stamp.zone = 60 * stamp_number(&at);
    if (*at++ == ':')
        stamp.zone += stamp_number(&at);
    stamp.zone *= sign;
    return stamp;
}

static bool is_real_stamp(const struct stamp *stamp)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = stamp->year % 4 == 0 && (stamp->year % 100 != 0 || stamp->year % 400 == 0);

    if (stamp->year < 1 || stamp->month < 1 || stamp->month > 12 || stamp->day < 1)
        return false;
    if (stamp->day > days[stamp->month - 1] + (leap && stamp->month == 2))
        return false;
    return stamp->hour < 24 && stamp->minute < 60 && stamp->second < 60 && abs(stamp->zone) < 24 * 60;
}

static bool build_timestamp(const struct loader *loader, const struct node *node, struct value *value)
{
    if (yaml_type_of(node->text, node->count) != YAML_TYPE_TIMESTAMP)
        return refuse(loader, node, "date");
    struct stamp stamp = read_stamp(node->text);
    struct str out;

    if (!is_real_stamp(&stamp))
        return refuse(loader, node, "date");
    str_init(&out, loader->arena);
    str_printf(&out, "%04d-%02d-%02d", stamp.year, stamp.month, stamp.day);
    if (stamp.hour >= 0)
        str_printf(&out, " %02d:%02d:%02d", stamp.hour, stamp.minute, stamp.second);
    if (stamp.micro)
        str_printf(&out, ".%06d", stamp.micro);
    if (stamp.has_zone)
        str_printf(&out, "%c%02d:%02d", stamp.zone < 0 ? '-' : '+', abs(stamp.zone) / 60, abs(stamp.zone) % 60);
    *value = (struct value){
        .kind = stamp.hour < 0 ? VALUE_DATE : VALUE_DATETIME, .length = (uint32_t)out.length, .text = out.text};
    return true;
}

bool node_build_scalar(const struct loader *loader, const struct node *node, struct value *value)
{
    switch (node->tag) {
    case TAG_NULL:
        *value = value_null();
        return true;
    case TAG_BOOL:
        return build_bool(loader, node, value);
    case TAG_INT:
        return build_int(loader, node, value);
    case TAG_FLOAT:
        return build_float(loader, node, value);
    case TAG_TIMESTAMP:
        return build_timestamp(loader, node, value);
    case TAG_BINARY:
        return build_binary(loader, node, value);
    default:
        *value = value_text(node->text, node->count);
        return true;
    }
}
