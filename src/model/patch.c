#include "pgha/patch.h"

#include <string.h>

#include "patch_keys.h"
#include "pgha/arena.h"
#include "pgha/str.h"
#include "pgha/yaml.h"

#define MAX_KEYS 100

/* The keys of a dotted path. */
static struct value split_path(struct arena *arena, const char *path)
{
    static const char parameters[] = "postgresql.parameters.";
    struct value keys = value_list();
    const char *from = path;

    for (const char *dot; (dot = strchr(from, '.')); from = dot + 1) {
        if (from == path + sizeof parameters - 1 && str_starts_with(path, parameters))
            break;
        value_list_add(arena, &keys,
                       value_text(arena_strndup(arena, from, (size_t)(dot - from)), (size_t)(dot - from)));
    }
    value_list_add(arena, &keys, value_string(from));
    return keys;
}

static void set_path(struct arena *arena, struct value *config, const struct value *keys, uint32_t depth,
                     const struct value *value)
{
    const struct value *key = &keys->items[depth];
    bool last = depth + 1 == keys->length;

    if (last && value->kind == VALUE_NULL) {
        value_map_remove_key(config, key);
        return;
    }
    if (last) {
        value_map_set_key(arena, config, *key, *value);
        return;
    }
    if (!value_is(value_get_key(config, key), VALUE_MAP))
        value_map_set_key(arena, config, *key, value_map());
    struct value *section = value_get_key(config, key);
    set_path(arena, section, keys, depth + 1, value);
    if (!section->length)
        value_map_remove_key(config, key);
}

bool patch_read(struct arena *arena, const char *setting, struct value *keys, struct value *value, struct err *err)
{
    const char *equals = strchr(setting, '=');

    if (!equals)
        return err_set(err, arena, ERR_FAILED, "Invalid parameter setting %s", setting);
    const char *path = str_trim(arena, arena_strndup(arena, setting, (size_t)(equals - setting)));
    if (!yaml_read(arena, equals + 1, strlen(equals + 1), path, NULL, value, err))
        return false;
    struct value split = split_path(arena, path);
    /* Deeper than this, nobody could read the configuration any more. */
    if (split.length > MAX_KEYS)
        return err_set(err, arena, ERR_FAILED, "the path of a setting has %u keys, more than %d", split.length,
                       MAX_KEYS);
    *keys = split;
    return true;
}

bool patch_set(struct arena *arena, struct value *config, const char *setting, struct err *err)
{
    struct value keys, value;

    if (!patch_read(arena, setting, &keys, &value, err))
        return false;
    set_path(arena, config, &keys, 0, &value);
    return true;
}
