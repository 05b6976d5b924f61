#include "cast.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "pgha/arena.h"
#include "pgha/json.h"

/* Arrays nest at most so deep for psycopg2 (PostgreSQL stops at 6 anyway). */
#define MAX_DIMENSIONS 16

enum caster {
    CAST_TEXT = 0,
    CAST_INT,
    CAST_FLOAT,
    CAST_DECIMAL,
    CAST_BOOL,
    CAST_DATE,
    CAST_DATETIME,
    CAST_DATETIME_ZONED,
    CAST_TIME,
    CAST_INTERVAL,
    CAST_MEMORY,
    CAST_JSON,
    CAST_RANGE,
    CAST_LIST,
};

struct type {
    unsigned oid;
    enum caster caster;
    unsigned element;       /* of a list or a range */
    const char *range_name; /* class of a range */
};

/*
 * The types that psycopg2 knows by their OIDs in pg_type; the rest is text. Some arrays are missing (uuid[], xml[], …),
 * and arrays of int2vector (1006) and oidvector (1013) are taken for arrays of numbers, which they are not.
 */
static const struct type types[] = {
    {16, CAST_BOOL, 0, NULL},      {17, CAST_MEMORY, 0, NULL},
    {20, CAST_INT, 0, NULL},       {21, CAST_INT, 0, NULL},
    {23, CAST_INT, 0, NULL},       {26, CAST_INT, 0, NULL},
    {114, CAST_JSON, 0, NULL},     {199, CAST_LIST, 114, NULL},
    {651, CAST_LIST, 25, NULL},    {700, CAST_FLOAT, 0, NULL},
    {701, CAST_FLOAT, 0, NULL},    {704, CAST_INTERVAL, 0, NULL},
    {1000, CAST_LIST, 16, NULL},   {1001, CAST_LIST, 17, NULL},
    {1002, CAST_LIST, 25, NULL},   {1003, CAST_LIST, 25, NULL},
    {1005, CAST_LIST, 23, NULL},   {1006, CAST_LIST, 23, NULL},
    {1007, CAST_LIST, 23, NULL},   {1009, CAST_LIST, 25, NULL},
    {1013, CAST_LIST, 26, NULL},   {1014, CAST_LIST, 25, NULL},
    {1015, CAST_LIST, 25, NULL},   {1016, CAST_LIST, 20, NULL},
    {1021, CAST_LIST, 701, NULL},  {1022, CAST_LIST, 701, NULL},
    {1028, CAST_LIST, 26, NULL},   {1040, CAST_LIST, 25, NULL},
    {1041, CAST_LIST, 25, NULL},   {1082, CAST_DATE, 0, NULL},
    {1083, CAST_TIME, 0, NULL},    {1114, CAST_DATETIME, 0, NULL},
    {1115, CAST_LIST, 1114, NULL}, {1182, CAST_LIST, 1082, NULL},
    {1183, CAST_LIST, 1083, NULL}, {1184, CAST_DATETIME_ZONED, 0, NULL},
    {1185, CAST_LIST, 1184, NULL}, {1186, CAST_INTERVAL, 0, NULL},
    {1187, CAST_LIST, 1186, NULL}, {1231, CAST_LIST, 1700, NULL},
    {1266, CAST_TIME, 0, NULL},    {1270, CAST_LIST, 1266, NULL},
    {1700, CAST_DECIMAL, 0, NULL}, {3802, CAST_JSON, 0, NULL},
    {3807, CAST_LIST, 3802, NULL}, {3904, CAST_RANGE, 23, "NumericRange"},
    {3905, CAST_LIST, 3904, NULL}, {3906, CAST_RANGE, 1700, "NumericRange"},
    {3907, CAST_LIST, 3906, NULL}, {3908, CAST_RANGE, 1114, "DateTimeRange"},
    {3909, CAST_LIST, 3908, NULL}, {3910, CAST_RANGE, 1184, "DateTimeTZRange"},
    {3911, CAST_LIST, 3910, NULL}, {3912, CAST_RANGE, 1082, "DateRange"},
    {3913, CAST_LIST, 3912, NULL}, {3926, CAST_RANGE, 20, "NumericRange"},
    {3927, CAST_LIST, 3926, NULL},
};

