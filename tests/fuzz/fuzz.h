/* What the fuzz targets share. Each file besides main.c is one target, named after its corpus. */
#ifndef PGHA_FUZZ_H
#define PGHA_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "pgha/arena.h"
#include "pgha/err.h"

/* libFuzzer's entry point; returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold for every input; a target that finds it broken ends there. */
#define FUZZ_CHECK(condition)                                                                                          \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            abort();                                                                                                   \
    } while (0)

/* A failure has a kind and one line of text. */
#define FUZZ_CHECK_ERR(err) FUZZ_CHECK((err).kind != ERR_NONE && (err).message && *(err).message)

#endif
