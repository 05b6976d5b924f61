#include "status.h"

#include <string.h>

#include "pgha/arena.h"
#include "pgha/dynconf.h"
#include "pgha/names.h"
#include "pgha/str.h"
#include "pgha/style.h"
#include "pgha/utf8.h"

static bool is_well(const struct member *member)
{
    const struct value *state = value_get(&member->data, "replication_state");

    return member_health(value_truth(state) ? state : value_get(&member->data, "state")) == HEALTH_WELL;
}

static bool is_degraded(const struct cluster *cluster)
{
    if (!cluster->leader.present || !cluster_find_member(cluster, cluster->leader.name))
        return true;
    for (size_t i = 0; i < cluster->member_count; i++)
        if (!is_well(&cluster->members[i]))
            return true;
    return false;
}

static void add_members(struct arena *arena, const struct cluster *cluster, struct status *status)
{
    for (size_t i = 0; i < cluster->member_count; i++)
        status->members[status->member_count++] = (struct status_member){
            .name = arena_strdup(arena, cluster->members[i].name),
            .kinds = names_kinds(arena, cluster, &cluster->members[i]),
        };
}

struct status status_of(struct arena *arena, const struct cluster *cluster)
{
    struct status status = {.kind = cluster->exists ? STATUS_KNOWN : STATUS_ABSENT};
    size_t room;

    if (cluster->leader.present)
        status.leader = arena_strdup(arena, cluster->leader.name);
    status.standby = dynconf_is_standby_cluster(cluster);
    status.paused = dynconf_is_paused(cluster);
    status.degraded = is_degraded(cluster);
    room = cluster->member_count;
    for (size_t i = 0; i < cluster->worker_count; i++) {
        status.degraded |= is_degraded(&cluster->workers[i]);
        room += cluster->workers[i].member_count;
    }
    status.members = arena_calloc(arena, room, sizeof *status.members);
    add_members(arena, cluster, &status);
    for (size_t i = 0; i < cluster->worker_count; i++)
        add_members(arena, &cluster->workers[i], &status);
    return status;
}

/* A name comes from the store: it must not move the cursor, and the line editor has to know its columns. */
static const char *plain(struct arena *arena, const char *name, size_t most)
{
    size_t left = strlen(name), size, columns = 0;
    struct str str;
    uint32_t code;

    str_init(&str, arena);
    for (; (size = utf8_next(name, left, &code)); name += size, left -= size) {
        int width = utf8_char_width(code);

        if (!utf8_is_safe(code)) {
            code = '?';
            width = 1;
        }
        columns += (size_t)width;
        if (columns + 3 > most && utf8_count(name) > 3) {
            str_add(&str, "...");
            break;
        }
        utf8_add(&str, code);
    }
    return str.text;
}

struct writer {
    struct str str;
    size_t columns;
    bool colour;
};

static void add(struct writer *writer, enum style style, const char *text)
{
    int width = utf8_width(text, strlen(text));

    if (style != STYLE_PLAIN && writer->colour)
        str_printf(&writer->str, "\001%s\002%s\001" STYLE_END "\002", style_begin(style), text);
    else
        str_add(&writer->str, text);
    writer->columns += width > 0 ? (size_t)width : 0;
}

static void add_known(struct writer *writer, const struct status *status, bool with_leader)
{
    if (!status->leader)
        add(writer, STYLE_ALARM, " no leader");
    if (status->leader && with_leader) {
        add(writer, STYLE_PLAIN, status->standby ? " standby_leader=" : " leader=");
        add(writer, STYLE_LEADER, plain(writer->str.arena, status->leader, SIZE_MAX));
    }
    if (status->paused)
        add(writer, STYLE_ATTENTION, " paused");
    if (status->leader && status->degraded)
        add(writer, STYLE_ALARM, " degraded");
}

const char *status_prompt(struct arena *arena, const struct status *status, const struct status_style *style)
{
    static const char *const words[] = {
        [STATUS_UNASKED] = "", [STATUS_FAILED] = " state unknown", [STATUS_ABSENT] = " no such cluster"};
    size_t most = style->columns / 2;
    struct writer writer;

    /* With the leader, without it, and with a part of the name of the cluster. */
    for (int least = 0; least < 3; least++) {
        writer = (struct writer){.colour = style->colour};
        str_init(&writer.str, arena);
        add(&writer, STYLE_PLAIN, style->scope ? plain(arena, style->scope, least < 2 ? SIZE_MAX : most) : "pgha");
        if (style->scope && status->kind == STATUS_KNOWN)
            add_known(&writer, status, least == 0);
        else if (style->scope)
            add(&writer, STYLE_ATTENTION, words[status->kind]);
        add(&writer, STYLE_PLAIN, "> ");
        if (writer.columns <= most)
            break;
    }
    return writer.str.text;
}