static int compare_types(const void *key, const void *item)
{
    unsigned oid = *(const unsigned *)key, other = ((const struct type *)item)->oid;

    return oid < other ? -1 : oid > other;
}

static const struct type *find_type(unsigned oid)
{
    static const struct type text = {0, CAST_TEXT, 0, NULL};
    const struct type *found = bsearch(&oid, types, sizeof(types) / sizeof(*types), sizeof(*types), compare_types);

    return found ? found : &text;
}

static bool cast_int(struct arena *arena, const char *source, struct value *plain, struct err *err)
{
    int64_t integer;

    if (!str_to_int64(source, INT64_MIN, INT64_MAX, &integer))
        return err_set(err, arena, ERR_FAILED, "not an integer: %s", source);
    *plain = value_int(integer);
    return true;
}

static bool cast_float(struct arena *arena, const char *source, struct value *plain, struct err *err)
{
    char *end;
    double real = strtod(source, &end);

    if (end == source || *end)
        return err_set(err, arena, ERR_FAILED, "not a number: %s", source);
    *plain = value_float(real);
    return true;
}

/* psycopg2 hands over what it gets; only a binary cursor sends what is no number. */
static bool check_decimal(struct arena *arena, const char *source, struct err *err)
{
    static const char all[] = "0123456789";
    const char *digits = source + (*source == '-');
    size_t whole = strspn(digits, all), fraction = digits[whole] == '.' ? strspn(digits + whole + 1, all) + 1 : 0;

    if (str_equal(digits, "NaN") || str_equal(digits, "Infinity") ||
        (whole + fraction > (fraction > 0) && !digits[whole + fraction]))
        return true;
    return err_set(err, arena, ERR_FAILED, "not a decimal number: %s", source);
}

static bool cast_bool(struct arena *arena, const char *source, struct value *plain, struct err *err)
{
    if (!strchr("tTfF", *source) || !*source)
        return err_set(err, arena, ERR_FAILED, "can't parse boolean: '%s'", source);
    *plain = value_bool(*source == 't' || *source == 'T');
    return true;
}

struct input {
    struct arena *arena;
    const char *next;
    const char *end;
    struct differences differences;
};

/* A bound of a range up to one of `ends`: quoted with doubled quotes and backslashes, bare, or missing (NULL). */
static bool take_bound(struct input *input, const char *ends, const char **bound)
{
    struct str text;
    bool quoted = *input->next == '"';

    *bound = NULL;
    if (*input->next && strchr(ends, *input->next))
        return true;
    str_init(&text, input->arena);
    input->next += quoted;
    for (; *input->next; input->next++) {
        bool doubled = (*input->next == '"' || *input->next == '\\') && input->next[1] == *input->next;

        if (!quoted && strchr(ends, *input->next))
            break;
        if (quoted && *input->next == '"' && !doubled)
            break;
        str_add_char(&text, *input->next);
        input->next += quoted && doubled;
    }
    if (!*input->next)
        return false;
    input->next += quoted;
    *bound = text.text;
    return strchr(ends, *input->next) && *input->next;
}

static bool cast_range(struct arena *arena, const struct type *type, const char *source, struct differences differences,
                       struct pyrange *range, struct err *err)
{
    struct input input = {.arena = arena, .next = source + (*source != '\0'), .differences = differences};
    struct pyvalue *bounds = arena_calloc(arena, 2, sizeof(*bounds));
    const char *lower = NULL, *upper = NULL;
    struct pyrange made = {.class_name = type->range_name, .empty = str_equal(source, "empty"), .bounds = bounds};

