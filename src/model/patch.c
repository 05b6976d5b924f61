#include "pgha/patch.h"

#include <string.h>

#include "patch_keys.h"
#include "pgha/arena.h"
#include "pgha/str.h"
#include "pgha/yaml.h"
#include "section.h"

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

static void set_path(struct section *section, const struct value *keys, uint32_t depth, const struct value *value)
{
    const struct value *key = &keys->items[depth];
    bool last = depth + 1 == keys->length;
    struct value_pair *pair = section_find(section, key);

    if (last && value->kind == VALUE_NULL) {
        if (pair)
            section_remove(section, pair);
        return;
    }
    if (last) {
        section_set(section, *key, *value);
        return;
    }
    if (!pair || !value_is(&pair->value, VALUE_MAP))
        pair = section_set(section, *key, value_map());
    struct section *below = section_below(section, pair);
    set_path(below, keys, depth + 1, value);
    if (!section_length(below))
        section_remove(section, pair);
}

struct patch patch_begin(struct arena *arena, const struct value *config)
{
    return (struct patch){arena, section_open(arena, config)};
}

struct value patch_result(const struct patch *patch)
{
    return section_value(patch->config);
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

bool patch_set(struct patch *patch, const char *setting, struct err *err)
{
    struct value keys, value;

    if (!patch_read(patch->arena, setting, &keys, &value, err))
        return false;
    set_path(patch->config, &keys, 0, &value);
    return true;
}
