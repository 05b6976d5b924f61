/* Which file or variable a value is from, and what to change when it is wrong or missing. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "pgha/arena.h"
#include "pgha/config.h"
#include "pgha/str.h"

#include "dcs_url.h"
#include "env.h"

static const char *variable(struct arena *arena, const char *section, const char *key)
{
    char *name = key ? arena_printf(arena, "PATRONI_%s_%s", section, key) : arena_printf(arena, "PATRONI_%s", section);

    for (char *c = name; *c; c++)
        *c = (char)toupper((unsigned char)*c);
    return name;
}

static const char *in_part(struct arena *arena, const struct config_part *part, const char *section, const char *key)
{
    const struct value *value = value_get(&part->tree, section);

    if (part->name)
        return arena_printf(arena, "%s: %s%s%s", part->name, section, key ? "." : "", key ? key : "");
    if (!key && value_is(value, VALUE_MAP) && value->length)
        key = value_as_string(&value->pairs[0].key);
    return variable(arena, section, key);
}

const char *config_where(struct arena *arena, const struct config *config, const char *section, const char *key)
{
    for (size_t i = 0; config->dcs_url && dcs_url_sections[i]; i++)
        if (str_equal(section, dcs_url_sections[i]))
            return "-d";
    for (size_t i = config->part_count; i-- > 0;) {
        const struct value *value = value_get(&config->parts[i].tree, section);

        if (key ? value_get(value, key) != NULL : value != NULL)
            return in_part(arena, &config->parts[i], section, key);
    }
    for (size_t i = config->part_count; i-- > 0;)
        if (value_get(&config->parts[i].tree, section))
            return in_part(arena, &config->parts[i], section, key);
    if (config->path)
        return arena_printf(arena, "%s: %s%s%s", config->path, section, key ? "." : "", key ? key : "");
    return variable(arena, section, key);
}

/* The last one that was set. */
static const struct value *last(const struct config *config, const char *section, const char *key)
{
    for (size_t i = config->part_count; i-- > 0;) {
        const struct value *found = value_path(&config->parts[i].tree, section, key, NULL);

        if (found)
            return found;
    }
    return NULL;
}

const char *config_ignored_variable(struct arena *arena, const struct config *config, const char *section,
                                    const char *key, const char **name)
{
    const char *wanted = variable(arena, section, key);

    for (size_t i = 0; i < config->part_count && config->environment; i++) {
        if (config->parts[i].name || value_path(&config->parts[i].tree, section, key, NULL))
            continue;
        const char *text = env_find(config->environment, wanted);
        if (!text || !*text)
            continue;
        *name = wanted;
        return text;
    }
    return NULL;
}

const char *config_citus_problem(struct arena *arena, const struct config *config)
{
    const struct value *group = last(config, "citus", "group"), *database = last(config, "citus", "database");
    bool there = false;
    struct str text;

    for (size_t i = 0; i < config->part_count; i++)
        there |= value_get(&config->parts[i].tree, "citus") != NULL;
    if (!there || value_get(&config->tree, "citus"))
        return NULL;
    const char *ignored, *name;
    if (!group && (ignored = config_ignored_variable(arena, config, "citus", "group", &name)))
        return arena_printf(arena, "%s is \"%s\", so the section citus does not count: set it to a number", name,
                            ignored);
    if (!group)
        return arena_printf(arena, "%s is missing, so the section citus does not count: set it to this node's group",
                            config_where(arena, config, "citus", "group"));
    if (!value_is(group, VALUE_INT) && !value_is(group, VALUE_BIG)) {
        str_init(&text, arena);
        if (!value_is(group, VALUE_NULL))
            value_str(group, &text);
        return arena_printf(arena,
                            "%s is \"%s\", so the section citus does not count: set it to a number, without quotes",
                            config_where(arena, config, "citus", "group"), text.text);
    }
    return arena_printf(arena, "%s is %s, so the section citus does not count: set it to the name of the database",
                        config_where(arena, config, "citus", "database"), database ? "no text" : "missing");
}

const char *config_section_name(struct arena *arena, const struct config *config, const char *section)
{
    bool in_file = false;

    if (config->dcs_url)
        return "-d";
    for (size_t i = 0; i < config->part_count; i++)
        in_file |= config->parts[i].name && value_get(&config->parts[i].tree, section);
    if (config->path && in_file)
        return arena_printf(arena, "section %s of %s", section, config->path);
    return arena_printf(arena, "section %s of %s", section,
                        in_file ? "PATRONI_CONFIGURATION" : "the environment (PATRONI_*)");
}