    if (!made.empty) {
        bool well_formed = (*source == '(' || *source == '[') && take_bound(&input, ",", &lower);

        input.next += well_formed; /* the comma */
        if (!well_formed || !take_bound(&input, ")]", &upper) ||
            (differs(&input, DIFF_QUERY_UNPYTHONIC) && input.next[1]))
            return err_set(err, arena, ERR_FAILED, "failed to parse range: '%s'", source);
        made.brackets[0] = *source;
        made.brackets[1] = *input.next;
        if (!pyvalue_cast(arena, type->element, lower, lower ? strlen(lower) : 0, differences, &bounds[0], err) ||
            !pyvalue_cast(arena, type->element, upper, upper ? strlen(upper) : 0, differences, &bounds[1], err))
            return false;
    }
    *range = made;
    return true;
}

/* Takes "{1,NULL,"a b"}" apart from after its first brace to after its last. */
static bool cast_items(struct input *input, unsigned element, int depth, struct pylist *list, struct err *err);

static const char *take_item(struct input *input, bool *quoted)
{
    struct str text;

    *quoted = *input->next == '"';
    str_init(&text, input->arena);
    input->next += *quoted;
    for (; *input->next; input->next++) {
        if (*quoted ? *input->next == '"' : *input->next == ',' || *input->next == '}')
            break;
        if (*input->next == '\\' && input->next[1])
            input->next++;
        str_add_char(&text, *input->next);
    }
    input->next += *quoted && *input->next;
    return text.text ? text.text : "";
}

static bool is_date(unsigned oid)
{
    enum caster caster = find_type(oid)->caster;

    return caster == CAST_DATE || caster == CAST_DATETIME || caster == CAST_DATETIME_ZONED;
}

static bool cast_item(struct input *input, unsigned element, int depth, struct pyvalue *item, struct err *err)
{
    const char *text;
    bool quoted;

    if (*input->next == '{') {
        if (depth == MAX_DIMENSIONS)
            return err_set(err, input->arena, ERR_REFUSED, "excessive array dimensions");
        input->next++;
        item->kind = PYVALUE_LIST;
        return cast_items(input, element, depth + 1, &item->list, err);
    }
    text = take_item(input, &quoted);
    if (!quoted && strcasecmp(text, "null") == 0)
        text = NULL;
    /* psycopg2 does not recognise infinity inside an array. */
    else if (!differs(input, DIFF_QUERY_UNPYTHONIC) && cast_is_infinite(text) && is_date(element))
        return err_set(err, input->arena, ERR_REFUSED, "unable to parse date");
    return pyvalue_cast(input->arena, element, text, text ? strlen(text) : 0, input->differences, item, err);
}

static bool cast_items(struct input *input, unsigned element, int depth, struct pylist *list, struct err *err)
{
    struct pylist made = {0};
    size_t capacity = 0;

    while (*input->next && *input->next != '}') {
        if (made.count == capacity) {
            struct pyvalue *items = arena_calloc(input->arena, capacity = capacity ? capacity * 2 : 4, sizeof(*items));

            if (made.count)
                memcpy(items, made.items, made.count * sizeof(*items));
            made.items = items;
        }
        if (!cast_item(input, element, depth, &made.items[made.count], err))
            return false;
        made.count++;
        input->next += *input->next == ',';
    }
    if (!*input->next)
        return err_set(err, input->arena, ERR_REFUSED, "unbalanced braces in array");
    input->next++;
    *list = made;
    return true;
}

static bool cast_list(struct arena *arena, const struct type *type, const char *source, struct differences differences,
                      struct pylist *list, struct err *err)
{
    struct input input = {.arena = arena, .next = source, .differences = differences};
    const char *close;

    /* Bounds other than 1 come first; psycopg2 looks for those of one dimension only. */
    if (*source == '[' && (close = strchr(source, ']')) && close[1] == '=')
        input.next = close + 2;
    if (*input.next != '{')
        return err_set(err, arena, ERR_REFUSED, "array does not start with '{'");
    input.next++;
    if (!cast_items(&input, type->element, 1, list, err))
        return false;
    return !differs(&input, DIFF_QUERY_UNPYTHONIC) || !*input.next ||
           err_set(err, arena, ERR_REFUSED, "text behind an array: %s", input.next);
}

