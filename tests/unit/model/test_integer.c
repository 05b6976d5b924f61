#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../../src/model/integer.h"
#include "pgha/arena.h"
#include "pgha/json.h"
#include "pgha/seconds.h"

struct pair {
    const char *text;
    enum integer outcome;
    long long number;
};

static void check(const struct pair *pairs, size_t count,
                  enum integer (*read)(const struct value *, struct arena *, lsn_t *))
{
    struct arena *arena = arena_new(NULL);

    for (size_t i = 0; i < count; i++) {
        struct err err = ERR_INIT;
        struct value value;
        lsn_t number = 0;

        assert_true(json_read(arena, pairs[i].text, __builtin_strlen(pairs[i].text), &value, &err));
        if (read(&value, arena, &number) != pairs[i].outcome)
            fail_msg("wrong outcome of %s", pairs[i].text);
        if (number != pairs[i].number)
            fail_msg("wrong number of %s: %lld", pairs[i].text, (long long)number);
    }
    arena_free(arena);
}

static void converts_as_pythons_int(void **state)
{
    static const struct pair pairs[] = {
        {"5", INTEGER_OK, 5},           {"-5", INTEGER_OK, -5},        {"true", INTEGER_OK, 1},
        {"1.9", INTEGER_OK, 1},         {"-1.9", INTEGER_OK, -1},      {"\" 5_0 \"", INTEGER_OK, 50},
        {"\"1.5\"", INTEGER_NONE, 0},   {"\"0x10\"", INTEGER_NONE, 0}, {"null", INTEGER_NONE, 0},
        {"[]", INTEGER_NONE, 0},        {"NaN", INTEGER_NONE, 0},      {"Infinity", INTEGER_OVERFLOW, 0},
        {"1e300", INTEGER_OVERFLOW, 0},
    };

    (void)state;
    check(pairs, sizeof pairs / sizeof *pairs, integer_convert);
}

static void parses_as_patroni(void **state)
{
    static const struct pair pairs[] = {
        {"5", INTEGER_OK, 5},         {"true", INTEGER_NONE, 0},      {"null", INTEGER_NONE, 0},
        {"2.5", INTEGER_OK, 2},       {"3.5", INTEGER_OK, 4},         {"1e3", INTEGER_OK, 1000},
        {"NaN", INTEGER_NONE, 0},     {"Infinity", INTEGER_NONE, 0},  {"\" 12 \"", INTEGER_OK, 12},
        {"\"0x1F\"", INTEGER_OK, 31}, {"\"-0x1f\"", INTEGER_OK, -31}, {"\"017\"", INTEGER_OK, 15},
        {"\"08\"", INTEGER_NONE, 0},  {"\"0x\"", INTEGER_NONE, 0},    {"\"+7\"", INTEGER_OK, 7},
        {"\"7kB\"", INTEGER_NONE, 0}, {"\"1_0\"", INTEGER_NONE, 0},   {"\".5e1\"", INTEGER_OK, 5},
        {"\"1.\"", INTEGER_NONE, 0},  {"\"1e\"", INTEGER_NONE, 0},    {"\"1e400\"", INTEGER_OVERFLOW, 0},
        {"\"\"", INTEGER_NONE, 0},    {"\"-\"", INTEGER_NONE, 0},     {"\"e5\"", INTEGER_NONE, 0},
        {"{}", INTEGER_NONE, 0},
    };

    (void)state;
    check(pairs, sizeof pairs / sizeof *pairs, integer_parse);
}

static void beyond_64_bits(void **state)
{
    struct arena *arena = arena_new(NULL);
    struct value value = {.kind = VALUE_BIG, .length = 20, .text = arena_strdup(arena, "36893488147419103232")};
    lsn_t number;

    (void)state;
    assert_int_equal(integer_parse(&value, arena, &number), INTEGER_OK);
    assert_true(number == (lsn_t)1 << 65);
    value.text = arena_strdup(arena, "-36893488147419103232");
    assert_int_equal(integer_convert(&value, arena, &number), INTEGER_OK);
    assert_true(number == -((lsn_t)1 << 65));
    arena_free(arena);
}

/* Values are those of Patroni's parse_int(TEXT, 's'); 0: refused, there or by do_POST_restart(). */
static void reads_seconds(void **state)
{
    static const struct {
        const char *text;
        int64_t seconds;
    } rows[] = {
        {"30", 30},    {" 30 ", 30},
        {"10s", 10},   {"10 s", 10},
        {"1min", 60},  {"1.5min", 90},
        {"2h", 7200},  {"1d", 86400},
        {"0x10", 16},  {"010", 8},
        {"+5", 5},     {"1e1", 10},
        {"1500ms", 2}, {"600ms", 1},
        {".6", 1},     {"0.007h", 0},
        {"0.01h", 60}, {"soon", 0},
        {"", 0},       {"0", 0},
        {"-5", 0},     {"400ms", 0},
        {"500us", 0},  {"10 sec", 0},
        {"10S", 0},    {"1m", 0},
        {"10.", 0},    {"s", 0},
        {"08", 0},     {"10s10s", 0},
        {"1kB", 0},    {"nan", 0},
        {"inf", 0},    {"99999999999999999999", 0},
    };
    struct arena *arena = arena_new(NULL);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t seconds = 0;
        bool read = seconds_read(arena, rows[i].text, &seconds);

        if (read != (rows[i].seconds > 0) || seconds != rows[i].seconds)
            fail_msg("\"%s\": %lld", rows[i].text, (long long)seconds);
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(converts_as_pythons_int), cmocka_unit_test(parses_as_patroni),
                                       cmocka_unit_test(beyond_64_bits), cmocka_unit_test(reads_seconds)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
