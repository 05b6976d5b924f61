#include "pgha/members.h"

#include <stdlib.h>
#include <string.h>

#include "pgha/arena.h"
#include "pgha/dynconf.h"
#include "pgha/str.h"
#include "pgha/utf8.h"
#include "row.h"
#include "state.h"

/* Hosts that are no text are compared each with each; more of them are not compared. */
#define MOST_COMPARED 1000

static const struct {
    const char *name;
    const char *title;
    const char *key; /* of the member's data: the column is only there if somebody has something under it */
    enum table_align align;
    unsigned char leaves; /* see table.h: positions go before lags, then the host */
} fields[FIELD_COUNT] = {
    [FIELD_CLUSTER] = {.name = "Cluster"},
    [FIELD_GROUP] = {.name = "Group", .align = ALIGN_RIGHT},
    [FIELD_MEMBER] = {.name = "Member"},
    [FIELD_HOST] = {.name = "Host", .leaves = 5},
    [FIELD_ROLE] = {.name = "Role"},
    [FIELD_STATE] = {.name = "State"},
    [FIELD_TL] = {.name = "TL", .align = ALIGN_RIGHT, .leaves = 9},
    [FIELD_RECEIVE_LSN] = {.name = "Receive LSN", .align = ALIGN_RIGHT, .leaves = 1},
    [FIELD_RECEIVE_LAG] = {.name = "Receive Lag", .title = "Lag", .align = ALIGN_RIGHT, .leaves = 3},
    [FIELD_REPLAY_LSN] = {.name = "Replay LSN", .align = ALIGN_RIGHT, .leaves = 2},
    [FIELD_REPLAY_LAG] = {.name = "Replay Lag", .title = "Lag", .align = ALIGN_RIGHT, .leaves = 4},
    [FIELD_PENDING] = {.name = "Pending restart", .key = "pending_restart", .leaves = 10},
    [FIELD_REASON] = {.name = "Pending restart reason", .key = "pending_restart_reason", .leaves = 7},
    [FIELD_SCHEDULED] = {.name = "Scheduled restart", .key = "scheduled_restart", .leaves = 8},
    [FIELD_TAGS] = {.name = "Tags", .key = "tags", .leaves = 6},
    [FIELD_UNVERIFIED] = {.name = "Unverified"},
};

/* One group of a Citus cluster, or all of any other. */
struct section {
    int64_t group;
    const struct cluster *cluster;
    struct state *states;
};

struct view {
    struct arena *arena;
    const struct cluster *cluster;
    const struct members_style *style;
    struct section *sections; /* by group */
    size_t section_count;
    bool with_port;
};

static int compare_group(const void *a, const void *b)
{
    const struct section *one = a, *other = b;

    return one->group < other->group ? -1 : one->group > other->group;
}

static bool make_sections(struct view *view, struct err *err)
{
    const struct cluster *cluster = view->cluster;
    size_t count = cluster->worker_count + 1;

    view->sections = arena_calloc(view->arena, count, sizeof *view->sections);
    view->sections[0].cluster = cluster;
    view->sections[0].group = cluster->group == CLUSTER_NO_GROUP ? 0 : cluster->group;
    for (size_t i = 1; i < count; i++) {
        view->sections[i].cluster = &cluster->workers[i - 1];
        view->sections[i].group = cluster->workers[i - 1].group;
    }
    qsort(view->sections, count, sizeof *view->sections, compare_group);
    view->section_count = count;
    for (size_t i = 0; i < count; i++)
        if (!state_derive(view->arena, view->sections[i].cluster, &view->sections[i].states, err))
            return false;
    return true;
}

static int compare_host(const void *a, const void *b)
{
    const struct value *one = *(const struct value *const *)a, *other = *(const struct value *const *)b;

    return strcmp(one->text, other->text);
}

static bool has_equal(const struct value **hosts, size_t count, bool all_text)
{
    if (all_text)
        qsort(hosts, count, sizeof *hosts, compare_host);
    else if (count > MOST_COMPARED)
        return false;
    for (size_t i = 1; i < count; i++)
        for (size_t j = i; j-- > (all_text ? i - 1 : 0);)
            if (value_equal(hosts[i], hosts[j]))
                return true;
    return false;
}

