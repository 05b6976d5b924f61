/* What PostgreSQL may send for a column: its type as a number on the first line, then the text; shown as by query. */
#include <string.h>

#include "fuzz.h"
#include "pgha/json.h"
#include "pgha/result.h"
#include "pgha/utf8.h"
#include "pgha/yaml.h"

/* One row with the text and one with a null. */
static PGresult *make_result(struct arena *arena, const char *text, size_t length)
{
    const char *end = memchr(text, '\n', length);
    size_t head = end ? (size_t)(end - text) : length, size = end ? length - head - 1 : 0;
    char *name = arena_strdup(arena, "c"), *source = arena_alloc(arena, size + 1);
    PGresAttDesc column = {.name = name, .typid = (Oid)strtoul(arena_strndup(arena, text, head), NULL, 10)};
    PGresult *result = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);

    memcpy(source, end ? end + 1 : "", size);
    source[size] = '\0';
    FUZZ_CHECK(result && PQsetResultAttrs(result, 1, &column));
    FUZZ_CHECK(PQsetvalue(result, 0, 0, source, (int)size) && PQsetvalue(result, 1, 0, NULL, -1));
    return result;
}

/*
 * What readers of the writers' output change on purpose: NaN is no number, YAML takes U+0085 for a line break and has
 * no seconds in a time zone.
 */
static bool is_lost(const struct value *value)
{
    if (value->kind == VALUE_DATETIME)
        return true;
    if (value->kind == VALUE_FLOAT)
        return value->real != value->real;
    if (value->kind == VALUE_STRING)
        return memmem(value->text, value->length, "\xc2\x85", 2) != NULL;
    for (uint32_t i = 0; i < value->length; i++) {
        if (value->kind == VALUE_LIST && is_lost(&value->items[i]))
            return true;
        if (value->kind == VALUE_MAP && (is_lost(&value->pairs[i].key) || is_lost(&value->pairs[i].value)))
            return true;
    }
    return false;
}

/* As programs get it: what is cleaned for a terminal is for the eye. */
static void read_back(struct arena *arena, const struct table *table, enum table_format format)
{
    struct value again;
    struct err err = ERR_INIT;
    struct str out;

    str_init(&out, arena);
    table_write(table, &(struct table_style){.format = format}, &out);
    if (is_lost(&table->cells[0]) || !utf8_valid(out.text, out.length))
        return;
    FUZZ_CHECK(format == FORMAT_JSON ? json_read(arena, out.text, out.length, &again, &err)
                                     : yaml_read(arena, out.text, out.length, "written", NULL, &again, &err));
    FUZZ_CHECK(value_is(&again, VALUE_LIST) && again.length == 2 && value_is(&again.items[0], VALUE_MAP));
    FUZZ_CHECK(value_equal(&table->cells[0], value_get(&again.items[0], "c")));
}

static void show(const PGresult *result, bool honest)
{
    static const enum table_format formats[] = {FORMAT_PRETTY, FORMAT_TSV, FORMAT_JSON, FORMAT_YAML};
    bool valid = utf8_valid(PQgetvalue(result, 0, 0), (size_t)PQgetlength(result, 0, 0));

    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        struct arena *arena = arena_new(NULL);
        struct table_style style = {.format = formats[i], .clean = honest};
        struct table table;
        struct err err = ERR_INIT;
        struct str out;

        str_init(&out, arena);
        if (result_table(arena, result, formats[i], (struct differences){!honest}, &table, &err)) {
            table_write(&table, &style, &out);
            if (honest && (formats[i] == FORMAT_JSON || formats[i] == FORMAT_YAML))
                read_back(arena, &table, formats[i]);
        } else {
            FUZZ_CHECK(!honest || !valid);
            FUZZ_CHECK_ERR(err);
        }
        arena_free(arena);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(NULL);
    PGresult *result = make_result(arena, size ? (const char *)data : "", size);

    show(result, false);
    show(result, true);
    PQclear(result);
    arena_free(arena);
    return 0;
}
