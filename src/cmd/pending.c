/* Stands in until the real functions are there; goes with the last of them. */
#include "pgha/config.h"
#include "pgha/http.h"

__attribute__((weak)) bool config_read(struct arena *arena, const struct globals *globals, bool as_patronictl,
                                       const struct log *log, struct config *config, struct err *err)
{
    (void)arena, (void)globals, (void)log, (void)err;
    *config = (struct config){.tree = value_map(), .as_patronictl = as_patronictl};
    return true;
}

__attribute__((weak)) bool http_new(struct arena *arena, const struct log *log, struct http **http, struct err *err)
{
    (void)log, (void)http;
    return err_set(err, arena, ERR_FAILED, "no HTTP yet");
}

#include "pgha/yaml.h"

__attribute__((weak)) void yaml_write(const struct value *value, bool flow_style, struct str *out)
{
    (void)value, (void)flow_style;
    str_add(out, "no YAML yet\n");
}

#include "pgha/prompt.h"

__attribute__((weak)) bool prompt_text(struct ctx *ctx, const char *text, const char *preset, const char **answer,
                                       struct err *err)
{
    (void)text, (void)preset, (void)answer;
    return err_set(err, ctx->arena, ERR_FAILED, "no prompts yet");
}

__attribute__((weak)) bool prompt_confirm(struct ctx *ctx, const char *text, bool *yes, struct err *err)
{
    (void)text, (void)yes;
    return err_set(err, ctx->arena, ERR_FAILED, "no prompts yet");
}
