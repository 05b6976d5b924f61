/* Keeps passwords from those who look at the process from outside: at its words, as ps does, or at its memory. */
#ifndef PGHA_CONCEAL_H
#define PGHA_CONCEAL_H

#include <stddef.h>

struct arena;

/* A crash leaves no file with the memory, and other programs of the same user cannot read it. For all of the process.
 */
void conceal_memory(void);

/*
 * Copies words of the command line, and puts asterisks where the given ones have a password in an address
 * ("etcd3://admin:secret@host"); they are those that ps shows.
 */
const char *const *conceal_words(struct arena *arena, size_t count, char **words);

#endif
