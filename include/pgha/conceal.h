/*
 * Keeps passwords from those who look at the process from outside: at its words, as ps does, at its memory, or at its
 * messages.
 */
#ifndef PGHA_CONCEAL_H
#define PGHA_CONCEAL_H

#include <stddef.h>

struct arena;

/* A crash leaves no file with the memory, and other programs of the same user cannot read it. For all of the process.
 */
void conceal_memory(void);

/*
 * Copies words of the command line, and puts asterisks into the given ones, which are those that ps shows: for the
 * password of an address ("etcd3://admin:secret@host", "admin:secret@host"), that is, from the first ":" behind the
 * scheme to the last "@", and for what follows a name such as "password" ("password=x").
 */
const char *const *conceal_words(struct arena *arena, size_t count, char **words);

/*
 * The address with "***" for its password, as a message may show it, and for what may be one: a port that is no number,
 * and what follows "password=" or the like.
 */
const char *conceal_address(struct arena *arena, const char *address);

/*
 * The message with "***" wherever it repeats the password of the address in `word`: as it is, as Python quotes it, or a
 * part of it between double quotes.
 */
const char *conceal_message(struct arena *arena, const char *message, const char *word);

/*
 * Puts asterisks over `secret` wherever it stands in a text of `length` bytes that somebody else sent, also where there
 * are backslashes before some of its letters, as in JSON. An empty secret is none.
 */
void conceal_echo(char *text, size_t length, const char *secret);

/* Behind the first mention of a password, a token or the like; NULL when there is none. */
const char *conceal_hint(const char *text);

#endif
