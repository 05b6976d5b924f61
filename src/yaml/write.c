#include <stdlib.h>
#include <string.h>

#include "pgha/arena.h"
#include "pgha/utf8.h"
#include "pgha/yaml.h"

#include "emit.h"

/* Keys that need more characters than this with their tag get a line of their own, after a question mark. */
#define MAX_SIMPLE_KEY 127

/* A collection or date that an alias has put in several places. */
struct shared {
    const void *pointer;
    int number; /* of its anchor; 0: met once so far */
    bool written;
};

struct writer {
    struct emitter emitter;
    struct shared *shared; /* hashed by pointer */
    size_t slots;          /* a power of two, or 0 */
    size_t used;
    int anchors;
};

static void write_node(struct writer *writer, const struct value *value, struct place place);

/* What tells a value that stands in several places, or NULL; scalars other than dates have no such thing. */
static const void *identity(const struct value *value)
{
    if (!value->aliased)
        return NULL;
    switch ((enum value_kind)value->kind) {
    case VALUE_LIST:
        return value->items;
    case VALUE_MAP:
        return value->pairs;
    case VALUE_DATE:
    case VALUE_DATETIME:
        return value->text;
    default:
        return NULL;
    }
}

static struct shared *find_slot(const struct writer *writer, const void *pointer)
{
    size_t slot = ((uintptr_t)pointer >> 4) * 0x9e3779b97f4a7c15u >> 20 & (writer->slots - 1);

    while (writer->shared[slot].pointer && writer->shared[slot].pointer != pointer)
        slot = (slot + 1) & (writer->slots - 1);
    return &writer->shared[slot];
}

/* The entry of a pointer, made if there is none. */
static struct shared *note_shared(struct writer *writer, const void *pointer)
{
    if (2 * writer->used >= writer->slots) {
        struct shared *old = writer->shared;
        size_t slots = writer->slots;

        writer->slots = slots ? 2 * slots : 64;
        writer->shared = arena_calloc(writer->emitter.arena, writer->slots, sizeof *old);
        for (size_t i = 0; i < slots; i++)
            if (old[i].pointer)
                *find_slot(writer, old[i].pointer) = old[i];
    }
    struct shared *shared = find_slot(writer, pointer);
    if (!shared->pointer) {
        shared->pointer = pointer;
        writer->used++;
    }
    return shared;
}

enum key_class { KEY_NUMBER, KEY_TEXT, KEY_BYTES, KEY_DATE, KEY_DATETIME, KEY_ZONED, KEY_OTHER };

static enum key_class class_of(const struct value *key)
{
    switch ((enum value_kind)key->kind) {
    case VALUE_BOOL:
    case VALUE_INT:
    case VALUE_BIG:
    case VALUE_FLOAT:
        return KEY_NUMBER;
    case VALUE_STRING:
        return KEY_TEXT;
    case VALUE_BYTES:
        return KEY_BYTES;
    case VALUE_DATE:
        return KEY_DATE;
    case VALUE_DATETIME:
        return key->length > 6 && memchr("+-", key->text[key->length - 6], 2) ? KEY_ZONED : KEY_DATETIME;
    default:
        return KEY_OTHER;
    }
}

/* By characters: bytes would put a stray one, which stands for a surrogate, elsewhere. */
static int compare_text(const struct value *a, const struct value *b)
{
    size_t i = 0, j = 0;

    while (i < a->length && j < b->length) {
        uint32_t x, y;

        i += utf8_next(a->text + i, a->length - i, &x);
        j += utf8_next(b->text + j, b->length - j, &y);
        if (x != y)
            return x < y ? -1 : 1;
    }
    return (i < a->length) - (j < b->length);
}

static int compare_bytes(const struct value *a, const struct value *b)
{
    int order = memcmp(a->text, b->text, a->length < b->length ? a->length : b->length);

    return order ? order : (a->length > b->length) - (a->length < b->length);
}

/* Integers by sign, then by their number of digits, then by these. */
static int compare_integers(const struct value *a, const struct value *b)
{
    if (a->kind == VALUE_INT && b->kind == VALUE_INT)
        return (a->integer > b->integer) - (a->integer < b->integer);
    bool a_negative = a->kind == VALUE_BIG ? *a->text == '-' : a->integer < 0;
    bool b_negative = b->kind == VALUE_BIG ? *b->text == '-' : b->integer < 0;
    if (a_negative != b_negative)
        return a_negative ? -1 : 1;
    int order = a->kind != b->kind      ? (a->kind == VALUE_BIG ? 1 : -1)
                : a->length < b->length ? -1
                                        : a->length > b->length;
    if (!order)
        order = memcmp(a->text, b->text, a->length);
    return a_negative ? -order : order;
}

