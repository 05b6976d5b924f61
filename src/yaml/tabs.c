#include "tabs.h"

#include <string.h>

#include "pgha/arena.h"

void tabs_find(struct arena *arena, const char *text, size_t length, struct tabs *tabs)
{
    size_t count = 0, character = 0;

    for (const char *at = text; (at = memchr(at, '\t', length - (size_t)(at - text))); at++)
        count++;
    *tabs = (struct tabs){.text = text};
    if (!count)
        return;
    tabs->bytes = arena_calloc(arena, count, sizeof *tabs->bytes);
    tabs->characters = arena_calloc(arena, count, sizeof *tabs->characters);
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\t') {
            tabs->bytes[tabs->count] = i;
            tabs->characters[tabs->count++] = character;
        }
        character += ((unsigned char)text[i] & 0xc0) != 0x80;
    }
}

/* Between tokens there is no other number sign. A comment goes on behind a tab in it: nothing is read twice. */
static bool is_in_comment(struct tabs *tabs)
{
    const char *at = tabs->text + tabs->bytes[tabs->next];
    const char *known = tabs->comment ? tabs->text + tabs->bytes[tabs->comment - 1] : NULL;

    for (size_t left = tabs->characters[tabs->next] - tabs->end; left && *at != '\n'; at--) {
        if (*at == '#' || at == known) {
            tabs->comment = tabs->next + 1;
            return true;
        }
        left -= ((unsigned char)at[-1] & 0xc0) != 0x80;
    }
    return *at == '#';
}

/* Checks the tabs before the character `end`; comments are possible unless `strict`. */
static bool check_until(struct tabs *tabs, size_t end, bool strict)
{
    for (; tabs->next < tabs->count && tabs->characters[tabs->next] < end; tabs->next++)
        if (strict || !is_in_comment(tabs))
            return false;
    return true;
}

/* Whether the first tab of a scalar comes before its text: after a tag, an anchor or the sign of a block. */
static bool is_before_text(const struct tabs *tabs, const yaml_event_t *event)
{
    size_t distance = tabs->characters[tabs->next] - event->start_mark.index;
    const char *tab = tabs->text + tabs->bytes[tabs->next], *start = tab;
    bool block =
        event->data.scalar.style == YAML_LITERAL_SCALAR_STYLE || event->data.scalar.style == YAML_FOLDED_SCALAR_STYLE;

    while (distance) /* back to where the scalar starts */
        distance -= ((unsigned char)*--start & 0xc0) != 0x80;
    for (const char *at = start; at < tab; at++) {
        if (block ? *at == '\n' || *at == '#' : *at == '"' || (*at == '\'' && (at == start || strchr(" \n", at[-1]))))
            return false;
    }
    return true;
}

bool tabs_check(struct tabs *tabs, const yaml_event_t *event)
{
    if (tabs->next == tabs->count)
        return true;
    if (!check_until(tabs, event->start_mark.index, false))
        return false;
    if (event->type != YAML_SCALAR_EVENT)
        return true;
    tabs->end = event->end_mark.index;
    if (event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE)
        return check_until(tabs, tabs->end, true);
    if (tabs->next < tabs->count && tabs->characters[tabs->next] < tabs->end && is_before_text(tabs, event))
        return false;
    while (tabs->next < tabs->count && tabs->characters[tabs->next] < tabs->end)
        tabs->next++;
    return true;
}
