#include "pgha/members.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pgha/arena.h"
#include "pgha/dynconf.h"
#include "pgha/str.h"
#include "pgha/utf8.h"
#include "state.h"

/* Longer reasons for a restart are hidden in drawn tables. */
#define LONG_REASON 50

/* Hosts that are no text are compared each with each; more of them are not compared. */
#define MOST_COMPARED 1000

enum field {
    FIELD_CLUSTER,
    FIELD_GROUP,
    FIELD_MEMBER,
    FIELD_HOST,
    FIELD_ROLE,
    FIELD_STATE,
    FIELD_TL,
    FIELD_RECEIVE_LSN,
    FIELD_RECEIVE_LAG,
    FIELD_REPLAY_LSN,
    FIELD_REPLAY_LAG,
    FIELD_PENDING,
    FIELD_REASON,
    FIELD_SCHEDULED,
    FIELD_TAGS,
    FIELD_UNVERIFIED, /* in every row of a view that is not verified: no format is without the mark */
    FIELD_COUNT,
};

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

static bool fail(const struct view *view, const struct member *member, const char *what, struct err *err)
{
    return err_set(err, view->arena, ERR_FAILED, "member %s: %s", member->name, what);
}

static struct value text_of(struct str *text)
{
    return value_text(text->text, text->length);
}

static bool host_cell(const struct view *view, const struct state *state, struct value *cell, struct err *err)
{
    struct str text;

    *cell = value_is(&state->host, VALUE_NULL) ? value_string("") : state->host;
    if (!view->with_port || value_is(&state->host, VALUE_NULL) || !value_truth(&state->port))
        return true;
    if (!value_is(&state->host, VALUE_STRING))
        return fail(view, state->member, "the host is no text", err);
    str_init(&text, view->arena);
    value_str(&state->host, &text);
    str_add_char(&text, ':');
    value_str(&state->port, &text);
    *cell = text_of(&text);
    return true;
}

/* "Sync Standby" for "sync_standby". */
static struct value role_cell(const struct view *view, const char *role)
{
    char *text = arena_strdup(view->arena, role);

    for (size_t i = 0; text[i]; i++) {
        if (text[i] == '_')
            text[i] = ' ';
        else if (!i || text[i - 1] == ' ')
            text[i] = (char)(text[i] - 'a' + 'A');
    }
    return value_string(text);
}

/* Half a megabyte goes to the even neighbour, as patronictl prints it. Recorded case: list-lag-rounding. */
static struct value lag_cell(struct arena *arena, lsn_t lag)
{
    double megabytes = rint((double)lag / 1024 / 1024);

    if (megabytes < 0x1p62)
        return value_int((int64_t)megabytes);
    char *text = arena_printf(arena, "%.0f", megabytes);
    return (struct value){.kind = VALUE_BIG, .length = (uint32_t)strlen(text), .text = text};
}

/* High and low half in hexadecimal without zeros in front; a negative position has a negative high half. */
static struct value lsn_cell(struct arena *arena, lsn_t lsn)
{
    lsn_t high = lsn >> 32;
    const char *sign = high < 0 ? "-" : "";
    unsigned __int128 size = (unsigned __int128)(high < 0 ? -high : high);
    unsigned long long top = (unsigned long long)(size >> 64), bottom = (unsigned long long)size;
    unsigned low = (unsigned)(lsn & 0xFFFFFFFF);

    return value_string(top ? arena_printf(arena, "%s%llX%016llX/%X", sign, top, bottom, low)
                            : arena_printf(arena, "%s%llX/%X", sign, bottom, low));
}

/* A row of all fields, before the columns are chosen. */
struct row {
    struct value cells[FIELD_COUNT];
    enum style styles[FIELD_COUNT];
};

static void position_cells(const struct view *view, const struct position *position, lsn_t most, enum field field,
                           struct row *row)
{
    row->cells[field] = position->lsn ? lsn_cell(view->arena, position->lsn) : value_string("unknown");
    row->cells[field + 1] = position->lsn ? lag_cell(view->arena, position->lag) : value_string("");
    if (position->lsn && position->lag > most)
        row->styles[field + 1] = STYLE_ATTENTION;
}

/* Members before Patroni 4.1 report one position: what they received while streaming, else what they replayed. */
static void lag_cells(const struct view *view, const struct section *section, const struct state *state,
                      struct row *row)
{
    struct position receive = state->receive, replay = state->replay;
    struct value streaming = value_string("streaming");
    lsn_t most = dynconf_maximum_lag(section->cluster, view->arena);

