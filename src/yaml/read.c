#include "pgha/yaml.h"

#include <stdarg.h>
#include <string.h>

#include <yaml.h>

#include "node.h"
#include "pgha/arena.h"
#include "pgha/utf8.h"
#include "pgha/value_index.h"
#include "pgha/yaml_type.h"
#include "surrogates.h"
#include "tabs.h"

struct composer {
    struct loader *loader;
    yaml_parser_t *parser;
    struct value anchors; /* names of anchors; what they stand for is the child of `anchored` in the same place */
    struct value_index index;
    struct node anchored;
    struct tabs tabs;
    bool hides_surrogates;
    int depth;
    int flow_depth; /* brackets and braces around it */
};

static bool compose(struct composer *composer, yaml_event_t *event, struct node **node);

static bool refuse_at(const struct loader *loader, size_t line, size_t column, const char *what)
{
    return err_set(loader->err, loader->arena, ERR_FAILED, "%s, line %zu, column %zu: %s", loader->name, line + 1,
                   column + 1, what);
}

bool node_refuse(const struct loader *loader, const struct node *node, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    const char *what = arena_vprintf(loader->arena, format, list);
    va_end(list);
    return refuse_at(loader, node->line, node->column, what);
}

void node_add_child(struct arena *arena, struct node *node, struct node *child)
{
    if (node->count == node->capacity) {
        size_t capacity = node->capacity ? 2 * node->capacity : 4;
        struct node **children = arena_calloc(arena, capacity, sizeof(struct node *));

        if (node->count)
            memcpy(children, node->children, node->count * sizeof(struct node *));
        node->children = children;
        node->capacity = capacity;
    }
    node->children[node->count++] = child;
}

/* At the tab that tabs_check() has found. */
static bool refuse_tab(const struct composer *composer)
{
    const struct tabs *tabs = &composer->tabs;
    size_t line = 0, column = 0;

    for (size_t i = 0; i < tabs->bytes[tabs->next]; i++) {
        column += ((unsigned char)tabs->text[i] & 0xc0) != 0x80;
        if (tabs->text[i] == '\n') {
            line++;
            column = 0;
        }
    }
    return refuse_at(composer->loader, line, column, "a tab outside of quotes, blocks and comments: use blanks");
}

static bool out_of_memory(const struct loader *loader)
{
    return err_set(loader->err, loader->arena, ERR_FAILED, "%s: out of memory", loader->name);
}

/* libyaml's words for what people do wrong most, with what to look for. */
static const char *explained(struct arena *arena, const char *problem)
{
    static const struct {
        const char *problem;
        const char *hint;
    } hints[] = {
        {"mapping values are not allowed in this context",
         "look for wrong indentation here or in the line before, and put text with a colon in quotes"},
        {"found character that cannot start any token",
         "indent with blanks, not with tabs, and put text that begins with @, % or ` in quotes"},
        {"could not find expected ':'", "the line before lacks its colon, or is not indented as it should be"},
        {"did not find expected key", "look for wrong indentation here or in the line before"},
    };

    for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
        if (strcmp(problem, hints[i].problem) == 0)
            return arena_printf(arena, "%s (%s)", problem, hints[i].hint);
    return problem;
}

static bool next_event(struct composer *composer, yaml_event_t *event)
{
    const yaml_parser_t *parser = composer->parser;

    if (!yaml_parser_parse(composer->parser, event) && parser->error == YAML_MEMORY_ERROR)
        return out_of_memory(composer->loader);
    if (parser->error)
        return refuse_at(composer->loader, parser->problem_mark.line, parser->problem_mark.column,
                         parser->problem ? explained(composer->loader->arena, parser->problem) : "no YAML");
    if (tabs_check(&composer->tabs, event))
        return true;
    yaml_event_delete(event);
    return refuse_tab(composer);
}

static enum node_tag tag_of(const char *tag, enum node_tag preset)
{
    static const struct {
        const char *name;
        enum node_tag tag;
    } tags[] = {
        {"str", TAG_STR},
        {"null", TAG_NULL},
        {"bool", TAG_BOOL},
        {"int", TAG_INT},
        {"float", TAG_FLOAT},
        {"merge", TAG_MERGE},
        {"timestamp", TAG_TIMESTAMP},
        {"value", TAG_VALUE},
        {"seq", TAG_SEQ},
        {"map", TAG_MAP},
        {"set", TAG_SET},
        {"omap", TAG_OMAP},
        {"pairs", TAG_PAIRS},
        {"binary", TAG_BINARY},
    };
    static const char prefix[] = "tag:yaml.org,2002:";

    if (!tag || str_equal(tag, "!"))
        return preset;
    if (str_starts_with(tag, prefix))
        for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
            if (str_equal(tag + sizeof prefix - 1, tags[i].name))
                return tags[i].tag;
    return TAG_UNKNOWN;
}

