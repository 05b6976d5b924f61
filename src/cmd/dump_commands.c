#include "pgha/dump.h"

#include "rows.h"

static const struct opt opts[] = {OPT_ROW_END};
static const struct arg args[] = {ARG_ROW_END};

static bool run(struct ctx *ctx, const void *data, struct err *err)
{
    struct str str;

    (void)data;
    (void)err;
    str_init(&str, ctx->arena);
    dump_commands(ctx->arena, &str);
    fputs(str.text, ctx->out);
    return true;
}

const struct cmd cmd_dump_commands = {
    .name = "dump-commands",
    .help = "Print the table of commands as JSON",
    .opts = opts,
    .args = args,
    .run = run,
    .pgha_only = true,
    .hidden = true,
    .no_config = true,
};