static double as_real(const struct value *number)
{
    switch (number->kind) {
    case VALUE_BOOL:
        return number->boolean;
    case VALUE_INT:
        return (double)number->integer;
    case VALUE_BIG:
        return strtod(number->text, NULL);
    default:
        return number->real;
    }
}

static int compare_numbers(const struct value *a, const struct value *b)
{
    struct value left = a->kind == VALUE_BOOL ? value_int(a->boolean) : *a;
    struct value right = b->kind == VALUE_BOOL ? value_int(b->boolean) : *b;

    if (left.kind != VALUE_FLOAT && right.kind != VALUE_FLOAT)
        return compare_integers(&left, &right);
    double x = as_real(&left), y = as_real(&right);
    return (x > y) - (x < y);
}

static int compare_pairs(const void *a, const void *b)
{
    const struct value *left = &(*(const struct value_pair *const *)a)->key;
    const struct value *right = &(*(const struct value_pair *const *)b)->key;

    if (class_of(left) == KEY_NUMBER)
        return compare_numbers(left, right);
    return class_of(left) == KEY_TEXT ? compare_text(left, right) : compare_bytes(left, right);
}

/* The pairs in the order of their keys, or as they are when Python could not compare all of these. */
static const struct value_pair **sorted(struct writer *writer, const struct value *map)
{
    const struct value_pair **pairs = arena_calloc(writer->emitter.arena, map->length, sizeof *pairs);
    bool comparable = true;

    for (uint32_t i = 0; i < map->length; i++) {
        pairs[i] = &map->pairs[i];
        comparable &= class_of(&map->pairs[i].key) == class_of(&map->pairs[0].key);
    }
    if (map->length && comparable && class_of(&map->pairs[0].key) != KEY_OTHER)
        qsort(pairs, map->length, sizeof *pairs, compare_pairs);
    return pairs;
}

/* Numbers the anchors in the order in which values are met for the second time. */
static void find_shared(struct writer *writer, const struct value *value)
{
    const void *pointer = identity(value);

    if (pointer) {
        size_t before = writer->used;
        struct shared *shared = note_shared(writer, pointer);

        if (writer->used == before) {
            if (!shared->number)
                shared->number = ++writer->anchors;
            return;
        }
    }
    if (value->kind == VALUE_LIST) {
        for (uint32_t i = 0; i < value->length; i++)
            find_shared(writer, &value->items[i]);
    } else if (value->kind == VALUE_MAP) {
        const struct value_pair **pairs = sorted(writer, value);

        for (uint32_t i = 0; i < value->length; i++) {
            find_shared(writer, &pairs[i]->key);
            find_shared(writer, &pairs[i]->value);
        }
    }
}

static bool has_shared(const struct value *value)
{
    bool found = identity(value) != NULL;

    for (uint32_t i = 0; value->kind == VALUE_LIST && i < value->length && !found; i++)
        found = has_shared(&value->items[i]);
    for (uint32_t i = 0; value->kind == VALUE_MAP && i < value->length && !found; i++)
        found = has_shared(&value->pairs[i].key) || has_shared(&value->pairs[i].value);
    return found;
}

/* The name of its anchor when it has one. */
static const char *anchor_of(const struct writer *writer, const struct value *value, struct shared **entry)
{
    const void *pointer = identity(value);

    if (!pointer || !writer->slots)
        return NULL;
    struct shared *shared = find_slot(writer, pointer);
    *entry = shared;
    return shared->number ? arena_printf(writer->emitter.arena, "id%03d", shared->number) : NULL;
}

static bool is_simple_key(const struct writer *writer, const struct value *key)
{
    struct shared *shared;
    const char *anchor = anchor_of(writer, key, &shared);
    size_t length = anchor ? strlen(anchor) : 0;

    if (anchor && shared->written)
        return true;
    struct scalar scalar = scalar_of(writer->emitter.arena, key);
    length += strlen(scalar.tag) + scalar.length;
    return length <= MAX_SIMPLE_KEY && scalar.length && !scalar.multiline;
}

/* Moves the margin and returns the old one. */
static int increase_indent(struct emitter *emitter, bool flow, bool indentless)
{
    int old = emitter->indent;

    if (old < 0)
        emitter->indent = flow ? YAML_INDENT : 0;
    else if (!indentless)
        emitter->indent += YAML_INDENT;
    return old;
}

static void fold(struct emitter *emitter)
{
    if (emitter->column > YAML_WIDTH)
        emit_indent(emitter);
}

