/*
 * PyYAML takes a tab only inside of quotes, blocks and comments; anywhere else it is an error, and a file with one was
 * never a working configuration. libyaml also takes it for a blank between tokens, so tabs are checked beside it.
 */
#ifndef PGHA_YAML_TABS_H
#define PGHA_YAML_TABS_H

#include <stdbool.h>
#include <stddef.h>

#include <yaml.h>

struct arena;

struct tabs {
    const char *text;
    size_t *bytes;      /* offset of each tab */
    size_t *characters; /* the same in characters, as libyaml counts */
    size_t count;
    size_t next;    /* the first that was not checked yet */
    size_t comment; /* number of the last tab that is in a comment + 1 */
    size_t end;     /* of the last scalar, in characters */
};

void tabs_find(struct arena *arena, const char *text, size_t length, struct tabs *tabs);

/* Checks the tabs up to the end of a scalar, or all for another event; false when one is misplaced: that is `next`. */
bool tabs_check(struct tabs *tabs, const yaml_event_t *event);

#endif
