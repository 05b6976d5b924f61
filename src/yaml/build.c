#include <stdlib.h>
#include <string.h>

#include "pgha/arena.h"
#include "pgha/str.h"

#include "node.h"

static const char *kind_name(const struct node *node)
{
    static const char *const names[] = {"a scalar", "a sequence", "a mapping"};

    return names[node->kind];
}

static bool merge_pairs(struct loader *loader, struct node *into, const struct node *from)
{
    loader->weight += from->count;
    if (loader->weight > YAML_MAX_NODES)
        return node_refuse(loader, into, "more than %d values", YAML_MAX_NODES);
    for (size_t i = 0; i < from->count; i++)
        node_add_child(loader->arena, into, from->children[i]);
    return true;
}

static bool resolve_merges(struct loader *loader, struct node *node);

static bool merge_one(struct loader *loader, struct node *into, const struct node *node, struct node *source)
{
    if (source->kind != NODE_MAPPING)
        return node_refuse(loader, node, "expected a mapping or list of mappings for merging, but found %s",
                           kind_name(source));
    return resolve_merges(loader, source) && merge_pairs(loader, into, source);
}

/* Equal keys behind one another, in the order of the document. */
static int by_key(const void *a, const void *b)
{
    const struct node *one = *(struct node *const *)a, *other = *(struct node *const *)b;
    int order = strcmp(one->text, other->text);

    if (order || one->tag != other->tag)
        return order ? order : (one->tag > other->tag) - (one->tag < other->tag);
    if (one->line != other->line)
        return one->line > other->line ? 1 : -1;
    return (one->column > other->column) - (one->column < other->column);
}

/* Counts keys that stand in a mapping again, and remembers the one that comes first in the document. */
static void note_repeats(const struct loader *loader, const struct node *own)
{
    struct node **keys = arena_calloc(loader->arena, own->count / 2 + 1, sizeof *keys);
    struct yaml_repeats *repeats = loader->repeats;
    size_t count = 0;

    for (size_t i = 0; i < own->count; i += 2)
        if (own->children[i]->kind == NODE_SCALAR)
            keys[count++] = own->children[i];
    qsort(keys, count, sizeof *keys, by_key);
    for (size_t i = 1; i < count; i++) {
        if (keys[i]->tag != keys[i - 1]->tag || strcmp(keys[i]->text, keys[i - 1]->text) != 0)
            continue;
        if (!repeats->count || keys[i]->line + 1 < repeats->line) {
            repeats->key = keys[i]->text;
            repeats->line = keys[i]->line + 1;
        }
        repeats->count++;
    }
}

/*
 * Puts what merge keys (<<) bring in front of the mapping's own pairs, so that these win, and of several mappings the
 * first. A key written as = counts as text.
 */
static bool resolve_merges(struct loader *loader, struct node *node)
{
    struct node own = {.kind = NODE_MAPPING}, all = {.kind = NODE_MAPPING, .line = node->line, .column = node->column};

    if (node->merged)
        return true;
    node->merged = true;
    for (size_t i = 0; i < node->count; i += 2) {
        struct node *key = node->children[i], *value = node->children[i + 1];

        if (key->tag == TAG_VALUE)
            key->tag = TAG_STR;
        if (key->tag != TAG_MERGE) {
            node_add_child(loader->arena, &own, key);
            node_add_child(loader->arena, &own, value);
            continue;
        }
        bool list = value->kind == NODE_SEQUENCE;
        for (size_t j = list ? value->count : 1; j-- > 0;)
            if (!merge_one(loader, &all, node, list ? value->children[j] : value))
                return false;
    }
    if (loader->repeats)
        note_repeats(loader, &own);
    if (own.count == node->count)
        return true;
    if (!merge_pairs(loader, &all, &own))
        return false;
    node->children = all.children;
    node->count = all.count;
    node->capacity = all.capacity;
    return true;
}

/* Whether the value of this key keeps the text that the document has. */
static bool keeps_text(const struct loader *loader, const struct node *key, const struct node *value)
{
    if (!loader->text_keys || key->kind != NODE_SCALAR || value->kind != NODE_SCALAR || !value->plain)
        return false;
    if (value->tag == TAG_NULL && value->count)
        return false;
    for (const char *const *name = loader->text_keys; *name; name++)
        if (str_equal(*name, key->text))
            return true;
    return false;
}