const char *config_tls_advice(struct arena *arena, const struct config *config, const char *section)
{
    static const char *const keys[] = {"cacert", "cert", "key"};
    const struct value *url = config_get(config, section, "url");
    const char *name = config_section_name(arena, config, section), *from = NULL;
    struct str set;

    if (config->dcs_url)
        return "-d cannot ask for TLS: name the store in a configuration file, with \"protocol: https\"";
    if (value_is(url, VALUE_STRING))
        return arena_printf(arena, "%s has to begin with \"https:\", and \"protocol: https\" does not count beside it",
                            config_where(arena, config, section, "url"));
    str_init(&set, arena);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (value_truth(config_get(config, section, keys[i]))) {
            const char *where = config_where(arena, config, section, keys[i]);

            from = str_starts_with(where, "PATRONI_") ? where : NULL;
            str_printf(&set, "%s%s", set.length ? ", " : "", from ? from : keys[i]);
        }
    const char *variable =
        from ? arena_printf(arena, " (%s=https)",
                            str_equal(section, "etcd3") ? "PATRONI_ETCD3_PROTOCOL" : "PATRONI_ETCD_PROTOCOL")
             : "";
    if (config_get(config, section, "protocol"))
        return arena_printf(arena, "%s is \"http\": write \"protocol: https\"",
                            config_where(arena, config, section, "protocol"));
    if (set.length)
        return arena_printf(arena, "%s has %s but no \"protocol: https\", so they do not count: add it%s", name,
                            set.text, variable);
    return arena_printf(arena, "add \"protocol: https\" to %s, and \"cacert\" if the authority is one of your own",
                        name);
}

const char *config_login_advice(struct arena *arena, const struct config *config, const char *section)
{
    static const char *const keys[] = {"USERNAME", "PASSWORD"};
    struct str set;

    str_init(&set, arena);
    for (size_t i = 0; config->environment && i < 2; i++) {
        const char *variable =
            arena_printf(arena, "PATRONI_%s_%s", str_equal(section, "etcd3") ? "ETCD3" : "ETCD", keys[i]);
        const char *text = env_find(config->environment, variable);

        if (text && *text && !value_truth(config_get(config, section, i ? "password" : "username")))
            str_printf(&set, "%s%s", set.length ? " and " : "", variable);
    }
    if (!set.length)
        return "";
    return arena_printf(arena,
                        "; %s are set but do not count, because Patroni takes them only beside another variable of "
                        "the section, such as PATRONI_%s_HOSTS",
                        set.text, str_equal(section, "etcd3") ? "ETCD3" : "ETCD");
}

/* Names that somebody may have meant as etcd or etcd3: Etcd3, etcd_3, etcdv3, etcd4. */
static bool resembles_store(const char *name)
{
    return name && strncasecmp(name, "etcd", 4) == 0;
}

/* A section that stands where it does not count. NULL for none. */
static const char *misplaced(struct arena *arena, const struct config *config)
{
    const struct value *tree = &config->tree;

    /* Merging has removed a section without anything in it. */
    for (size_t i = 0; i < config->part_count; i++)
        for (size_t j = 0; j < 2; j++) {
            const char *section = j ? "etcd3" : "etcd";

            if (value_get(&config->parts[i].tree, section))
                return arena_printf(arena,
                                    "%s is empty: name the servers below it, such as \"hosts: "
                                    "10.0.0.1:2379,10.0.0.2:2379\", indented",
                                    config_where(arena, config, section, NULL));
        }
    for (uint32_t i = 0; i < tree->length; i++) {
        const char *name = value_as_string(&tree->pairs[i].key);
        const struct value *below = &tree->pairs[i].value;

        if (resembles_store(name))
            return arena_printf(arena,
                                "%s is no section that Patroni knows: rename it to \"etcd3\" (or \"etcd\" for API v2)",
                                config_where(arena, config, name, NULL));
        for (uint32_t j = 0; value_is(below, VALUE_MAP) && j < below->length; j++) {
            const char *inner = value_as_string(&below->pairs[j].key);

            if (name && (str_equal(inner, "etcd") || str_equal(inner, "etcd3")))
                return arena_printf(arena, "%s stands inside of section %s: it has to start at the beginning of a line",
                                    config_where(arena, config, name, inner), name);
        }
    }
    return NULL;
}

bool config_no_store(struct arena *arena, const struct config *config, struct err *err)
{
    const char *where = config->missing ? config->missing : misplaced(arena, config);
    struct str keys;

    if (where)
        return err_set(err, arena, ERR_FAILED, "%s", where);
    str_init(&keys, arena);
    for (uint32_t i = 0; i < config->tree.length; i++) {
        const char *name = value_as_string(&config->tree.pairs[i].key);

        for (size_t j = 0; name && j < config->part_count; j++)
            if (value_get(&config->parts[j].tree, name)) {
                str_printf(&keys, "%s%s", keys.length ? ", " : "", name);
                break;
            }
    }
    return err_set(err, arena, ERR_FAILED,
                   "%s has neither a section etcd nor etcd3%s%s%s; add one, such as \"etcd3: {hosts: "
                   "'10.0.0.1:2379'}\", or name the store with -d",
                   config->path                                  ? config->path
                   : config->part_count && config->parts[0].name ? config->parts[0].name
                                                                 : "the environment",
                   keys.length ? " (it has: " : "", keys.text, keys.length ? ")" : "");
}
