/* What the tests of the YAML reader share: documents in, JSON or the message out. */
#ifndef PGHA_TEST_READ_YAML_H
#define PGHA_TEST_READ_YAML_H

#include <string.h>

#include "pgha/arena.h"
#include "pgha/json.h"
#include "pgha/yaml.h"

/* Compact JSON of the document (dates and binary data as text), or "! " and the message. */
static inline const char *read_yaml(struct arena *arena, const char *text, const char *const *text_keys)
{
    struct err err = ERR_INIT;
    struct value value;
    struct str out;

    str_init(&out, arena);
    if (yaml_read(arena, text, strlen(text), "doc", text_keys, &value, &err))
        json_write(&value, true, &out);
    else
        str_printf(&out, "! %s", err.message);
    return out.text;
}

struct yaml_case {
    const char *yaml;
    const char *json; /* begins with "!": text that the message contains */
};

static inline void check_yaml(const struct yaml_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct arena *arena = arena_new(NULL);
        const char *found = read_yaml(arena, cases[i].yaml, NULL);

        if (*cases[i].json == '!' ? *found != '!' || !strstr(found, cases[i].json + 1)
                                  : strcmp(found, cases[i].json) != 0)
            fail_msg("%s\nexpected %s\nfound %s", cases[i].yaml, cases[i].json, found);
        arena_free(arena);
    }
}

#endif