/* Before each item of a flow collection. */
static void start_item(struct emitter *emitter, uint32_t index)
{
    if (index)
        emit_indicator(emitter, ",", false, false, false);
    fold(emitter);
}

static void write_flow_map(struct writer *writer, const struct value *map)
{
    struct emitter *emitter = &writer->emitter;
    const struct value_pair **pairs = sorted(writer, map);

    for (uint32_t i = 0; i < map->length; i++) {
        bool simple = is_simple_key(writer, &pairs[i]->key);

        start_item(emitter, i);
        if (!simple)
            emit_indicator(emitter, "?", true, false, false);
        write_node(writer, &pairs[i]->key, (struct place){.mapping = true, .simple_key = simple});
        if (!simple)
            fold(emitter);
        emit_indicator(emitter, ":", !simple, false, false);
        write_node(writer, &pairs[i]->value, (struct place){.mapping = true});
    }
}

static void write_flow(struct writer *writer, const struct value *value)
{
    struct emitter *emitter = &writer->emitter;
    bool list = value->kind == VALUE_LIST;

    emit_indicator(emitter, list ? "[" : "{", true, true, false);
    emitter->flow_level++;
    int indent = increase_indent(emitter, true, false);
    for (uint32_t i = 0; list && i < value->length; i++) {
        start_item(emitter, i);
        write_node(writer, &value->items[i], (struct place){.root = false});
    }
    if (!list)
        write_flow_map(writer, value);
    emitter->indent = indent;
    emitter->flow_level--;
    emit_indicator(emitter, list ? "]" : "}", false, false, false);
}

/* A list below a key stands at the key's own margin. */
static void write_block_list(struct writer *writer, const struct value *list, struct place place)
{
    struct emitter *emitter = &writer->emitter;
    int indent = increase_indent(emitter, false, place.mapping && !emitter->indention);

    for (uint32_t i = 0; i < list->length; i++) {
        emit_indent(emitter);
        emit_indicator(emitter, "-", true, false, true);
        write_node(writer, &list->items[i], (struct place){.root = false});
    }
    emitter->indent = indent;
}

static void write_block_map(struct writer *writer, const struct value *map)
{
    struct emitter *emitter = &writer->emitter;
    const struct value_pair **pairs = sorted(writer, map);
    int indent = increase_indent(emitter, false, false);

    for (uint32_t i = 0; i < map->length; i++) {
        bool simple = is_simple_key(writer, &pairs[i]->key);

        emit_indent(emitter);
        if (!simple)
            emit_indicator(emitter, "?", true, false, true);
        write_node(writer, &pairs[i]->key, (struct place){.mapping = true, .simple_key = simple});
        if (!simple)
            emit_indent(emitter);
        emit_indicator(emitter, ":", !simple, false, !simple);
        write_node(writer, &pairs[i]->value, (struct place){.mapping = true});
    }
    emitter->indent = indent;
}

static void write_node(struct writer *writer, const struct value *value, struct place place)
{
    struct emitter *emitter = &writer->emitter;
    struct shared *shared;
    const char *anchor = anchor_of(writer, value, &shared);

    if (anchor) {
        emit_indicator(emitter, arena_printf(emitter->arena, "%c%s", shared->written ? '*' : '&', anchor), true, false,
                       false);
        if (shared->written)
            return;
        shared->written = true;
    }
    if (value->kind != VALUE_LIST && value->kind != VALUE_MAP) {
        struct scalar scalar = scalar_of(emitter->arena, value);
        int indent = increase_indent(emitter, true, false);

        emit_scalar(emitter, &scalar, place);
        emitter->indent = indent;
        return;
    }
    if (value->is_set)
        emit_indicator(emitter, "!!set", true, false, false);
    if (emitter->flow_level || emitter->flow_style || !value->length)
        write_flow(writer, value);
    else if (value->kind == VALUE_LIST)
        write_block_list(writer, value, place);
    else
        write_block_map(writer, value);
}

void yaml_write(const struct value *value, bool flow_style, struct str *out)
{
    struct arena *scratch = arena_new(NULL);
    struct writer writer = {.emitter = {.arena = scratch,
                                        .out = out,
                                        .indent = -1,
                                        .flow_style = flow_style,
                                        .whitespace = true,
                                        .indention = true}};

    if (has_shared(value))
        find_shared(&writer, value);
    write_node(&writer, value, (struct place){.root = true});
    emit_indent(&writer.emitter);
    if (writer.emitter.open_ended) {
        emit_indicator(&writer.emitter, "...", true, false, false);
        emit_indent(&writer.emitter);
    }
    arena_free(scratch);
}
