#include <string.h>

#include "pgha/arena.h"
#include "pgha/diff.h"
#include "pgha/editor.h"
#include "pgha/input.h"
#include "pgha/json.h"
#include "pgha/open.h"
#include "pgha/pager.h"
#include "pgha/patch.h"
#include "pgha/print.h"
#include "pgha/prompt.h"
#include "pgha/usage.h"
#include "pgha/yaml.h"

#include "rows.h"

struct edit_config_args {
    const char *cluster_name;
    struct opt_int group;
    bool quiet;
    struct opt_list set;
    struct opt_list pg;
    const char *apply;
    const char *replace;
    bool force;
    bool no_check;
};

static const struct opt opts[] = {
    OPT_ROW_DEFAULT_GROUP(struct edit_config_args),
    {.names = "--quiet|-q",
     .help = "Do not show changes",
     .kind = OPT_FLAG,
     .offset = offsetof(struct edit_config_args, quiet)},
    {.names = "--set|-s",
     .help = "Set a setting of Patroni, as KEY=VALUE",
     .patronictl_help = "Set specific configuration value. Can be specified multiple times",
     .kind = OPT_LIST,
     .offset = offsetof(struct edit_config_args, set)},
    {.names = "--pg|-p",
     .help = "Set a parameter of PostgreSQL, as NAME=VALUE",
     .patronictl_help =
         "Set specific PostgreSQL parameter value. Shorthand for -s postgresql.parameters. Can be specified "
         "multiple times",
     .kind = OPT_LIST,
     .offset = offsetof(struct edit_config_args, pg)},
    {.names = "--apply",
     .help = "Merge a file into the configuration; - is standard input",
     .patronictl_help = "Apply configuration from file. Use - for stdin.",
     .kind = OPT_STRING,
     .completes = COMPLETE_FILES,
     .offset = offsetof(struct edit_config_args, apply)},
    {.names = "--replace",
     .help = "Replace the configuration by a file; - is standard input",
     .patronictl_help = "Apply configuration from file, replacing existing configuration. Use - for stdin.",
     .kind = OPT_STRING,
     .completes = COMPLETE_FILES,
     .offset = offsetof(struct edit_config_args, replace)},
    OPT_ROW_FORCE(struct edit_config_args),
    {.names = "--no-check",
     .help = "With --force: skip the checks for mistakes",
     .kind = OPT_FLAG,
     .offset = offsetof(struct edit_config_args, no_check),
     .pgha_only = true},
    OPT_ROW_END,
};

static const struct arg args[] = {
    ARG_ROW_CLUSTER_OR_SCOPE(struct edit_config_args),
    ARG_ROW_END,
};

/* The configuration that is wanted, and how it is shown: in an editor the user decides about that. */
struct wanted {
    struct value data;
    const char *text;
    bool typed; /* by the user, in an editor */
};

static const char *as_text(struct ctx *ctx, const struct value *data)
{
    struct str text;

    str_init(&text, ctx->arena);
    yaml_write(data, false, &text);
    return text.text;
}

static bool apply_file(struct ctx *ctx, const char *path, struct value *data, struct err *err)
{
    struct value patch;
    const char *text;

    if (!input_read(ctx, path, &text, err) || !input_parse(ctx, path, text, &patch, err) ||
        !input_check_mapping(ctx, path, &patch, err))
        return false;
    *data = value_patch(ctx->arena, data, &patch);
    return true;
}

static bool is_checked(const struct ctx *ctx, const struct edit_config_args *given)
{
    return !(given->force && given->no_check) && differs(ctx, DIFF_EDIT_CHECKS);
}

/* One setting; called as pgha, only if it does what it seems to do. */
static bool apply_setting(struct ctx *ctx, const struct edit_config_args *given, const char *setting,
                          struct patch *patch, struct err *err)
{
    if (!strchr(setting, '='))
        return err_set(err, ctx->arena, usage_error(ctx), "Invalid parameter setting %s", setting);
    return (!is_checked(ctx, given) || patch_check(patch, setting, err)) && patch_set(patch, setting, err);
}