    if (state->leads) {
        for (int i = FIELD_RECEIVE_LSN; i <= FIELD_REPLAY_LAG; i++)
            row->cells[i] = value_string("");
        return;
    }
    if (!receive.lsn && !replay.lsn)
        *(value_equal(&state->state, &streaming) ? &receive : &replay) = state->any;
    /* A standby that has not streamed since its start reports where that would begin, which it may have passed. */
    if (view->style->corrected && receive.lsn && receive.lsn < replay.lsn)
        receive.lag = replay.lag;
    position_cells(view, &receive, most, FIELD_RECEIVE_LSN, row);
    position_cells(view, &replay, most, FIELD_REPLAY_LSN, row);
    /* Most members report one of the two, whatever they do: only one that reports none is worth a look. */
    if (!receive.lsn && !replay.lsn)
        row->styles[FIELD_RECEIVE_LSN] = row->styles[FIELD_REPLAY_LSN] = STYLE_ATTENTION;
}

/* "PARAMETER: OLD->NEW" for each, on lines of their own. */
static bool reason_cell(const struct view *view, const struct member *member, struct value *cell, struct err *err)
{
    const struct value *reasons = value_get(&member->data, "pending_restart_reason");
    bool drawn = view->style->table.format == FORMAT_PRETTY;
    struct str text;

    *cell = value_string("");
    if (!reasons)
        return true;
    if (!value_is(reasons, VALUE_MAP))
        return fail(view, member, "pending_restart_reason is no mapping", err);
    str_init(&text, view->arena);
    for (uint32_t i = 0; i < reasons->length; i++) {
        const struct value_pair *pair = &reasons->pairs[i];
        const struct value *from = value_get(&pair->value, "old_value"), *to = value_get(&pair->value, "new_value");

        if (!value_is(from, VALUE_STRING) || !value_is(to, VALUE_STRING))
            return fail(view, member, "pending_restart_reason lacks old_value or new_value as text", err);
        str_add(&text, i ? "\n" : "");
        size_t start = text.length;
        value_str(&pair->key, &text);
        str_add(&text, ": ");
        size_t name_end = text.length;
        value_str(from, &text);
        str_add(&text, "->");
        value_str(to, &text);
        if (drawn && utf8_count(text.text + start) > LONG_REASON) {
            str_cut(&text, name_end);
            str_add(&text, "[hidden - too long]");
        }
    }
    *cell = text_of(&text);
    return true;
}

static bool scheduled_cell(const struct view *view, const struct member *member, struct value *cell, struct err *err)
{
    const struct value *restart = value_get(&member->data, "scheduled_restart");
    const struct value *schedule = value_get(restart, "schedule"), *version = value_get(restart, "postgres_version");
    struct str text;

    *cell = value_string("");
    if (!restart)
        return true;
    if (!schedule || (version && !value_is(schedule, VALUE_STRING)))
        return fail(view, member, "scheduled_restart lacks a schedule", err);
    *cell = *schedule;
    if (version) {
        str_init(&text, view->arena);
        value_str(schedule, &text);
        str_add(&text, " if version < ");
        value_str(version, &text);
        *cell = text_of(&text);
    }
    return true;
}

static struct value data_cell(const struct member *member, const char *key)
{
    const struct value *value = value_get(&member->data, key);

    return value ? *value : value_string("");
}

static bool fill_row(const struct view *view, const struct section *section, const struct branch *branch,
                     struct row *row, struct err *err)
{
    struct value *cells = row->cells;
    const struct state *state = branch->state;
    const struct member *member = state->member;
    bool pending = value_truth(value_get(&member->data, "pending_restart"));

    cells[FIELD_CLUSTER] = value_string(view->cluster->name);
    cells[FIELD_GROUP] = value_int(section->group);
    cells[FIELD_MEMBER] = value_string(member->name);
    if (branch->level)
        cells[FIELD_MEMBER] =
            value_string(arena_printf(view->arena, "%*s+ %s", (int)(branch->level - 1) * 2, "", member->name));
    cells[FIELD_ROLE] = role_cell(view, state->role);
    cells[FIELD_STATE] = state->state;
    cells[FIELD_TL] = data_cell(member, "timeline");
    cells[FIELD_PENDING] = value_string(pending ? "*" : "");
    cells[FIELD_TAGS] = data_cell(member, "tags");
    cells[FIELD_UNVERIFIED] = value_string(member->unverified ? member->unverified : "");
    row->styles[FIELD_ROLE] = state_role_style(state);
    row->styles[FIELD_STATE] = state_style(&state->state);
    row->styles[FIELD_PENDING] = STYLE_ATTENTION;
    if (!str_equal(member->unverified, MEMBER_AGREES) && !str_equal(member->unverified, MEMBER_OWN_WORD))
        row->styles[FIELD_UNVERIFIED] = STYLE_ALARM;
    lag_cells(view, section, state, row);
    return host_cell(view, state, &cells[FIELD_HOST], err) && reason_cell(view, member, &cells[FIELD_REASON], err) &&
           scheduled_cell(view, member, &cells[FIELD_SCHEDULED], err);
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

        if (!fill_row(view, section, &branches[i], &row, err))
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
        notes_write(view->sections[s].cluster, view->style->corrected, &notes);
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
