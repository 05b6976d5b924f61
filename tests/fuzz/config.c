/* Configuration: YAML as a whole, and what the configuration makes of it; what is written must read back the same. */
#include <string.h>

#include "fuzz.h"
#include "pgha/cmd.h"
#include "pgha/config.h"
#include "pgha/json.h"
#include "pgha/log.h"
#include "pgha/yaml.h"

/* NaN is not equal to itself, and U+0085 is read as a line break like any other, also what patronictl has written. */
static bool is_lost(const struct value *value)
{
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

static void round_trip(struct arena *arena, const struct value *value)
{
    struct value again;
    struct err err = ERR_INIT;
    struct str text;

    str_init(&text, arena);
    yaml_write(value, false, &text);
    if (is_lost(value))
        return;
    FUZZ_CHECK(yaml_read(arena, text.text, text.length, "written", NULL, &again, &err));
    FUZZ_CHECK(value_equal(value, &again));
    str_init(&text, arena);
    json_write(value, true, &text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const text_keys[] = {"password", NULL};
    struct arena *arena = arena_new(NULL);
    const char *text = arena_memdup(arena, data, size);
    struct value value;
    struct err err = ERR_INIT;

    if (yaml_read(arena, text, size, "input", NULL, &value, &err))
        round_trip(arena, &value);
    else
        FUZZ_CHECK_ERR(err);
    if (!yaml_read(arena, text, size, "input", text_keys, &value, &err))
        FUZZ_CHECK_ERR(err);

    char *variable = arena_printf(arena, "PATRONI_CONFIGURATION=%.*s", (int)size, text);
    const char *const environment[] = {variable, NULL};
    static const char *const no_files[] = {NULL};
    struct config_places places = {
        .environment = environment, .default_file = "/nonexistent", .system_files = no_files};
    struct globals globals = {0};
    struct log log = {.stream = NULL};
    for (int as_patronictl = 0; as_patronictl < 2; as_patronictl++) {
        struct config config;
        err = (struct err)ERR_INIT;
        if (!config_read_from(arena, &globals, &places, (struct differences){as_patronictl}, &log, &config, &err))
            FUZZ_CHECK_ERR(err);
    }
    arena_free(arena);
    return 0;
}
