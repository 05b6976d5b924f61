/* What a plain scalar means in YAML 1.1, as PyYAML 6.0 decides it; the reader and the writer both have to know. */
#ifndef PGHA_YAML_TYPE_H
#define PGHA_YAML_TYPE_H

#include <stddef.h>

enum yaml_type {
    YAML_TYPE_STR,
    YAML_TYPE_NULL,
    YAML_TYPE_BOOL,
    YAML_TYPE_INT,
    YAML_TYPE_FLOAT,
    YAML_TYPE_TIMESTAMP,
    YAML_TYPE_MERGE, /* << */
    YAML_TYPE_VALUE, /* = */
};

enum yaml_type yaml_type_of(const char *text, size_t length);

#endif
