#include "row.h"

#include <math.h>
#include <string.h>

#include "pgha/arena.h"
#include "pgha/str.h"
#include "pgha/utf8.h"

/* Longer reasons for a restart are hidden in drawn tables. */
#define LONG_REASON 50

static bool fail(const struct row_style *style, const struct member *member, const char *what, struct err *err)
{
    return err_set(err, style->arena, ERR_FAILED, "member %s: %s", member->name, what);
}

static struct value text_of(struct str *text)
{
    return value_text(text->text, text->length);
}

static bool host_cell(const struct row_style *style, const struct state *state, struct value *cell, struct err *err)
{
    struct str text;

    *cell = value_is(&state->host, VALUE_NULL) ? value_string("") : state->host;
    if (!style->with_port || value_is(&state->host, VALUE_NULL) || !value_truth(&state->port))
        return true;
    if (!value_is(&state->host, VALUE_STRING))
        return fail(style, state->member, "the host is no text", err);
    str_init(&text, style->arena);
    value_str(&state->host, &text);
    str_add_char(&text, ':');
    value_str(&state->port, &text);
    *cell = text_of(&text);
    return true;
}

/* "Sync Standby" for "sync_standby". */
static struct value role_cell(const struct row_style *style, const char *role)
{
    char *text = arena_strdup(style->arena, role);

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

static void position_cells(const struct row_style *style, const struct position *position, enum field field,
                           struct row *row)
{
    row->cells[field] = position->lsn ? lsn_cell(style->arena, position->lsn) : value_string("unknown");
    row->cells[field + 1] = position->lsn ? lag_cell(style->arena, position->lag) : value_string("");
    if (position->lsn && position->lag > style->most_lag)
        row->styles[field + 1] = STYLE_ATTENTION;
}

/* Members before Patroni 4.1 report one position: what they received while streaming, else what they replayed. */
static void lag_cells(const struct row_style *style, const struct state *state, struct row *row)
{
    struct position receive = state->receive, replay = state->replay;
    struct value streaming = value_string("streaming");

    if (state->leads) {
        for (int i = FIELD_RECEIVE_LSN; i <= FIELD_REPLAY_LAG; i++)
            row->cells[i] = value_string("");
        return;
    }
    if (!receive.lsn && !replay.lsn)
        *(value_equal(&state->state, &streaming) ? &receive : &replay) = state->any;
    /* A standby that has not streamed since its start reports where that would begin, which it may have passed. */
    if (differs(style, DIFF_RECEIVE_LAG) && receive.lsn && receive.lsn < replay.lsn)
        receive.lag = replay.lag;
    position_cells(style, &receive, FIELD_RECEIVE_LSN, row);
    position_cells(style, &replay, FIELD_REPLAY_LSN, row);
    /* Most members report one of the two, whatever they do: only one that reports none is worth a look. */
    if (!receive.lsn && !replay.lsn)
        row->styles[FIELD_RECEIVE_LSN] = row->styles[FIELD_REPLAY_LSN] = STYLE_ATTENTION;
}

/* "PARAMETER: OLD->NEW" for each, on lines of their own. */
static bool reason_cell(const struct row_style *style, const struct member *member, struct value *cell, struct err *err)
{
    const struct value *reasons = value_get(&member->data, "pending_restart_reason");
    bool drawn = style->drawn;
    struct str text;

    *cell = value_string("");
    if (!reasons)
        return true;
    if (!value_is(reasons, VALUE_MAP))
        return fail(style, member, "pending_restart_reason is no mapping", err);
    str_init(&text, style->arena);
    for (uint32_t i = 0; i < reasons->length; i++) {
        const struct value_pair *pair = &reasons->pairs[i];
        const struct value *from = value_get(&pair->value, "old_value"), *to = value_get(&pair->value, "new_value");

        if (!value_is(from, VALUE_STRING) || !value_is(to, VALUE_STRING))
            return fail(style, member, "pending_restart_reason lacks old_value or new_value as text", err);
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

static bool scheduled_cell(const struct row_style *style, const struct member *member, struct value *cell,
                           struct err *err)
{
    const struct value *restart = value_get(&member->data, "scheduled_restart");
    const struct value *schedule = value_get(restart, "schedule"), *version = value_get(restart, "postgres_version");
    struct str text;

    *cell = value_string("");
    if (!restart)
        return true;
    if (!schedule || (version && !value_is(schedule, VALUE_STRING)))
        return fail(style, member, "scheduled_restart lacks a schedule", err);
    *cell = *schedule;
    if (version) {
        str_init(&text, style->arena);
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

bool row_fill(const struct row_style *style, const struct branch *branch, struct row *row, struct err *err)
{
    struct value *cells = row->cells;
    const struct state *state = branch->state;
    const struct member *member = state->member;
    bool pending = value_truth(value_get(&member->data, "pending_restart"));

    cells[FIELD_CLUSTER] = value_string(style->name);
    cells[FIELD_GROUP] = value_int(style->group);
    cells[FIELD_MEMBER] = value_string(member->name);
    if (branch->level)
        cells[FIELD_MEMBER] =
            value_string(arena_printf(style->arena, "%*s+ %s", (int)(branch->level - 1) * 2, "", member->name));
    cells[FIELD_ROLE] = role_cell(style, state->role);
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
    lag_cells(style, state, row);
    return host_cell(style, state, &cells[FIELD_HOST], err) && reason_cell(style, member, &cells[FIELD_REASON], err) &&
           scheduled_cell(style, member, &cells[FIELD_SCHEDULED], err);
}
