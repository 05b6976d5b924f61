#include <signal.h>
#include <string.h>

#include "pgha/arena.h"
#include "pgha/config.h"
#include "pgha/err.h"
#include "pgha/log.h"
#include "pgha/names.h"
#include "pgha/proc.h"
#include "pgha/str.h"
#include "pgha/utf8.h"

#include "shell.h"

static int help(struct shell *shell, struct arena *arena, struct words arguments)
{
    const struct builtin *builtin = arguments.count ? builtin_find(arguments.items[0]) : NULL;

    if (!arguments.count) {
        shell_help(shell);
        return 0;
    }
    if (builtin) {
        fprintf(shell->ctx->out, "Usage: %s%s%s\n\n  %s\n", builtin->name, *builtin->argument ? " " : "",
                builtin->argument, builtin->help);
        return 0;
    }
    const char *const words[] = {arguments.items[0], "--help"};
    return shell_run_words(shell, arena, (struct words){2, words});
}

/*
 * Whether a cluster may be chosen. A store that gives no answer cannot tell; the cluster may be there, and commands
 * say what is wrong.
 */
static bool may_use(struct shell *shell, struct arena *arena, const char *name)
{
    struct log silent = {.stream = NULL};
    struct ctx ctx;
    struct err err = ERR_INIT;
    const char *known;
    bool found;

    if (!*name || !utf8_valid(name, strlen(name))) {
        shell_say(shell, "Error: that is no name of a cluster\n");
        return false;
    }
    if (!shell_context(shell, arena, &silent, &ctx, &err) || !names_find_cluster(&ctx, name, &found, &known, &err)) {
        bool refused = err.kind == ERR_ABORTED || err.kind == ERR_FAILED;

        if (refused)
            shell_say(shell, "Error: %s\n", err.message);
        else
            shell_say(shell, "Warning: cannot check that cluster \"%s\" exists: %s\n", name, err.message);
        return !refused;
    }
    if (!found)
        shell_say(shell, "Error: no cluster \"%s\" in namespace %s/ (found: %s)\n", name,
                  shell->ctx->config->namespace_path, *known ? known : "none");
    return found;
}

static int use(struct shell *shell, struct arena *arena, struct words arguments)
{
    const char *name = arguments.count ? arguments.items[0] : NULL;
    struct arena *before = shell->scope;

    if (name && !may_use(shell, arena, name))
        return 1;
    shell->scope = arena_new(shell->kept.arena);
    shell->kept.scope = name ? arena_strdup(shell->scope, name) : NULL;
    if (shell->refresh)
        refresh_use(shell->refresh, shell_scope(shell));
    arena_free(before);
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
    {"help", "[COMMAND]", "List all commands, or explain one", 0, 1, COMPLETE_NOTHING, help},
    {"use", "[CLUSTER]", "Choose a cluster; without a name: the configured one", 0, 1, COMPLETE_CLUSTERS, use},
    {"exit", "", "Leave the shell, like Ctrl-D", 0, 0, COMPLETE_NOTHING, leave},
    {"quit", "", "Leave the shell", 0, 0, COMPLETE_NOTHING, leave},
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
