#include "pgha/dynconf.h"
#include "pgha/str.h"

#include "state.h"

static void add_party(const char *label, const struct value *name, struct str *out)
{
    if (!value_truth(name))
        return;
    str_printf(out, "\n%24s: ", label);
    value_str(name, out);
}

void notes_write(const struct cluster *cluster, struct differences differences, struct str *out)
{
    const struct failover *failover = &cluster->failover;

    if (dynconf_is_paused(cluster))
        str_add(out, " Maintenance mode: on\n");
    if (!failover_is_scheduled(failover))
        return;
    str_printf(out, " Switchover scheduled at: %s%s", failover->scheduled_at,
               differences_has(differences, DIFF_OVERDUE) && failover_is_overdue(failover) ? " (overdue)" : "");
    add_party("from", &failover->leader, out);
    add_party("to", &failover->candidate, out);
    str_add_char(out, '\n');
}
