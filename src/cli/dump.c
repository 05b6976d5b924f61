#include "pgha/dump.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "pgha/arena.h"
#include "pgha/cmd.h"
#include "pgha/differs.h"
#include "pgha/help.h"

/* jansson reports memory that ran out by NULL; the arena's way to end covers that as well. */
static json_t *must(struct arena *arena, json_t *json)
{
    if (!json)
        arena_calloc(arena, SIZE_MAX, SIZE_MAX);
    return json;
}

static json_t *text(struct arena *arena, const char *text)
{
    return must(arena, text ? json_string(text) : json_null());
}

static json_t *list(struct arena *arena, const char *const *items)
{
    json_t *json = must(arena, items ? json_array() : json_null());

    for (; items && *items; items++)
        json_array_append_new(json, text(arena, *items));
    return json;
}

static const char *completion(enum completes completes, const char *const *choices)
{
    static const char *const names[] = {
        [COMPLETE_FILES] = "files",        [COMPLETE_CLUSTERS] = "clusters", [COMPLETE_MEMBERS] = "members",
        [COMPLETE_LEADERS] = "members",    [COMPLETE_REPLICAS] = "members",  [COMPLETE_CANDIDATES] = "members",
        [COMPLETE_SUCCESSORS] = "members", [COMPLETE_CHOICES] = "choices",
    };

    return names[choices ? COMPLETE_CHOICES : completes];
}

static json_t *opt_json(struct arena *arena, const struct opt *opt)
{
    json_t *names = must(arena, json_array());

    for (int dashes = 1; dashes <= 2; dashes++)
        for (const char *at = opt->names; at; at = opt_next_name(at))
            if ((at[1] == '-') == (dashes == 2))
                json_array_append_new(names, text(arena, arena_strndup(arena, at, strcspn(at, "|"))));
    return must(arena, json_pack("{so so so so so so sb so sb}", "names", names, "metavar",
                                 text(arena, help_metavar(arena, opt)), "help", text(arena, opt->help), "choices",
                                 list(arena, opt->choices), "default", text(arena, opt->preset), "env",
                                 text(arena, opt->envvar), "many", opt->kind == OPT_LIST, "completes",
                                 text(arena, completion(opt->completes, opt->choices)), "pgha_only", opt->pgha_only));
}

static json_t *opts_json(struct arena *arena, const struct opt *opts)
{
    json_t *json = must(arena, json_array());

    for (; opts->names; opts++)
        json_array_append_new(json, opt_json(arena, opts));
    return json;
}

static json_t *args_json(struct arena *arena, const struct arg *args)
{
    json_t *json = must(arena, json_array());

    for (; args->name; args++)
        json_array_append_new(
            json, must(arena, json_pack("{ss so sb sb so}", "name", args->name, "choices", list(arena, args->choices),
                                        "required", args->required, "many", args->many, "completes",
                                        text(arena, completion(args->completes, args->choices)))));
    return json;
}

static json_t *cmd_json(struct arena *arena, const struct cmd *cmd)
{
    struct help help = {.arena = arena, .prog = "pgha", .width = SIZE_MAX / 2};
    struct str usage;

    str_init(&usage, arena);
    help_usage(&help, cmd, &usage);
    str_cut(&usage, usage.length - 1);
    return must(arena, json_pack("{ss ss ss ss sb so so}", "name", cmd->name, "group", group_titles[cmd->group], "help",
                                 cmd->help, "usage", usage.text + strlen("Usage: "), "pgha_only", cmd->pgha_only,
                                 "options", opts_json(arena, cmd->opts), "arguments", args_json(arena, cmd->args)));
}

static json_t *differences_json(struct arena *arena)
{
    json_t *json = must(arena, json_array());

    for (size_t i = 0; i < difference_text_count; i++)
        json_array_append_new(
            json,
            must(arena, json_pack("{ss ss ss ss}", "id", difference_texts[i].id, "area", difference_texts[i].area,
                                  "patronictl", difference_texts[i].patronictl, "pgha", difference_texts[i].pgha)));
    return json;
}

void dump_commands(struct arena *arena, struct str *out)
{
    json_t *list = must(arena, json_array());

    for (enum cmd_group group = GROUP_NONE + 1; group < GROUP_COUNT; group++)
        for (const struct cmd *const *cmd = commands; *cmd; cmd++)
            if ((*cmd)->group == group)
                json_array_append_new(list, cmd_json(arena, *cmd));
    json_t *table =
        must(arena, json_pack("{ss so so so}", "version", PGHA_VERSION, "options", opts_json(arena, global_opts),
                              "commands", list, "differences", differences_json(arena)));
    char *dumped = json_dumps(table, JSON_INDENT(1));
    if (dumped)
        str_printf(out, "%s\n", dumped);
    free(dumped);
    json_decref(table);
}
