#include "effective.h"

#include <string.h>

#include "pgha/arena.h"
#include "pgha/str.h"

/* The key of `map`, which may be NULL, with a map as value; an error otherwise. */
static bool must_be_map(struct arena *arena, const struct value *value, const char *name, struct err *err)
{
    if (value_is(value, VALUE_MAP) && !value->is_set)
        return true;
    return err_set(err, arena, ERR_FAILED, "\"%s\" has to be a mapping and is %s", name, value_kind_name(value));
}

/* Nothing of this section is used, but what Patroni stumbles over is an error here too. */
static bool check_postgresql(struct arena *arena, const struct value *section, struct err *err)
{
    static const char *const users[] = {"replication", "superuser", "pg_rewind"};
    const struct value *parameters = value_get(section, "parameters");
    const struct value *authentication = value_get(section, "authentication");
    const struct value *directory = value_get(section, "data_dir");

    if (!section || !value_truth(section))
        return true;
    if (!must_be_map(arena, section, "postgresql", err))
        return false;
    if (directory && !value_is(directory, VALUE_STRING))
        return err_set(err, arena, ERR_FAILED, "postgresql.data_dir is %s where text is due",
                       value_kind_name(directory));
    if (value_truth(parameters) && !must_be_map(arena, parameters, "postgresql.parameters", err))
        return false;
    if (authentication) {
        if (!must_be_map(arena, authentication, "postgresql.authentication", err))
            return false;
        for (uint32_t i = 0; i < authentication->length; i++)
            if (!must_be_map(arena, &authentication->pairs[i].value, "postgresql.authentication.*", err))
                return false;
        return true;
    }
    for (size_t i = 0; i < 3; i++) {
        const struct value *user = value_get(section, users[i]);

        if (user && !must_be_map(arena, user, arena_printf(arena, "postgresql.%s", users[i]), err))
            return false;
    }
    return true;
}

static bool is_valid_citus(const struct value *section)
{
    const struct value *group = value_get(section, "group");

    if (!value_is(value_get(section, "database"), VALUE_STRING))
        return false;
    return value_is(group, VALUE_INT) || value_is(group, VALUE_BIG) || value_is(group, VALUE_BOOL);
}

static bool copy_sections(struct arena *arena, const struct value *local, struct value *tree, struct err *err)
{
    /* Patroni has values of its own for these and takes them from the store alone. */
    static const char *const dynamic[] = {"ttl", "loop_wait", "retry_timeout", "standby_cluster"};

    for (uint32_t i = 0; i < local->length; i++) {
        const struct value *key = &local->pairs[i].key;
        struct value value = local->pairs[i].value;
        const char *name = value_as_string(key);
        bool skip = false;

        for (size_t j = 0; j < sizeof dynamic / sizeof *dynamic; j++)
            skip |= str_equal(name, dynamic[j]);
        if (skip || (str_equal(name, "citus") && !is_valid_citus(&value)))
            continue;
        if (str_equal(name, "postgresql") && !check_postgresql(arena, &value, err))
            return false;
        value_map_append(arena, tree, *key, value_truth(&value) ? value : value_map());
    }
    return true;
}

/* Only what Patroni would not notice either may stand in the place of a section for REST credentials. */
static bool mentions_authentication(const struct value *section)
{
    if (section->kind == VALUE_STRING)
        return strstr(section->text, "authentication") != NULL;
    for (uint32_t i = 0; section->kind == VALUE_LIST && i < section->length; i++)
        if (str_equal(value_as_string(&section->items[i]), "authentication"))
            return true;
    return section->kind != VALUE_LIST;
}

static bool join_credentials(struct arena *arena, struct value *tree, const char *name, struct err *err)
{
    struct value *section = value_get(tree, name);
    const struct value *authentication = value_get(section, "authentication");
    const struct value *user = value_get(authentication, "username"), *password = value_get(authentication, "password");
    struct str auth;

    if (!section)
        return true;
    if (!value_is(section, VALUE_MAP) && !mentions_authentication(section))
        return true;
    if (!must_be_map(arena, section, name, err))
        return false;
    if (!authentication)
        return true;
    if (!must_be_map(arena, authentication, arena_printf(arena, "%s.authentication", name), err))
        return false;
    if (!user || !password)
        return err_set(err, arena, ERR_FAILED, "\"%s.authentication\" has no \"%s\"", name,
                       user ? "password" : "username");
    str_init(&auth, arena);
    value_str(user, &auth);
    str_add_char(&auth, ':');
    value_str(password, &auth);
    struct value changed = value_copy(arena, section);
    value_map_set(arena, &changed, "auth", value_text(auth.text, auth.length));
    *section = changed;
    return true;
}

/* Exhibitor used to be configured inside of ZooKeeper's section. */
static bool move_exhibitor(struct arena *arena, struct value *tree, struct err *err)
{
    const struct value *zookeeper = value_get(tree, "zookeeper"), *exhibitor = value_get(zookeeper, "exhibitor");

    if (zookeeper && zookeeper->kind != VALUE_STRING && zookeeper->kind != VALUE_LIST &&
        !must_be_map(arena, zookeeper, "zookeeper", err))
        return false;
    if (exhibitor) {
        value_map_set(arena, tree, "exhibitor", *exhibitor);
        value_map_remove(tree, "zookeeper");
    }
    return true;
}

bool effective_tree(struct arena *arena, const struct value *local, struct value *tree, struct err *err)
{
    struct value made = value_map();

    if (!must_be_map(arena, local, "the whole document", err) || !copy_sections(arena, local, &made, err))
        return false;
    if (!value_get(&made, "ctl"))
        value_map_set(arena, &made, "ctl", value_map());
    if (!must_be_map(arena, value_get(&made, "ctl"), "ctl", err))
        return false;
    if (!join_credentials(arena, &made, "ctl", err) || !join_credentials(arena, &made, "restapi", err))
        return false;
    if (!move_exhibitor(arena, &made, err))
        return false;
    if (value_get(&made, "citus")) {
        const struct value *bootstrap = value_get(&made, "bootstrap"), *dcs = value_get(bootstrap, "dcs");

        if (bootstrap && !must_be_map(arena, bootstrap, "bootstrap", err))
            return false;
        if (dcs && !must_be_map(arena, dcs, "bootstrap.dcs", err))
            return false;
    }
    *tree = made;
    return true;
}