static enum node_tag plain_tag(const char *text, size_t length)
{
    static const enum node_tag tags[] = {
        [YAML_TYPE_STR] = TAG_STR,     [YAML_TYPE_NULL] = TAG_NULL,   [YAML_TYPE_BOOL] = TAG_BOOL,
        [YAML_TYPE_INT] = TAG_INT,     [YAML_TYPE_FLOAT] = TAG_FLOAT, [YAML_TYPE_TIMESTAMP] = TAG_TIMESTAMP,
        [YAML_TYPE_MERGE] = TAG_MERGE, [YAML_TYPE_VALUE] = TAG_VALUE,
    };

    return tags[yaml_type_of(text, length)];
}

static struct node *find_anchor(const struct composer *composer, const char *name)
{
    struct value key = value_string(name);
    const struct value_pair *found = value_index_find(&composer->index, &key);

    return found ? composer->anchored.children[found - composer->anchors.pairs] : NULL;
}

static void note_anchor(struct composer *composer, const char *name, struct node *node)
{
    struct arena *arena = composer->loader->arena;

    value_map_append(arena, &composer->anchors, value_copy_string(arena, name), value_null());
    value_index_note(&composer->index);
    node_add_child(arena, &composer->anchored, node);
}

/* Makes the node that a start event stands for and notes its anchor. */
static bool open_node(struct composer *composer, const yaml_event_t *event, enum node_kind kind, const char *anchor,
                      const char *tag, struct node **opened)
{
    struct arena *arena = composer->loader->arena;
    struct node *node = arena_alloc(arena, sizeof *node);

    *node = (struct node){.kind = kind,
                          .line = event->start_mark.line,
                          .column = event->start_mark.column,
                          .open = true,
                          .weight = 1,
                          .height = 1};
    node->tag = tag_of(tag, kind == NODE_SCALAR ? TAG_STR : kind == NODE_SEQUENCE ? TAG_SEQ : TAG_MAP);
    *opened = node;
    if (!anchor)
        return true;
    if (find_anchor(composer, anchor))
        return node_refuse(composer->loader, node, "a second anchor of the same name");
    note_anchor(composer, anchor, node);
    return true;
}

static bool compose_alias(struct composer *composer, const yaml_event_t *event, struct node **node)
{
    const char *name = (const char *)event->data.alias.anchor;
    struct node *anchor = find_anchor(composer, name);
    struct node here = {.line = event->start_mark.line, .column = event->start_mark.column};

    if (!anchor)
        return node_refuse(composer->loader, &here, "undefined alias (text that begins with * has to be in quotes)");
    if (anchor->open)
        return node_refuse(composer->loader, &here, "an alias inside of what it stands for");
    *node = anchor;
    composer->loader->has_aliases = true;
    return true;
}

static bool compose_scalar(struct composer *composer, const yaml_event_t *event, struct node **node)
{
    const char *tag = (const char *)event->data.scalar.tag, *text = (const char *)event->data.scalar.value;
    struct node *scalar;

    if (!open_node(composer, event, NODE_SCALAR, (const char *)event->data.scalar.anchor, tag, &scalar))
        return false;
    scalar->count = event->data.scalar.length;
    scalar->text = arena_memdup(composer->loader->arena, text, scalar->count + 1); /* may have a NUL inside */
    scalar->open = false;
    if (composer->hides_surrogates) {
        bool quoted = event->data.scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE;
        struct str shown = surrogates_show(composer->loader->arena, scalar->text, scalar->count, quoted);

        scalar->text = shown.text;
        scalar->count = shown.length;
    }
    if (event->data.scalar.plain_implicit || str_equal(tag, "!")) {
        scalar->tag = plain_tag(scalar->text, scalar->count);
        scalar->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
        if (scalar->plain && composer->flow_depth && strchr(scalar->text, '?')) /* libyaml knows better than 1.1 */
            return node_refuse(composer->loader, scalar, "a question mark in brackets has to be in quotes");
    }
    *node = scalar;
    return true;
}

static bool compose_children(struct composer *composer, struct node *node)
{
    const struct loader *loader = composer->loader;
    yaml_event_type_t end = node->kind == NODE_SEQUENCE ? YAML_SEQUENCE_END_EVENT : YAML_MAPPING_END_EVENT;

    for (;;) {
        yaml_event_t event;
        struct node *child;

        if (!next_event(composer, &event))
            return false;
        bool ended = event.type == end, composed = !ended && compose(composer, &event, &child);
        yaml_event_delete(&event);
        if (ended)
            return true;
        if (!composed)
            return false;
        node->weight += child->weight;
        if (node->height <= child->height)
            node->height = child->height + 1;
        if (node->weight > YAML_MAX_NODES)
            return node_refuse(loader, node, "more than %d values", YAML_MAX_NODES);
        if (node->height > YAML_MAX_DEPTH)
            return node_refuse(loader, node, "nested too deeply");
        node_add_child(loader->arena, node, child);
    }
}

