#include "fake_dcs.h"

#include <stdlib.h>
#include <string.h>

#include "pgha/config.h"
#include "pgha/yaml.h"

struct dcs *fake_dcs_open(struct arena *arena, const char *section, const char *yaml)
{
    struct config *config = arena_alloc(arena, sizeof *config);
    const char *text = arena_printf(arena, "%s: {%s}\n", section, yaml);
    struct http *http;
    struct dcs *dcs;

    config->namespace_path = "/service";
    if (!yaml_read(arena, text, strlen(text), "test", NULL, &config->tree, NULL) ||
        !http_new(arena, NULL, &http, NULL) || !dcs_open(arena, config, http, NULL, &dcs, NULL))
        abort();
    return dcs;
}
