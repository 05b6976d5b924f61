/*
 * Python takes "\ud83d" in double quotes for a character, and JSON that is read as YAML is full of such halves; libyaml
 * refuses them. They go through it as characters of a private area: \uD83D as \U0010F83D.
 */
#ifndef PGHA_YAML_SURROGATES_H
#define PGHA_YAML_SURROGATES_H

#include <stdbool.h>

#include "pgha/str.h"

/* Copies a document to `hidden` with these escapes replaced; false when there is none, `hidden` is then not set. */
bool surrogates_hide(struct arena *arena, const char *text, size_t length, struct str *hidden);

/* Takes the replacement back in the text of a scalar: escapes were read if it was in double quotes. */
struct str surrogates_show(struct arena *arena, const char *text, size_t length, bool double_quoted);

#endif
