/* Two documents in JSON with a NUL between them, as edit-config compares and merges them. */
#include <string.h>

#include "fuzz.h"
#include "pgha/diff.h"
#include "pgha/json.h"
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
    arena_free(arena);
    return 0;
}