static const enum pyvalue_kind kinds[] = {
    [CAST_TEXT] = PYVALUE_PLAIN,        [CAST_INT] = PYVALUE_PLAIN,
    [CAST_FLOAT] = PYVALUE_PLAIN,       [CAST_DECIMAL] = PYVALUE_DECIMAL,
    [CAST_BOOL] = PYVALUE_PLAIN,        [CAST_DATE] = PYVALUE_DATE,
    [CAST_DATETIME] = PYVALUE_DATETIME, [CAST_DATETIME_ZONED] = PYVALUE_DATETIME,
    [CAST_TIME] = PYVALUE_TIME,         [CAST_INTERVAL] = PYVALUE_TIMEDELTA,
    [CAST_MEMORY] = PYVALUE_MEMORY,     [CAST_JSON] = PYVALUE_PLAIN,
    [CAST_RANGE] = PYVALUE_RANGE,       [CAST_LIST] = PYVALUE_LIST,
};

static bool cast(struct arena *arena, const struct type *type, struct differences differences, struct pyvalue *value,
                 struct err *err)
{
    const char *source = value->source;

    switch (type->caster) {
    case CAST_INT:
        return cast_int(arena, source, &value->plain, err);
    case CAST_FLOAT:
        return cast_float(arena, source, &value->plain, err);
    case CAST_BOOL:
        return cast_bool(arena, source, &value->plain, err);
    case CAST_DATE:
        return cast_date(arena, source, &value->moment, err);
    case CAST_DATETIME:
    case CAST_DATETIME_ZONED:
        return cast_datetime(arena, source, type->caster == CAST_DATETIME_ZONED, &value->moment, err);
    case CAST_TIME:
        return cast_time(arena, source, &value->moment, err);
    case CAST_INTERVAL:
        return cast_interval(arena, source, &value->delta, err);
    case CAST_JSON:
        return json_read(arena, source, value->length, &value->plain, err);
    case CAST_RANGE:
        return cast_range(arena, type, source, differences, &value->range, err);
    case CAST_LIST:
        return cast_list(arena, type, source, differences, &value->list, err);
    case CAST_DECIMAL:
        return check_decimal(arena, source, err);
    case CAST_MEMORY:
        return true;
    case CAST_TEXT:
        break;
    }
    value->plain = value_text(source, value->length);
    return true;
}

/* What Python would change or hide although it can hold it. */
static bool is_distorted(const struct pyvalue *value, struct differences differences)
{
    bool dated = value->kind == PYVALUE_DATE || value->kind == PYVALUE_DATETIME;

    return (value->kind == PYVALUE_MEMORY && differences_has(differences, DIFF_QUERY_BINARY)) ||
           (dated && cast_is_infinite(value->source) && differences_has(differences, DIFF_QUERY_UNPYTHONIC));
}

bool pyvalue_cast(struct arena *arena, unsigned oid, const char *source, size_t length, struct differences differences,
                  struct pyvalue *value, struct err *err)
{
    const struct type *type = find_type(oid);
    struct pyvalue made = {.kind = kinds[type->caster], .source = source, .length = length};
    struct err problem = ERR_INIT;

    if (!source) {
        made = (struct pyvalue){.kind = PYVALUE_PLAIN};
    } else if (is_distorted(&made, differences) || !cast(arena, type, differences, &made, &problem)) {
        if (problem.kind != ERR_NONE && !differences_has(differences, DIFF_QUERY_UNPYTHONIC)) {
            *err = problem;
            return false;
        }
        made = (struct pyvalue){
            .kind = PYVALUE_PLAIN, .source = source, .length = length, .plain = value_text(source, length)};
    }
    *value = made;
    return true;
}
