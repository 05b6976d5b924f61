#include "etcd3_reply.h"

#include <ctype.h>
#include <string.h>

#include "backend.h"
#include "pgha/arena.h"
#include "pgha/base64.h"
#include "pgha/str.h"

/* Where the reading stands; what was read before `used` has made room for decoded bytes. */
struct cursor {
    char *body;
    size_t length;
    size_t position;
    size_t used;
};

static bool skip(struct cursor *cursor, char wanted)
{
    while (cursor->position < cursor->length && strchr(" \t\r\n", cursor->body[cursor->position]) &&
           cursor->body[cursor->position])
        cursor->position++;
    if (cursor->position >= cursor->length || cursor->body[cursor->position] != wanted)
        return false;
    cursor->position++;
    return true;
}

static bool at_end(const struct cursor *cursor)
{
    size_t position = cursor->position;

    while (position < cursor->length && isspace((unsigned char)cursor->body[position]))
        position++;
    return position == cursor->length;
}

static json_t *next_value(struct cursor *cursor)
{
    json_error_t error;
    json_t *value = json_loadb(cursor->body + cursor->position, cursor->length - cursor->position,
                               JSON_DECODE_ANY | JSON_DISABLE_EOF_CHECK | JSON_ALLOW_NUL, &error);

    if (value)
        cursor->position += (size_t)error.position;
    return value;
}

/* Decodes into the part of the body that was read already; what is decoded is shorter than what it comes from. */
static bool decode(struct cursor *cursor, const json_t *text, const char **data, size_t *size)
{
    if (!text) {
        *data = "";
        *size = 0;
        return true;
    }
    size_t length = json_string_length(text);
    if (!json_is_string(text) || cursor->used + BASE64_DECODED_SIZE(length) + 1 > cursor->position)
        return false;
    char *start = cursor->body + cursor->used;
    if (!base64_decode(json_string_value(text), length, start, size))
        return false;
    start[*size] = '\0';
    cursor->used += *size + 1;
    *data = start;
    return true;
}

static bool take_node(struct arena *arena, struct cursor *cursor, const json_t *kv, const char *prefix,
                      struct dcs_tree *tree)
{
    const char *revision = json_string_value(json_object_get(kv, "mod_revision"));
    const char *lease = json_string_value(json_object_get(kv, "lease"));
    struct dcs_node node = {.leased = lease && strcmp(lease, "0") != 0};
    size_t length;

    if (!revision || !str_to_int64(revision, 0, INT64_MAX, &node.revision) ||
        !decode(cursor, json_object_get(kv, "key"), &node.key, &length) ||
        !decode(cursor, json_object_get(kv, "value"), &node.value, &node.length))
        return false;
    if (!str_starts_with(node.key, prefix))
        return true;
    node.key += strlen(prefix);
    dcs_tree_add(arena, tree, node);
    return true;
}

static bool take_nodes(struct arena *arena, struct cursor *cursor, const char *prefix, struct dcs_tree *tree)
{
    if (!skip(cursor, '['))
        return false;
    if (skip(cursor, ']'))
        return true;
    do {
        json_t *kv = next_value(cursor);
        bool taken = kv && take_node(arena, cursor, kv, prefix, tree);

        json_decref(kv);
        if (!taken)
            return false;
    } while (skip(cursor, ','));
    return skip(cursor, ']');
}

/* The store's revision in a reply's header, 0 if there is none. */
static int64_t header_revision(const json_t *header)
{
    const char *revision = json_string_value(json_object_get(header, "revision"));
    int64_t number;

    return revision && str_to_int64(revision, 1, INT64_MAX, &number) ? number : 0;
}

/* The members of the reply's object; the large one is read element by element, which keeps the peak of memory low. */
static bool take_reply(struct arena *arena, struct cursor *cursor, const char *prefix, struct dcs_tree *tree)
{
    if (!skip(cursor, '{'))
        return false;
    if (skip(cursor, '}'))
        return true;
    do {
        json_t *name = next_value(cursor);
        bool is_kvs = name && str_equal(json_string_value(name), "kvs");
        bool is_header = name && str_equal(json_string_value(name), "header");
        bool taken = json_is_string(name) && skip(cursor, ':');

        json_decref(name);
        if (taken && is_kvs) {
            taken = take_nodes(arena, cursor, prefix, tree);
        } else if (taken) {
            json_t *other = next_value(cursor);

            taken = other;
            if (is_header)
                tree->revision = header_revision(other);
            json_decref(other);
        }
        if (!taken)
            return false;
    } while (skip(cursor, ','));
    return skip(cursor, '}');
}

bool etcd3_parse_range(struct arena *arena, char *body, size_t length, const char *prefix, struct dcs_tree *tree,
                       struct err *err)
{
    struct cursor cursor = {body, length, 0, 0};
    struct dcs_tree read = {.count = 0};

    if (!take_reply(arena, &cursor, prefix, &read) || !at_end(&cursor) || !read.revision)
        return err_set(err, arena, ERR_FAILED, "the reply of etcd is no valid JSON of its v3 API (at byte %zu of %zu)",
                       cursor.position, length);
    *tree = read;
    return true;
}

