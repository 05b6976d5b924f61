/*
 * Two documents in JSON, as edit-config compares and merges them, and settings as its -s takes them, with a NUL behind
 * each.
 */
#include <string.h>

#include "fuzz.h"
#include "pgha/diff.h"
#include "pgha/json.h"
#include "pgha/patch.h"
#include "pgha/value_index.h"

/* Whatever the texts are, a difference is shown where there is one, and nowhere else. */
static void compare(struct arena *arena, const char *before, const char *after)
{
    struct str none, some;

    str_init(&none, arena);
    str_init(&some, arena);
    diff_write(before, before, &none);
    diff_write_coloured(before, after, &some);
    FUZZ_CHECK(none.length == 0);
    FUZZ_CHECK(!str_equal(before, after) || some.length == 0);
}

static bool keeps_nulls(const struct value *map)
{
    for (uint32_t i = 0; i < map->length; i++)
        if (map->pairs[i].value.kind == VALUE_NULL)
            return true;
    return false;
}

/* What a patch says is so afterwards. */
static void merge(struct arena *arena, const struct value *map, const struct value *patch)
{
    struct value merged = value_patch(arena, map, patch);
    struct value_index index = value_index_make(arena, &merged);

    FUZZ_CHECK(merged.length <= map->length + patch->length);
    for (uint32_t i = 0; i < patch->length; i++)
        FUZZ_CHECK((value_index_find(&index, &patch->pairs[i].key) == NULL) ==
                   (patch->pairs[i].value.kind == VALUE_NULL));
    merged = value_patch(arena, &merged, map);
    FUZZ_CHECK(keeps_nulls(map) || merged.length >= map->length);
}

/* One setting after the other, whatever the check says of it; the configuration as it was stays. */
static void set(struct arena *arena, const struct value *map, const char *settings, const char *end)
{
    struct patch patch = patch_begin(arena, map);
    uint32_t before = map->length, set = 0;

    for (; settings < end; settings += strlen(settings) + 1) {
        struct err err = ERR_INIT;

        if (!patch_check(&patch, settings, &err))
            FUZZ_CHECK_ERR(err);
        err = (struct err)ERR_INIT;
        if (patch_set(&patch, settings, &err))
            set++;
        else
            FUZZ_CHECK_ERR(err);
    }
    FUZZ_CHECK(map->length == before);
    FUZZ_CHECK(patch_result(&patch).length <= before + set);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(NULL);
    char *text = arena_alloc(arena, size + 2);
    struct value map, patch;
    struct err err = ERR_INIT;

    memcpy(text, size ? (const void *)data : "", size);
    text[size] = text[size + 1] = '\0';
    const char *after = text + strlen(text) + 1;
    compare(arena, text, after);
    bool read =
        json_read(arena, text, strlen(text), &map, &err) && json_read(arena, after, strlen(after), &patch, &err);
    if (!read)
        FUZZ_CHECK_ERR(err);
    else if (value_is(&map, VALUE_MAP) && value_is(&patch, VALUE_MAP))
        merge(arena, &map, &patch);
    if (read && value_is(&map, VALUE_MAP))
        set(arena, &map, after + strlen(after) + 1, text + size);
    arena_free(arena);
    return 0;
}
