#include "print.h"

#include <stdio.h>

enum table_format print_format(const char *name)
{
    static const struct {
        const char *name;
        enum table_format format;
    } formats[] = {
        {"tsv", FORMAT_TSV},
        {"json", FORMAT_JSON},
        {"yaml", FORMAT_YAML},
        {"yml", FORMAT_YAML},
    };

    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (str_equal(formats[i].name, name))
            return formats[i].format;
    return FORMAT_PRETTY;
}

void print_table(struct ctx *ctx, const struct table *table, enum table_format format)
{
    struct str text;

    str_init(&text, ctx->arena);
    table_write(table, format, NULL, &text);
    fwrite(text.text, 1, text.length, ctx->out);
}