/* One line of at most so much as fits a message; what a server says may be anything. */
static const char *short_line(struct arena *arena, const char *text)
{
    static const char origin[] = "etcdserver: ";
    char *line;

    if (str_starts_with(text, origin))
        text += strlen(origin);
    line = arena_strndup(arena, text, 200);
    for (char *c = line; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            *c = ' ';
    return line;
}

struct etcd3_error etcd3_parse_error(struct arena *arena, const char *body, size_t length, int status)
{
    /*
     * What etcd says to these calls before it does anything (api/v3rpc/rpctypes/error.go, v3rpc/key.go), and its
     * gateway to calls that it does not know. Others, such as "cancelled", may come although it was done, or while it
     * is; "failed precondition" and "out of range" are answers to other calls.
     */
    static const int refusals[] = {GRPC_INVALID_ARGUMENT, GRPC_NOT_FOUND, GRPC_PERMISSION_DENIED, GRPC_UNIMPLEMENTED,
                                   GRPC_UNAUTHENTICATED};
    struct etcd3_error error = {.code = 0};
    json_t *reply = json_loadb(body, length, 0, NULL);
    /* Streams nest the error; servers older than 3.3 write its names in capitals. */
    const json_t *nested = json_object_get(reply, "error");
    const json_t *holder = json_is_object(nested) ? nested : reply;
    const json_t *code = json_object_get(holder, "code");
    const char *text = json_string_value(json_object_get(holder, "error"));

    if (!code)
        code = json_object_get(holder, "grpc_code");
    if (!code)
        code = json_object_get(holder, "Code");
    if (!text)
        text = json_string_value(json_object_get(holder, "message"));
    if (!text)
        text = json_string_value(json_object_get(holder, "Error"));
    if (json_is_integer(code))
        error.code = (int)json_integer_value(code);
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
        error.refusal |= text && error.code == refusals[i];
    if (text && error.code == GRPC_RESOURCE_EXHAUSTED) {
        error.refusal = strstr(text, "too many requests");
        error.ended = true;
    }
    if (text)
        error.message = short_line(arena, text);
    else if (reply || !*body)
        error.message = arena_printf(arena, "HTTP status %d", status);
    else
        error.message = arena_printf(arena, "HTTP status %d: %s", status,
                                     short_line(arena, arena_strndup(arena, body, strcspn(body, "\r\n"))));
    json_decref(reply);
    return error;
}

static bool is_array_of_one(const json_t *json)
{
    return json_is_array(json) && json_array_size(json) == 1;
}

/* Nothing but these may be in an answer; they end with NULL. */
static bool has_only(json_t *answer, const char *const *names)
{
    const char *key;
    json_t *value;

    json_object_foreach(answer, key, value)
    {
        size_t i = 0;

        while (names[i] && strcmp(names[i], key) != 0)
            i++;
        if (!names[i])
            return false;
    }
    return true;
}

static const struct {
    const char *names[4];
    const char *response; /* of the one operation in a transaction */
} answers[] = {
    [ETCD3_PUT] = {{"header", "prev_kv"}, NULL},
    [ETCD3_DELETE] = {{"header", "deleted", "prev_kvs"}, NULL},
    [ETCD3_PUT_IF] = {{"header", "succeeded", "responses"}, "response_put"},
    [ETCD3_DELETE_IF] = {{"header", "succeeded", "responses"}, "response_delete_range"},
};

static enum etcd3_outcome transaction_outcome(const json_t *answer, const char *response)
{
    const json_t *succeeded = json_object_get(answer, "succeeded"), *responses = json_object_get(answer, "responses");

    /* What is false or empty, the gateway leaves out. */
    if (!succeeded || json_is_false(succeeded))
        return json_array_size(responses) == 0 ? ETCD3_COMPARE_FAILED : ETCD3_NO_ANSWER;
    bool valid = json_is_true(succeeded) && is_array_of_one(responses) &&
                 json_is_object(json_object_get(json_array_get(responses, 0), response));
    return valid ? ETCD3_WRITTEN : ETCD3_NO_ANSWER;
}

enum etcd3_outcome etcd3_parse_write(enum etcd3_write call, const char *body, size_t length, int64_t seen)
{
    json_t *answer = json_loadb(body, length, JSON_REJECT_DUPLICATES, NULL);
    enum etcd3_outcome outcome = ETCD3_NO_ANSWER;
    int64_t revision = header_revision(json_object_get(answer, "header"));
    const json_t *deleted = json_object_get(answer, "deleted");
    int64_t number;

    /* A deletion of what is not there makes no revision, neither does a comparison that fails. */
    if (revision && revision >= seen && has_only(answer, answers[call].names) &&
        (!deleted || (json_is_string(deleted) && str_to_int64(json_string_value(deleted), 0, INT64_MAX, &number))))
        outcome = answers[call].response ? transaction_outcome(answer, answers[call].response) : ETCD3_WRITTEN;
    if (outcome == ETCD3_WRITTEN && call != ETCD3_DELETE && revision == seen)
        outcome = ETCD3_NO_ANSWER;
    json_decref(answer);
    return outcome;
}
