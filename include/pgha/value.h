/*
 * A document as a user wrote it: the configuration, a value in the DCS, a row of a result. The kinds are those that
 * Python's json and PyYAML's safe loader tell apart, because what nobody touched has to leave as it came in
 * (edit-config), and has to print as patronictl prints it.
 *
 * jansson reads and writes the protocols (etcd's envelopes, members' answers). It is not used for documents: it has
 * no integers beyond 64 bits, no NaN, no lone surrogates and no keys other than strings.
 *
 * Values live in an arena. A string is UTF-8 (a lone surrogate from a \u escape is kept as its three bytes), ends in
 * a NUL that `length` does not count and may hold NULs itself.
 */
#ifndef PGHA_VALUE_H
#define PGHA_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct str;

enum value_kind {
    VALUE_NULL = 0,
    VALUE_BOOL,
    VALUE_INT,      /* fits int64_t */
    VALUE_BIG,      /* any other integer: its decimal digits, with a sign if negative, in `text` */
    VALUE_FLOAT,    /* inf and nan included */
    VALUE_STRING,   /* `text` */
    VALUE_BYTES,    /* YAML !!binary, `text` */
    VALUE_DATE,     /* YAML timestamp without a time, as YYYY-MM-DD in `text` */
    VALUE_DATETIME, /* YAML timestamp, as Python's str() of the datetime in `text` */
    VALUE_LIST,     /* `items` */
    VALUE_MAP,      /* `pairs`, in the order they came; keys are unique */
};

/* 16 bytes; zeroed memory is a null. `length` is bytes of text, items of a list, or pairs of a map. */
struct value {
    uint8_t kind; /* enum value_kind */
    bool is_set;  /* a map that came as YAML's !!set: its values are nulls, and JSON has no such thing */
    bool aliased; /* a collection or date that a YAML alias may have put in several places: all have the same pointer;
                     yaml_write() gives it an anchor as PyYAML does. value_copy() ends the sharing */
    uint32_t length;
    union {
        bool boolean;
        int64_t integer;
        double real;
        char *text;
        struct value *items;
        struct value_pair *pairs;
    };
};

struct value_pair {
    struct value key;
    struct value value;
};

struct value value_null(void);
struct value value_bool(bool boolean);
struct value value_int(int64_t integer);
struct value value_float(double real);
/* Borrow `text`, which has to live as long as the value; NULL gives a null. */
struct value value_string(const char *text);
struct value value_text(const char *text, size_t length);
/* Copies `text` into the arena first. */
struct value value_copy_string(struct arena *arena, const char *text);
struct value value_list(void);
struct value value_map(void);

/* A deep copy. */
struct value value_copy(struct arena *arena, const struct value *value);

/* Appends to a list. Amortised constant time. */
void value_list_add(struct arena *arena, struct value *list, struct value item);

/* Sets the value of a key: replaces in place, or appends. value_map_set_key() takes a key of any kind. */
void value_map_set(struct arena *arena, struct value *map, const char *key, struct value value);
void value_map_set_key(struct arena *arena, struct value *map, struct value key, struct value value);
/* Appends a pair without a look at the keys that are there, for a reader of many; value_map_unique() has to follow. */
void value_map_append(struct arena *arena, struct value *map, struct value key, struct value value);
/* Of equal keys the first keeps its place and the last its value, as if each had been set in turn. Linear time. */
void value_map_unique(struct value *map);
/* Takes a key out; returns whether it was there. */
bool value_map_remove(struct value *map, const char *key);
bool value_map_remove_key(struct value *map, const struct value *key);

/* The value of a string key, or NULL when `map` is NULL, no map, or lacks the key. */
struct value *value_get(const struct value *map, const char *key);
struct value *value_get_key(const struct value *map, const struct value *key); /* `key` of any kind */
/* The same down a path: value_path(v, "ctl", "authentication", NULL). */
struct value *value_path(const struct value *map, ...) __attribute__((sentinel));

/* The text of a string, NULL for any other kind or NULL. */
const char *value_as_string(const struct value *value);
bool value_is(const struct value *value, enum value_kind kind); /* false for NULL */

/* Equality as Python's ==: 1, 1.0 and True are equal, maps ignore order. */
bool value_equal(const struct value *a, const struct value *b);

/* Truth as Python's bool(): null, false, 0, 0.0, "" and empty collections are false; NULL is false too. */
bool value_truth(const struct value *value);

/*
 * Puts `patch` over `map` by Patroni's rule: a null takes the key out, a map is put over a map, anything else replaces
 * what is there unless both have the same Python str() (1 stays 1 when "1" comes). Neither is changed: the result
 * shares what is the same, so value_copy() it before changing it in place. Keys that `map` lacks are taken over as they
 * are, with nulls further down.
 */
struct value value_patch(struct arena *arena, const struct value *map, const struct value *patch);

/* Whether `map` is a map with all of `patch` in it, as value_patch() would have put it there. */
bool value_is_patched(struct arena *arena, const struct value *map, const struct value *patch);

/* Appends the value as Python's str() shows it; text inside of collections as repr() does (value_text.c). */
void value_str(const struct value *value, struct str *out);
void value_repr(const struct value *value, struct str *out);

/* Name of the kind for messages: "a number", "text", "a list", "a mapping", … */
const char *value_kind_name(const struct value *value);

#endif