/* The port is shown as soon as one is not the usual one, or a host has several members. */
static bool decide_port(struct view *view, struct err *err)
{
    const struct value usual = value_int(5432), **hosts;
    size_t count = 0, room = 0;
    bool all_text = true, hashable = true;

    for (size_t s = 0; s < view->section_count; s++)
        room += view->sections[s].cluster->member_count;
    hosts = arena_calloc(view->arena, room, sizeof *hosts);
    for (size_t s = 0; s < view->section_count; s++)
        for (size_t i = 0; i < view->sections[s].cluster->member_count; i++) {
            const struct state *state = &view->sections[s].states[i];

            if (value_is(&state->host, VALUE_NULL))
                continue;
            if (!value_is(&state->port, VALUE_NULL) && !value_equal(&state->port, &usual))
                view->with_port = true;
            all_text = all_text && value_is(&state->host, VALUE_STRING);
            hashable = hashable && !value_is(&state->host, VALUE_LIST) && !value_is(&state->host, VALUE_MAP);
            hosts[count++] = &state->host;
        }
    if (!view->with_port && !hashable)
        return err_set(err, view->arena, ERR_FAILED, "a member of %s has a host that is no text", view->cluster->name);
    view->with_port = view->with_port || has_equal(hosts, count, all_text);
    return true;
}

/* Members without a host do not make a column appear. */
static bool anybody_has(const struct view *view, const char *key)
{
    for (size_t s = 0; s < view->section_count; s++)
        for (size_t i = 0; i < view->sections[s].cluster->member_count; i++) {
            const struct state *state = &view->sections[s].states[i];

            if (!value_is(&state->host, VALUE_NULL) && value_truth(value_get(&state->member->data, key)))
                return true;
        }
    return false;
}

static bool is_unverified(const struct view *view)
{
    for (size_t s = 0; s < view->section_count; s++)
        for (size_t i = 0; i < view->sections[s].cluster->member_count; i++)
            if (view->sections[s].cluster->members[i].unverified)
                return true;
    return false;
}

static void choose_columns(const struct view *view, struct table *table, enum field *chosen)
{
    /* A title with a group covers the first two columns: patronictl looks for these words in it, wherever they are
     * from. */
    size_t hidden = strstr(table->title, " (group: ") ? 2 : 1;

    table->columns = arena_calloc(view->arena, FIELD_COUNT, sizeof *table->columns);
    for (int f = 0; f < FIELD_COUNT; f++) {
        if ((f == FIELD_GROUP && !view->cluster->citus) || (f == FIELD_UNVERIFIED && !is_unverified(view)))
            continue;
        if (fields[f].key && !view->style->extended && !anybody_has(view, fields[f].key))
            continue;
        table->columns[table->column_count] = (struct table_column){
            .name = fields[f].name,
            .title = fields[f].title,
            .align = fields[f].align,
            .not_drawn = table->column_count < hidden,
            .leaves = fields[f].leaves,
        };
        if (f == FIELD_TAGS)
            table->columns[table->column_count].nested = view->style->topology ? NESTED_FLOW : NESTED_BLOCK;
        chosen[table->column_count++] = (enum field)f;
    }
}

static const char *make_title(const struct view *view)
{
    const struct cluster *cluster = view->cluster;
    const char *initialize = !cluster->initialize   ? "uninitialized"
                             : *cluster->initialize ? cluster->initialize
                                                    : "initializing";

    if (!cluster->citus)
        return arena_printf(view->arena, " Cluster: %s (%s) ", cluster->name, initialize);
    if (cluster->group == CLUSTER_NO_GROUP)
        return arena_printf(view->arena, " Citus cluster: %s ", cluster->name);
    return arena_printf(view->arena, " Citus cluster: %s (group: %lld, %s) ", cluster->name, (long long)cluster->group,
                        initialize);
}

