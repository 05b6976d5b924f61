#include <signal.h>
#include <string.h>

#include "pgha/arena.h"
#include "pgha/config.h"
#include "pgha/err.h"
#include "pgha/proc.h"
#include "pgha/str.h"
#include "pgha/utf8.h"
#include "shell.h"

static int show_all(struct shell *shell, struct arena *arena)
{
    static const char *const page[] = {"--help"};
    int status = shell_run_words(shell, arena, (struct words){1, page});

    fputs("\nIn the shell:\n", shell->ctx->out);
    for (const struct builtin *builtin = builtins; builtin->name; builtin++)
        fprintf(shell->ctx->out, "  %-16s  %s\n", arena_printf(arena, "%s %s", builtin->name, builtin->argument),
                builtin->help);
    fprintf(shell->ctx->out, "  %-16s  %s\n", "!COMMAND", "Run a command with the system's shell");
    return status;
}

static int help(struct shell *shell, struct arena *arena, struct words arguments)
{
    const struct builtin *builtin = arguments.count ? builtin_find(arguments.items[0]) : NULL;

    if (!arguments.count)
        return show_all(shell, arena);
    if (builtin) {
        fprintf(shell->ctx->out, "Usage: %s%s%s\n\n  %s\n", builtin->name, *builtin->argument ? " " : "",
                builtin->argument, builtin->help);
        return 0;
    }
    const char *const words[] = {arguments.items[0], "--help"};
    return shell_run_words(shell, arena, (struct words){2, words});
}

static int use(struct shell *shell, struct arena *arena, struct words arguments)
{
    const char *name = arguments.count ? arguments.items[0] : NULL;

    (void)arena;
    if (name && (!*name || !utf8_valid(name, strlen(name)))) {
        shell_say(shell, "Error: that is no name of a cluster\n");
        return 1;
    }
    shell->kept.scope = name ? arena_strdup(shell->kept.arena, name) : NULL;
    if (shell->refresh)
        refresh_use(shell->refresh, shell_scope(shell));
    return 0;
}

static int leave(struct shell *shell, struct arena *arena, struct words arguments)
{
    (void)arena;
    (void)arguments;
    shell->leaving = true;
    return 0;
}

const struct builtin builtins[] = {
    {"help", "[COMMAND]", "Show all commands, or what one of them does", 0, 1, COMPLETE_NOTHING, help},
    {"use", "[CLUSTER]", "Choose the cluster for the lines that follow; without a name, the configured one", 0, 1,
     COMPLETE_CLUSTERS, use},
    {"exit", "", "Leave the shell, as Ctrl-D does", 0, 0, COMPLETE_NOTHING, leave},
    {"quit", "", "The same", 0, 0, COMPLETE_NOTHING, leave},
    {.name = NULL},
};

const struct builtin *builtin_find(const char *name)
{
    for (const struct builtin *builtin = builtins; builtin->name; builtin++)
        if (str_equal(builtin->name, name))
            return builtin;
    return NULL;
}

int builtin_system(struct shell *shell, struct arena *arena, const char *command)
{
    const char *const words[] = {"/bin/sh", "-c", command, NULL};
    struct err err = ERR_INIT;
    int status;

    fflush(shell->ctx->out);
    if (proc_run(arena, words, NULL, 0, &status, &err))
        return status < 0 ? 128 - status : status;
    if (err.kind != ERR_ABORTED)
        shell_say(shell, "Error: %s\n", err.message);
    else
        fputc('\n', shell->ctx->out);
    return 1;
}
