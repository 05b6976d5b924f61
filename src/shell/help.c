#include <stdio.h>
#include <string.h>

#include "pgha/arena.h"
#include "pgha/cmd.h"
#include "pgha/str.h"

#include "shell.h"

#define TERM_COLUMNS 18
#define COLUMNS 78

/* A row goes on below its first line, behind the title. */
static void add_group(enum cmd_group group, struct str *page)
{
    size_t columns = 0;

    for (const struct cmd *const *cmd = commands; *cmd; cmd++) {
        size_t length = strlen((*cmd)->name);

        if ((*cmd)->hidden || (*cmd)->group != group)
            continue;
        if (!columns || columns + 2 + length > COLUMNS) {
            str_printf(page, "%s  %-*s  ", columns ? ",\n" : "", TERM_COLUMNS, columns ? "" : group_titles[group]);
            columns = 2 + TERM_COLUMNS + 2;
        } else {
            str_add(page, ", ");
            columns += 2;
        }
        str_add(page, (*cmd)->name);
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
    for (enum cmd_group group = GROUP_NONE + 1; group < GROUP_SHELL; group++)
        add_group(group, &page);
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