static bool compose_collection(struct composer *composer, const yaml_event_t *event, struct node **node)
{
    bool list = event->type == YAML_SEQUENCE_START_EVENT;
    const yaml_char_t *anchor = list ? event->data.sequence_start.anchor : event->data.mapping_start.anchor;
    const yaml_char_t *tag = list ? event->data.sequence_start.tag : event->data.mapping_start.tag;

    if (!open_node(composer, event, list ? NODE_SEQUENCE : NODE_MAPPING, (const char *)anchor, (const char *)tag, node))
        return false;
    if (composer->depth == YAML_MAX_DEPTH)
        return node_refuse(composer->loader, *node, "nested too deeply");
    bool flow = list ? event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE
                     : event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE;
    composer->depth++;
    composer->flow_depth += flow;
    bool composed = compose_children(composer, *node);
    composer->depth--;
    composer->flow_depth -= flow;
    (*node)->open = false;
    return composed;
}

static bool compose(struct composer *composer, yaml_event_t *event, struct node **node)
{
    if (event->type == YAML_ALIAS_EVENT)
        return compose_alias(composer, event, node);
    if (event->type == YAML_SCALAR_EVENT)
        return compose_scalar(composer, event, node);
    return compose_collection(composer, event, node);
}

/* The next event that is a node, past the starts of the stream and the document; NULL in `*root` when there is none. */
static bool compose_document(struct composer *composer, struct node **root)
{
    *root = NULL;
    for (;;) {
        yaml_event_t event;
        bool ok = true;

        if (!next_event(composer, &event))
            return false;
        struct node here = {.line = event.start_mark.line, .column = event.start_mark.column};
        yaml_event_type_t type = event.type;
        if (type == YAML_DOCUMENT_START_EVENT && *root)
            ok = node_refuse(composer->loader, &here, "expected a single document, but found another");
        else if (type == YAML_ALIAS_EVENT || type == YAML_SCALAR_EVENT || type == YAML_SEQUENCE_START_EVENT ||
                 type == YAML_MAPPING_START_EVENT)
            ok = compose(composer, &event, root);
        yaml_event_delete(&event);
        if (!ok || type == YAML_STREAM_END_EVENT)
            return ok;
    }
}

/* PyYAML takes these characters, line breaks and what follows U+009F; surrogates and U+FFFE are no text either. */
static bool is_allowed(uint32_t code)
{
    return code == '\t' || code == '\n' || code == '\r' || (code >= 0x20 && code < 0x7f) || code == 0x85 ||
           (code >= 0xa0 && code < 0xd800) || (code >= 0xe000 && code < 0xfffe) || code >= 0x10000;
}

static bool check_characters(const struct loader *loader, const char *text, size_t length)
{
    size_t line = 0, column = 0;
    uint32_t code;

    for (size_t i = 0, size; i < length; i += size) {
        size = utf8_next(text + i, length - i, &code);
        if (size == 1 && code >= 0x80)
            return refuse_at(loader, line, column, "no valid UTF-8");
        if (!is_allowed(code))
            return refuse_at(loader, line, column,
                             arena_printf(loader->arena, "the character U+%04X is not allowed", code));
        column++;
        if (code == '\n') {
            line++;
            column = 0;
        }
    }
    return true;
}

bool yaml_read(struct arena *arena, const char *text, size_t length, const char *name, const char *const *text_keys,
               struct value *value, struct err *err)
{
    return yaml_read_noting(arena, text, length, name, text_keys, NULL, value, err);
}

bool yaml_read_noting(struct arena *arena, const char *text, size_t length, const char *name,
                      const char *const *text_keys, struct yaml_repeats *repeats, struct value *value, struct err *err)
{
    static const char mark[] = "\xef\xbb\xbf";
    struct loader loader = {.arena = arena, .name = name, .text_keys = text_keys, .err = err, .repeats = repeats};
    struct node *root;
    yaml_parser_t parser;

    if (length >= 3 && memcmp(text, mark, 3) == 0) {
        text += 3;
        length -= 3;
    }
    if (!check_characters(&loader, text, length))
        return false;
    struct str hidden;
    bool hides_surrogates = surrogates_hide(arena, text, length, &hidden);
    if (hides_surrogates) {
        text = hidden.text;
        length = hidden.length;
    }
    if (!yaml_parser_initialize(&parser))
        return out_of_memory(&loader);
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
    struct composer composer = {.loader = &loader, .parser = &parser, .hides_surrogates = hides_surrogates};
    composer.anchors = value_map();
    composer.index = value_index_make(arena, &composer.anchors);
    tabs_find(arena, text, length, &composer.tabs);
    bool done = compose_document(&composer, &root);
    yaml_parser_delete(&parser);
    if (!done)
        return false;
    if (root)
        return node_build(&loader, root, value);
    *value = value_null();
    return true;
}
