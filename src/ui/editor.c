#include "pgha/editor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pgha/arena.h"
#include "pgha/input.h"
#include "pgha/print.h"
#include "pgha/proc.h"
#include "pgha/prompt.h"

static const char *find_editor(struct ctx *ctx)
{
    const char *editor = getenv("EDITOR");

    if (!editor || !*editor)
        editor = proc_find(ctx->arena, "editor");
    return editor ? editor : proc_find(ctx->arena, "vi");
}

/* In the first of the places for temporary files that takes it, in Python's order. */
static char *make_file(struct ctx *ctx, const char *cluster_name, int *fd)
{
    const char *const places[] = {getenv("TMPDIR"), getenv("TEMP"), getenv("TMP"), "/tmp", "/var/tmp", "/usr/tmp", "."};
    char *name = arena_strdup(ctx->arena, cluster_name);

    for (char *slash = name; (slash = strchr(slash, '/'));)
        *slash = '_';
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (!places[i] || !*places[i])
            continue;
        char *path = arena_printf(ctx->arena, "%s/%s-config-XXXXXX.yaml", places[i], name);
        *fd = mkostemps(path, (int)strlen(".yaml"), O_CLOEXEC);
        if (*fd >= 0)
            return path;
    }
    return NULL;
}

static bool write_file(int fd, const char *text)
{
    FILE *file = fdopen(fd, "w");

    if (!file) {
        close(fd);
        return false;
    }
    bool written = fputs(text, file) >= 0;
    return fclose(file) == 0 && written;
}

static bool run_editor(struct ctx *ctx, const char *editor, const char *path, struct err *err)
{
    const char **words = proc_words(ctx->arena, editor, differs(ctx, DIFF_EDIT_PROGRAMS), path);
    int status;

    fflush(ctx->out);
    if (!proc_run(ctx->arena, words, NULL, 0, &status, err))
        return false;
    return status == 0 || err_set(err, ctx->arena, ERR_FAILED, "Editor exited with return code %d", status);
}

/* Whether the user wants to mend what was wrong; no answer is a no. */
static bool wants_again(struct ctx *ctx, const struct err *problem)
{
    struct err ignored = ERR_INIT;
    bool yes = false;

    print_notice(ctx, "Error: %s\n", problem->message);
    return prompt_confirm(ctx, "Edit again?", &yes, &ignored) && yes;
}

/* `*keep` is set when the file holds what the user typed and could not be taken over. */
static bool edit_file(struct ctx *ctx, const char *editor, const char *path, struct edited *edited, bool *keep,
                      struct err *err)
{
    for (;;) {
        struct err problem = ERR_INIT;

        if (!run_editor(ctx, editor, path, err) || !input_read(ctx, path, &edited->text, err))
            return false;
        if (input_parse(ctx, path, edited->text, &edited->data, &problem) &&
            (!differs(ctx, DIFF_EDIT_MAPPING) || input_check_mapping(ctx, path, &edited->data, &problem)) &&
            (!differs(ctx, DIFF_EDIT_DATES) || input_check_json(ctx, &edited->data, &problem)))
            return true;
        if (!differs(ctx, DIFF_EDIT_NOT_YAML)) {
            *err = problem;
            return false;
        }
        if (!wants_again(ctx, &problem)) {
            *keep = true;
            return err_set(err, ctx->arena, ERR_FAILED, "Nothing was changed. What you typed is kept in %s", path);
        }
    }
}

bool editor_write_file(struct ctx *ctx, const char *text, const char *cluster_name, const char **path, struct err *err)
{
    int fd;
    const char *made = make_file(ctx, cluster_name, &fd);

    if (!made)
        return err_set(err, ctx->arena, ERR_FAILED, "No place for a temporary file: %s", strerror(errno));
    if (!write_file(fd, text)) {
        err_set(err, ctx->arena, ERR_FAILED, "%s: %s", made, strerror(errno));
        unlink(made);
        return false;
    }
    *path = made;
    return true;
}

bool editor_run(struct ctx *ctx, const char *before, const char *cluster_name, struct edited *edited, struct err *err)
{
    const char *editor = find_editor(ctx), *path;
    struct edited made = {0};
    bool keep = false;

    if (!editor)
        return err_set(err, ctx->arena, ERR_FAILED,
                       "EDITOR environment variable is not set. editor or vi are not available");
    if (!editor_write_file(ctx, before, cluster_name, &path, err))
        return false;
    bool done = edit_file(ctx, editor, path, &made, &keep, err);
    if (!keep)
        unlink(path);
    if (done)
        *edited = made;
    return done;
}
