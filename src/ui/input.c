#include "pgha/input.h"

#include <errno.h>
#include <string.h>

#include "pgha/arena.h"
#include "pgha/json.h"
#include "pgha/signals.h"
#include "pgha/str.h"
#include "pgha/yaml.h"

/* As Python reads text: \r\n and a lone \r end a line, too. */
static void unify_line_ends(struct str *text)
{
    size_t kept = 0;

    for (size_t i = 0; i < text->length; i++) {
        if (text->text[i] == '\r' && text->text[i + 1] == '\n')
            continue;
        text->text[kept++] = text->text[i] == '\r' ? '\n' : text->text[i];
    }
    str_cut(text, kept);
}

static const char *name_of(const char *path)
{
    return strcmp(path, "-") == 0 ? "standard input" : path;
}

bool input_read(struct ctx *ctx, const char *path, const char **text, struct err *err)
{
    FILE *file = strcmp(path, "-") == 0 ? ctx->in : fopen(path, "re");
    char chunk[8192];
    struct str read;

    if (!file)
        return err_set(err, ctx->arena, ERR_FAILED, "%s: %s", path, strerror(errno));
    str_init(&read, ctx->arena);
    for (size_t length; (length = fread(chunk, 1, sizeof chunk, file));)
        str_add_bytes(&read, chunk, length);
    int problem = ferror(file) ? errno : 0;
    if (file != ctx->in)
        fclose(file);
    if (signals_pending())
        return err_set(err, ctx->arena, ERR_ABORTED, ERR_MESSAGE_ABORTED);
    if (problem)
        return err_set(err, ctx->arena, ERR_FAILED, "%s: %s", name_of(path), strerror(problem));
    if (memchr(read.text, '\0', read.length))
        return err_set(err, ctx->arena, ERR_FAILED, "%s: a zero byte is no text", name_of(path));
    unify_line_ends(&read);
    *text = read.text;
    return true;
}

bool input_parse(struct ctx *ctx, const char *path, const char *text, struct value *data, struct err *err)
{
    return yaml_read(ctx->arena, text, strlen(text), name_of(path), NULL, data, err);
}

bool input_check_mapping(struct ctx *ctx, const char *path, const struct value *data, struct err *err)
{
    if (value_is(data, VALUE_MAP))
        return true;
    return err_set(err, ctx->arena, ERR_FAILED, "%s: the configuration has to be a mapping, not %s", name_of(path),
                   value_kind_name(data));
}

bool input_check_json(struct ctx *ctx, const struct value *data, struct err *err)
{
    const char *refused = json_refuses(data);

    if (!refused)
        return true;
    return err_set(err, ctx->arena, ERR_FAILED, "The configuration is kept as JSON, which has no form for %s", refused);
}