static bool build_mapping(struct loader *loader, struct node *node, struct value *map)
{
    bool set = node->tag == TAG_SET;

    if (node->kind != NODE_MAPPING)
        return node_refuse(loader, node, "expected a mapping, but found %s", kind_name(node));
    if (!resolve_merges(loader, node))
        return false;
    for (size_t i = 0; i < node->count; i += 2) {
        struct node *key_node = node->children[i], *value_node = node->children[i + 1];
        struct value key, value;

        if (!node_build(loader, key_node, &key))
            return false;
        if (key.kind == VALUE_LIST || key.kind == VALUE_MAP)
            return node_refuse(loader, key_node, "%s is no key for a mapping", kind_name(key_node));
        if (keeps_text(loader, key_node, value_node))
            value = value_text(value_node->text, value_node->count);
        else if (!node_build(loader, value_node, &value))
            return false;
        value_map_append(loader->arena, map, key, set ? value_null() : value);
    }
    value_map_unique(map);
    return true;
}

static bool build_sequence(struct loader *loader, struct node *node, struct value *list)
{
    if (node->kind != NODE_SEQUENCE)
        return node_refuse(loader, node, "expected a sequence, but found %s", kind_name(node));
    for (size_t i = 0; i < node->count; i++) {
        struct value item;

        if (!node_build(loader, node->children[i], &item))
            return false;
        value_list_add(loader->arena, list, item);
    }
    return true;
}

/* !!omap and !!pairs: mappings of one pair each become lists of key and value. */
static bool build_pairs(struct loader *loader, struct node *node, struct value *list)
{
    if (node->kind != NODE_SEQUENCE)
        return node_refuse(loader, node, "expected a sequence, but found %s", kind_name(node));
    for (size_t i = 0; i < node->count; i++) {
        struct node *item = node->children[i];
        struct value pair = value_list(), key, value;

        if (item->kind != NODE_MAPPING || item->count != 2)
            return node_refuse(loader, item, "expected a mapping of length 1");
        if (!node_build(loader, item->children[0], &key) || !node_build(loader, item->children[1], &value))
            return false;
        value_list_add(loader->arena, &pair, key);
        value_list_add(loader->arena, &pair, value);
        value_list_add(loader->arena, list, pair);
    }
    return true;
}

/* A tag for text on a mapping takes the value of its key "=", however odd that is. */
static bool build_scalar(struct loader *loader, struct node *node, struct value *value)
{
    struct node scalar = *node;

    while (scalar.kind == NODE_MAPPING) {
        const struct node *inner = NULL;

        for (size_t i = 0; i < scalar.count && !inner; i += 2)
            if (scalar.children[i]->tag == TAG_VALUE)
                inner = scalar.children[i + 1];
        if (!inner)
            break;
        scalar = *inner;
        scalar.tag = node->tag;
    }
    if (scalar.kind != NODE_SCALAR)
        return node_refuse(loader, node, "expected a scalar, but found %s", kind_name(&scalar));
    return node_build_scalar(loader, &scalar, value);
}

static bool build(struct loader *loader, struct node *node, struct value *value)
{
    switch (node->tag) {
    case TAG_SEQ:
        *value = value_list();
        return build_sequence(loader, node, value);
    case TAG_OMAP:
    case TAG_PAIRS:
        *value = value_list();
        return build_pairs(loader, node, value);
    case TAG_MAP:
    case TAG_SET:
        *value = value_map();
        value->is_set = node->tag == TAG_SET;
        return build_mapping(loader, node, value);
    case TAG_MERGE:
    case TAG_VALUE:
        return node_refuse(loader, node, "%s has no meaning here", node->tag == TAG_MERGE ? "<<" : "=");
    case TAG_UNKNOWN:
        return node_refuse(loader, node, "unknown tag (text that begins with ! has to be in quotes)");
    default:
        return build_scalar(loader, node, value);
    }
}

bool node_build(struct loader *loader, struct node *node, struct value *value)
{
    if (!node->built) {
        if (!build(loader, node, &node->value))
            return false;
        node->built = true;
        /* What is empty needs a pointer too, so that yaml_write() knows it again. */
        if (node->value.kind == VALUE_LIST && !node->value.length)
            node->value.items = arena_alloc(loader->arena, sizeof(struct value));
        if (node->value.kind == VALUE_MAP && !node->value.length)
            node->value.pairs = arena_alloc(loader->arena, sizeof(struct value_pair));
    }
    *value = node->value;
    value->aliased = loader->has_aliases; /* a merge may take it up later */
    return true;
}
