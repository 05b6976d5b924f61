/* The user's editor, on a temporary file (recorded cases edit-editor-*). */
#ifndef PGHA_EDITOR_H
#define PGHA_EDITOR_H

#include "pgha/ctx.h"
#include "pgha/err.h"
#include "pgha/value.h"

struct edited {
    const char *text; /* as typed, lines ending in \n */
    struct value data;
};

/*
 * Lets the user edit `before` with EDITOR, editor or vi. The file has mode 0600, a name that begins with the cluster's,
 * and is gone afterwards, whatever happened. Fails when there is no editor, when it fails, and for what is not YAML.
 *
 * Called as pgha, EDITOR may have arguments; a text that is no configuration may be edited again, and if it is not, the
 * file stays and the error names it.
 */
bool editor_run(struct ctx *ctx, const char *before, const char *cluster_name, struct edited *edited,
                struct err *err) PGHA_CHECKED;

/* Writes a text to a new file with mode 0600, whose name begins with the cluster's. Fails with no file left behind. */
bool editor_write_file(struct ctx *ctx, const char *text, const char *cluster_name, const char **path,
                       struct err *err) PGHA_CHECKED;

#endif