static bool apply_settings(struct ctx *ctx, const struct edit_config_args *given, struct value *data, struct err *err)
{
    struct patch patch = patch_begin(ctx->arena, data);

    for (size_t i = 0; i < given->set.count; i++)
        if (!apply_setting(ctx, given, given->set.items[i], &patch, err))
            return false;
    for (size_t i = 0; i < given->pg.count; i++) {
        const char *setting = given->pg.items[i] + strspn(given->pg.items[i], " \t\n\v\f\r");

        setting = arena_printf(ctx->arena, "postgresql.parameters.%s", setting);
        if (!apply_setting(ctx, given, setting, &patch, err))
            return false;
    }
    *data = patch_result(&patch);
    return true;
}

static bool is_given(const char *path)
{
    return path && *path;
}

/* What the command line asks for, in patronictl's order; if it asks for nothing, the user's editor. */
static bool find_wanted(struct ctx *ctx, const struct edit_config_args *given, const struct value *current,
                        struct wanted *wanted, struct err *err)
{
    bool replace = is_given(given->replace), apply = is_given(given->apply);
    struct value data = replace ? value_map() : *current;
    struct edited edited;

    if (replace && !apply_file(ctx, given->replace, &data, err))
        return false;
    if (apply && !apply_file(ctx, given->apply, &data, err))
        return false;
    if (given->set.count + given->pg.count && !apply_settings(ctx, given, &data, err))
        return false;
    if (replace || apply || given->set.count + given->pg.count) {
        *wanted = (struct wanted){data, as_text(ctx, &data), false};
        return true;
    }
    if (!editor_run(ctx, as_text(ctx, current), given->cluster_name, &edited, err))
        return false;
    *wanted = (struct wanted){edited.data, edited.text, true};
    return true;
}

/* Before there are colours in it. */
static const char *cleaned(struct ctx *ctx, const char *text)
{
    struct str str;

    str_init(&str, ctx->arena);
    str_add(&str, text);
    print_clean(ctx, &str);
    return str.text;
}

static bool show_changes(struct ctx *ctx, const char *before, const char *after, struct err *err)
{
    struct str diff;

    str_init(&diff, ctx->arena);
    if (terminal_is(ctx->out)) {
        before = cleaned(ctx, before);
        after = cleaned(ctx, after);
    }
    if (terminal_is(ctx->out) && !differs(ctx, DIFF_EDIT_DIFF)) {
        diff_write_coloured(before, after, &diff);
        return pager_show(ctx, diff.text, diff.length, err);
    }
    if (print_has_colour(ctx, ctx->out))
        diff_write_coloured(before, after, &diff);
    else
        diff_write(before, after, &diff);
    return print_check(ctx->arena, &diff, err) && print_made(ctx, &diff, PRINT_PAGE, err);
}

/* What an editor or a file makes of the configuration is held against the same table as -s and -p are. */
static bool check_wanted(struct ctx *ctx, const struct edit_config_args *given, const struct value *current,
                         const struct wanted *wanted, struct err *err)
{
    const char *path = is_given(given->apply) ? given->apply : is_given(given->replace) ? given->replace : NULL;

    if (!is_checked(ctx, given) || patch_check_result(ctx->arena, current, &wanted->data, err))
        return true;
    if (path && !(given->set.count + given->pg.count))
        err_wrap(err, ctx->arena, "%s", strcmp(path, "-") == 0 ? "standard input" : path);
    return err_set(err, ctx->arena, err->kind, "%s (--force --no-check sets it all the same)", err->message);
}

static bool is_stdin(const char *path)
{
    return path && strcmp(path, "-") == 0;
}

static bool may_write(struct ctx *ctx, const struct edit_config_args *given, bool *yes, struct err *err)
{
    *yes = given->force;
    if (given->force)
        return true;
    if (is_stdin(given->apply) || is_stdin(given->replace)) {
        fprintf(ctx->out, "Use --force option to apply changes\n");
        return true;
    }
    return prompt_confirm(ctx, "Apply these changes?", yes, err);
}

