#include "pgha/dynconf.h"

#include <strings.h>

#include "integer.h"
#include "pgha/config.h"

const struct value *dynconf_get(const struct cluster *cluster, const char *name)
{
    return value_get(&cluster->config.data, name);
}

/* What Python's str() makes of a value decides, so true and 1 count as "true" and "1", and 1.0 does not. */
static bool is_word(const struct value *value, const char *const *words)
{
    const char *text = value_as_string(value);

    if (value_is(value, VALUE_BOOL))
        text = value->boolean ? "true" : "false";
    else if (value_is(value, VALUE_INT) && value->integer == 1)
        text = "1";
    for (; text && *words; words++)
        if (strcasecmp(text, *words) == 0)
            return true;
    return false;
}

bool dynconf_is_on(const struct cluster *cluster, const char *name)
{
    static const char *const words[] = {"on", "true", "yes", "1", NULL};

    return is_word(dynconf_get(cluster, name), words);
}

bool dynconf_is_paused(const struct cluster *cluster)
{
    return dynconf_is_on(cluster, "pause");
}

bool dynconf_is_quorum(const struct cluster *cluster)
{
    static const char *const words[] = {"quorum", NULL};

    return is_word(dynconf_get(cluster, "synchronous_mode"), words);
}

bool dynconf_is_synchronous(const struct cluster *cluster)
{
    return (dynconf_is_on(cluster, "synchronous_mode") || dynconf_is_quorum(cluster)) &&
           !dynconf_is_standby_cluster(cluster);
}

bool dynconf_is_standby_cluster(const struct cluster *cluster)
{
    const struct value *section = dynconf_get(cluster, "standby_cluster");

    return value_truth(value_get(section, "host")) || value_truth(value_get(section, "port")) ||
           value_truth(value_get(section, "restore_command"));
}

lsn_t dynconf_maximum_lag(const struct cluster *cluster, struct arena *arena)
{
    lsn_t bytes;

    if (integer_parse(dynconf_get(cluster, "maximum_lag_on_failover"), arena, &bytes) == INTEGER_OK)
        return bytes;
    return 1024 * 1024;
}

struct value dynconf_loop_wait(const struct cluster *cluster, const struct config *config)
{
    const struct value *dynamic = dynconf_get(cluster, "loop_wait");
    const struct value *local = value_get(&config->tree, "loop_wait");

    return value_truth(dynamic) ? *dynamic : local ? *local : value_int(10);
}
