#include <math.h>
#include <string.h>
#include <time.h>

#include "pgha/arena.h"
#include "pgha/json.h"
#include "pgha/pytext.h"
#include "pgha/when.h"

#include "integer.h"
#include "parts.h"

bool document_parse(struct arena *arena, const struct dcs_node *node, struct value *value)
{
    return json_read(arena, node->value, node->length, value, NULL);
}

static struct record record_build(struct arena *arena, const struct dcs_node *node, enum value_kind kind)
{
    struct record record = {.data = kind == VALUE_LIST ? value_list() : value_map()};
    struct value parsed;

    if (!node)
        return record;
    record.present = true;
    record.revision = node->revision;
    if (document_parse(arena, node, &parsed) && value_is(&parsed, kind))
        record.data = parsed;
    else
        record.malformed = true;
    return record;
}

struct record config_build(struct arena *arena, const struct dcs_node *node)
{
    return record_build(arena, node, VALUE_MAP);
}

struct record history_build(struct arena *arena, const struct dcs_node *node)
{
    return record_build(arena, node, VALUE_LIST);
}

/* A bare integer is the form of old; true counts as 1, as everywhere in Python. */
lsn_t status_build(struct arena *arena, const struct dcs_node *node)
{
    struct value status;
    lsn_t position = 0;

    if (!node || !document_parse(arena, node, &status))
        return 0;
    const struct value *optime = value_is(&status, VALUE_MAP) ? value_get(&status, "optime") : &status;
    if (optime == &status && (value_is(optime, VALUE_FLOAT) || value_is(optime, VALUE_STRING)))
        return 0;
    return integer_convert(optime, arena, &position) == INTEGER_OK ? position : 0;
}

bool sync_build(struct arena *arena, const struct dcs_node *node, struct record *sync, struct err *err)
{
    struct record record = record_build(arena, node, VALUE_MAP);
    const struct value *quorum = value_get(&record.data, "quorum");
    lsn_t number;

    /* A quorum that is no number makes all of the key invalid. */
    if (value_truth(value_get(&record.data, "leader")) && value_truth(quorum)) {
        if (value_is(quorum, VALUE_FLOAT) && isinf(quorum->real))
            return err_set(err, arena, ERR_FAILED, "the sync key has an infinite quorum");
        if (integer_convert(quorum, arena, &number) == INTEGER_NONE)
            record.data = value_map();
    }
    *sync = record;
    return true;
}

/* "leader:candidate", the form of old: blanks around the names do not count, what follows a second colon neither. */
static void failover_from_text(struct arena *arena, const struct dcs_node *node, struct failover *failover)
{
    const char *colon = strchr(node->value, ':');
    size_t length = colon ? (size_t)(colon - node->value) : strlen(node->value);

    failover->leader = value_string(pytext_strip(arena, arena_strndup(arena, node->value, length)));
    if (colon)
        failover->candidate =
            value_string(pytext_strip(arena, arena_strndup(arena, colon + 1, strcspn(colon + 1, ":"))));
}

static bool schedule_from(struct arena *arena, const struct value *schedule, struct failover *failover, struct err *err)
{
    const char *unknown_zone;
    struct when when;

    if (!value_truth(schedule))
        return true;
    if (!value_is(schedule, VALUE_STRING))
        return err_set(err, arena, ERR_FAILED, "the failover key has %s for scheduled_at", value_kind_name(schedule));
    if (!when_parse(arena, schedule->text, &when, &unknown_zone, err))
        return err_wrap(err, arena, "the failover key has no time in scheduled_at");
    failover->scheduled_at = when_iso(arena, &when);
    failover->due = when_seconds(&when);
    return true;
}

bool failover_is_scheduled(const struct failover *failover)
{
    return failover->scheduled_at && (value_truth(&failover->leader) || value_truth(&failover->candidate));
}

bool failover_is_overdue(const struct failover *failover)
{
    return failover_is_scheduled(failover) && failover->due < time(NULL);
}

bool failover_build(struct arena *arena, const struct dcs_node *node, struct failover *failover, struct err *err)
{
    struct failover found = {.present = node};
    struct value parsed = value_null();

    if (node) {
        found.revision = node->revision;
        if (node->length && !document_parse(arena, node, &parsed))
            failover_from_text(arena, node, &found);
        if (value_is(&parsed, VALUE_MAP)) {
            const struct value *leader = value_get(&parsed, "leader"), *candidate = value_get(&parsed, "member");

            found.leader = leader ? *leader : value_null();
            found.candidate = candidate ? *candidate : value_null();
            if (!schedule_from(arena, value_get(&parsed, "scheduled_at"), &found, err))
                return false;
        }
    }
    *failover = found;
    return true;
}