static bool write_config(struct ctx *ctx, struct dcs *dcs, const struct edit_config_args *given,
                         const struct record *before, const struct value *data, struct err *err)
{
    const char *path = cluster_path(ctx->arena, ctx->config, given->cluster_name, open_group(&given->group));
    struct str json;

    if (!input_check_json(ctx, data, err))
        return false;
    str_init(&json, ctx->arena);
    json_write(data, true, &json);
    if (dcs_put_if(dcs, ctx->arena, arena_printf(ctx->arena, "%s/config", path), json.text, before->revision,
                   deadline_in(ctx->timeout), err))
        return true;
    if (err->kind == ERR_CONFLICT)
        return err_set(err, ctx->arena, ERR_CONFLICT, "Config modification aborted due to concurrent changes");
    return false;
}

/* Somebody else's change must not cost the user the text. Fails as the write did, saying where the text is. */
static bool keep_typed(struct ctx *ctx, const struct edit_config_args *given, const char *text, struct err *err)
{
    struct err ignored = ERR_INIT;
    const char *path;

    if (editor_write_file(ctx, text, given->cluster_name, &path, &ignored))
        err_set(err, ctx->arena, err->kind, "%s. What you typed is kept in %s", err->message, path);
    return false;
}

/* An editor that nobody sees waits for ever, or takes a script's input for its commands. */
static bool check_terminal(struct ctx *ctx, const struct edit_config_args *given, struct err *err)
{
    if (!differs(ctx, DIFF_EDIT_TERMINAL) || is_given(given->apply) || is_given(given->replace) ||
        given->set.count + given->pg.count)
        return true;
    return (terminal_is(ctx->in) && terminal_is(ctx->out)) ||
           err_set(err, ctx->arena, ERR_USAGE,
                   "no editor without a terminal: name the changes with -s KEY=VALUE or -p PARAMETER=VALUE, or a file "
                   "with --apply or --replace");
}

static bool run(struct ctx *ctx, const void *data, struct err *err)
{
    const struct edit_config_args *given = data;
    struct dcs *dcs;
    struct cluster cluster;
    struct wanted wanted;
    bool yes;

    if (!check_terminal(ctx, given, err))
        return false;
    if (!open_cluster(ctx, given->cluster_name, open_group(&given->group), &dcs, &cluster, err))
        return false;
    if (!cluster.config.present)
        return err_set(err, ctx->arena, ERR_FAILED, "The config key does not exist in the cluster %s",
                       given->cluster_name);
    const struct value *current = &cluster.config.data;
    if (!find_wanted(ctx, given, current, &wanted, err))
        return false;
    if (value_equal(current, &wanted.data)) {
        if (!given->quiet)
            fprintf(ctx->out, "Not changed\n");
        return true;
    }
    /* patronictl finds out only when it writes, after the question. */
    if (differs(ctx, DIFF_EDIT_DATES) && !input_check_json(ctx, &wanted.data, err))
        return false;
    if (!check_wanted(ctx, given, current, &wanted, err))
        return wanted.typed ? keep_typed(ctx, given, wanted.text, err) : false;
    if (!given->quiet && !show_changes(ctx, as_text(ctx, current), wanted.text, err))
        return false;
    if (!may_write(ctx, given, &yes, err))
        return false;
    if (!yes)
        return true;
    if (!write_config(ctx, dcs, given, &cluster.config, &wanted.data, err))
        return wanted.typed && err->kind != ERR_ABORTED && differs(ctx, DIFF_EDIT_KEPT)
                   ? keep_typed(ctx, given, wanted.text, err)
                   : false;
    fprintf(ctx->out, "Configuration changed\n");
    return true;
}

const struct cmd cmd_edit_config = {
    .name = "edit-config",
    .help = "Edit the configuration that all members share",
    .patronictl_help = "Edit cluster configuration",
    .group = GROUP_CLUSTER,
    .opts = opts,
    .args = args,
    .args_size = sizeof(struct edit_config_args),
    .run = run,
};