static bool add_rows(const struct view *view, const struct section *section, const enum field *chosen,
                     struct table *table, struct err *err)
{
    size_t count = section->cluster->member_count;
    struct row_style style = {
        .arena = view->arena,
        .name = view->cluster->name,
        .group = section->group,
        .most_lag = dynconf_maximum_lag(section->cluster, view->arena),
        .with_port = view->with_port,
        .differences = view->style->differences,
        .drawn = view->style->table.format == FORMAT_PRETTY,
    };
    struct branch *branches;

    if (view->style->topology) {
        if (!topology_order(view->arena, section->states, count, &branches, &count, err))
            return false;
    } else {
        branches = arena_calloc(view->arena, count, sizeof *branches);
        for (size_t i = 0; i < count; i++)
            branches[i].state = &section->states[i];
    }
    for (size_t i = 0; i < count; i++) {
        size_t at = table->row_count++ * table->column_count;
        struct row row = {0};

        if (!row_fill(&style, &branches[i], &row, err))
            return false;
        for (size_t c = 0; c < table->column_count; c++) {
            table->cells[at + c] = row.cells[chosen[c]];
            table->styles[at + c] = (unsigned char)row.styles[chosen[c]];
        }
    }
    return true;
}

static void fit(const struct view *view, const enum field *chosen, struct table *table)
{
    if (!view->style->hidden)
        return;
    table_fit(table, &view->style->table);
    for (size_t c = 0; c < table->column_count; c++)
        if (table->columns[c].leaves && table->columns[c].not_drawn)
            *view->style->hidden |= 1U << chosen[c];
}

static bool make_table(const struct view *view, struct table *table, struct err *err)
{
    enum field chosen[FIELD_COUNT];
    size_t room = 0;

    table->title = make_title(view);
    choose_columns(view, table, chosen);
    for (size_t s = 0; s < view->section_count; s++)
        room += view->sections[s].cluster->member_count;
    table->cells = arena_calloc(view->arena, room * table->column_count, sizeof *table->cells);
    table->styles = arena_calloc(view->arena, room * table->column_count, sizeof *table->styles);
    for (size_t s = 0; s < view->section_count; s++)
        if (!add_rows(view, &view->sections[s], chosen, table, err))
            return false;
    fit(view, chosen, table);
    return true;
}

static void add_lines(const struct table_style *style, const struct str *notes, struct str *out)
{
    for (const char *line = notes->text; *line;) {
        size_t length = strcspn(line, "\n");

        style_add(out, style->colour, STYLE_ATTENTION, line, length);
        str_add(out, line[length] ? "\n" : "");
        line += length + (line[length] == '\n');
    }
}

static void add_notes(const struct view *view, struct str *out)
{
    const struct table_style *style = &view->style->table;
    bool grouped = view->cluster->citus && view->cluster->group == CLUSTER_NO_GROUP;

    for (size_t s = 0; s < view->section_count; s++) {
        struct str notes;

        str_init(&notes, view->arena);
        notes_write(view->sections[s].cluster, view->style->differences, &notes);
        if (notes.length && grouped)
            str_printf(out, "Citus group: %lld\n", (long long)view->sections[s].group);
        if (style->clean)
            utf8_clean(&notes);
        add_lines(style, &notes, out);
    }
}

bool members_write(struct arena *arena, const struct cluster *cluster, const struct members_style *style,
                   struct str *out, struct err *err)
{
    struct view view = {.arena = arena, .cluster = cluster, .style = style};
    struct table table = {0};

    if (!make_sections(&view, err) || !decide_port(&view, err) || !make_table(&view, &table, err))
        return false;
    table_write(&table, &style->table, out);
    if (style->table.format == FORMAT_PRETTY)
        add_notes(&view, out);
    return true;
}

void members_hidden_write(struct arena *arena, const struct members_style *style, unsigned hidden, struct str *out)
{
    struct str line;

    if (!hidden)
        return;
    str_init(&line, arena);
    for (int f = 0; f < FIELD_COUNT; f++)
        if (hidden & 1U << f)
            str_printf(&line, "%s %s", line.length ? "," : "Hidden columns:", fields[f].name);
    str_add(&line, " (list --wide shows all)\n");
    style_wrap(&line, style->table.columns);
    str_add_bytes(out, line.text, line.length);
}
