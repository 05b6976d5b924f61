#include <stdio.h>
#include <string.h>

#include "pgha/arena.h"
#include "pgha/cmd.h"
#include "pgha/str.h"

#include "shell.h"

#define TERM_COLUMNS 16
#define COLUMNS 78

/* What commands are for; those that are in no row are shown behind the last. */
static const struct group {
    const char *title;
    const char *names; /* with blanks between them, and around all of them */
} groups[] = {
    {"Look", " list topology history show-config version dsn "},
    {"Change", " edit-config pause resume "},
    {"Servers", " restart reload reinit flush "},
    {"Leader", " switchover failover promote-cluster demote-cluster "},
    {"Run SQL", " query "},
    {"Delete", " remove "},
    {.title = NULL},
};

static bool is_in(struct arena *arena, const struct group *group, const struct cmd *cmd)
{
    const char *word = arena_printf(arena, " %s ", cmd->name);

    if (group->title)
        return strstr(group->names, word);
    for (const struct group *other = groups; other->title; other++)
        if (strstr(other->names, word))
            return false;
    return true;
}

/* A row goes on below its first line, behind the title. */
static void add_group(struct arena *arena, const struct group *group, struct str *page)
{
    size_t columns = 0;

    for (size_t i = 0; commands[i]; i++) {
        const struct cmd *cmd = commands[i];
        size_t length = strlen(cmd->name);

        if (cmd->hidden || str_equal(cmd->name, "shell") || !is_in(arena, group, cmd))
            continue;
        if (!columns || columns + 2 + length > COLUMNS) {
            const char *title = columns ? "" : group->title ? group->title : "More";

            str_printf(page, "%s  %-*s  ", columns ? ",\n" : "", TERM_COLUMNS, title);
            columns = 2 + TERM_COLUMNS + 2;
        } else {
            str_add(page, ", ");
            columns += 2;
        }
        str_add(page, cmd->name);
        columns += length;
    }
    str_add(page, columns ? "\n" : "");
}

void shell_help(struct shell *shell)
{
    struct arena *arena = arena_new(shell->ctx->arena);
    struct str page;

    str_init(&page, arena);
    str_add(&page, "Commands:\n");
    for (const struct group *group = groups;; group++) {
        add_group(arena, group, &page);
        if (!group->title)
            break;
    }
    str_add(&page, "\nIn the shell:\n");
    for (const struct builtin *builtin = builtins; builtin->name; builtin++)
        str_printf(&page, "  %-*s  %s\n", TERM_COLUMNS,
                   arena_printf(arena, "%s%s%s", builtin->name, *builtin->argument ? " " : "", builtin->argument),
                   builtin->help);
    str_printf(&page, "  %-*s  %s\n", TERM_COLUMNS, "!COMMAND", "Run a command with the system's shell");
    str_printf(&page, "  %-*s  %s\n", TERM_COLUMNS, "TAB, Ctrl-R", "Complete a word, search the history");
    str_add(&page, "\n\"help COMMAND\" shows the options of a command, such as \"help list\".\n");
    fputs(page.text, shell->ctx->out);
    arena_free(arena);
}
