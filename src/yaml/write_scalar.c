#include <string.h>

#include "pgha/arena.h"
#include "pgha/utf8.h"
#include "pgha/yaml_type.h"

#include "emit.h"

#define NEXT_LINE 0x85
#define LINE_SEPARATOR 0x2028
#define PARAGRAPH_SEPARATOR 0x2029
#define BYTE_ORDER_MARK 0xfeff

static bool is_break(uint32_t code)
{
    return code == '\n' || code == NEXT_LINE || code == LINE_SEPARATOR || code == PARAGRAPH_SEPARATOR;
}

static bool is_blank(uint32_t code)
{
    return code == '\0' || code == ' ' || code == '\t' || code == '\r' || is_break(code);
}

static bool is_one_of(uint32_t code, const char *set)
{
    return code && code < 0x80 && strchr(set, (int)code);
}

/* Can stand in single quotes or plain. */
static bool is_printable(uint32_t code)
{
    if (code == '\n' || (code >= 0x20 && code <= 0x7e) || code == NEXT_LINE)
        return true;
    if (code == BYTE_ORDER_MARK)
        return false;
    return (code >= 0xa0 && code < 0xd800) || (code >= 0xe000 && code < 0xfffe) || (code >= 0x10000 && code < 0x10ffff);
}

/* --------------------------------------------------------------------------------------------- */

void emit_indicator(struct emitter *emitter, const char *text, bool need_whitespace, bool whitespace, bool indention)
{
    if (!emitter->whitespace && need_whitespace) {
        str_add_char(emitter->out, ' ');
        emitter->column++;
    }
    str_add(emitter->out, text);
    emitter->column += (int)strlen(text);
    emitter->whitespace = whitespace;
    emitter->indention = emitter->indention && indention;
    emitter->open_ended = false;
}

void emit_line_break(struct emitter *emitter, uint32_t code)
{
    utf8_add(emitter->out, code ? code : '\n');
    emitter->whitespace = true;
    emitter->indention = true;
    emitter->column = 0;
}

void emit_indent(struct emitter *emitter)
{
    int indent = emitter->indent < 0 ? 0 : emitter->indent;

    if (!emitter->indention || emitter->column > indent || (emitter->column == indent && !emitter->whitespace))
        emit_line_break(emitter, 0);
    if (emitter->column < indent) {
        emitter->whitespace = true;
        str_add_repeat(emitter->out, ' ', (size_t)(indent - emitter->column));
        emitter->column = indent;
    }
}

static void emit_text(struct emitter *emitter, const uint32_t *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        utf8_add(emitter->out, text[i]);
    emitter->column += (int)length;
}

static void emit_ascii(struct emitter *emitter, const char *text)
{
    str_add(emitter->out, text);
    emitter->column += (int)strlen(text);
}

/* --------------------------------------------------------------------------------------------- */

/* Indicators and blanks at the wrong places rule out forms. */
static void analyze(struct scalar *scalar)
{
    const uint32_t *text = scalar->text;
    size_t length = scalar->length;
    bool flow_indicators = false, block_indicators = false, special = false, break_space = false, space_break = false;

    if (!length) {
        scalar->plain_in_block = scalar->single_quoted = true;
        return;
    }
    if (length >= 3 && (text[0] == '-' || text[0] == '.') && text[1] == text[0] && text[2] == text[0])
        flow_indicators = block_indicators = true;
    for (size_t i = 0; i < length; i++) {
        bool after_blank = i == 0 || is_blank(text[i - 1]), before_blank = i + 1 == length || is_blank(text[i + 1]);
        uint32_t code = text[i];

        flow_indicators |= is_one_of(code, i ? ",?[]{}:" : "?:#,[]{}&*!|>'\"%@`");
        if (i == 0)
            block_indicators |= is_one_of(code, "#,[]{}&*!|>'\"%@`") || (is_one_of(code, "?:-") && before_blank);
        else
            block_indicators |= (code == ':' && before_blank) || (code == '#' && after_blank);
        flow_indicators |= (i == 0 && code == '-' && before_blank) || (i > 0 && code == '#' && after_blank);
        scalar->multiline |= is_break(code);
        special |= !is_printable(code);
        break_space |= code == ' ' && i > 0 && is_break(text[i - 1]);
        space_break |= is_break(code) && i > 0 && text[i - 1] == ' ';
    }
    bool edge = text[0] == ' ' || is_break(text[0]) || text[length - 1] == ' ' || is_break(text[length - 1]);
    bool plain = !edge && !break_space && !space_break && !special && !scalar->multiline;
    scalar->plain_in_flow = plain && !flow_indicators;
    scalar->plain_in_block = plain && !block_indicators;
    scalar->single_quoted = !break_space && !space_break && !special;
}

static void decode(struct arena *arena, struct scalar *scalar, const char *text, size_t length)
{
    scalar->text = arena_calloc(arena, length, sizeof *scalar->text);
    for (size_t i = 0, size; i < length; i += size) {
        size = utf8_next(text + i, length - i, &scalar->text[scalar->length]);
        scalar->length++;
    }
}

static void add_base64(struct str *out, const char *text, size_t length)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *bytes = (const unsigned char *)text;

    for (size_t i = 0; i < length; i += 3) {
        size_t left = length - i;
        unsigned bits = (unsigned)bytes[i] << 16;

        bits |= left > 1 ? (unsigned)bytes[i + 1] << 8 : 0;
        bits |= left > 2 ? bytes[i + 2] : 0;
        str_add_char(out, digits[bits >> 18]);
        str_add_char(out, digits[bits >> 12 & 63]);
        str_add_char(out, left > 1 ? digits[bits >> 6 & 63] : '=');
        str_add_char(out, left > 2 ? digits[bits & 63] : '=');
        if (left <= 3 || (i + 3) % 57 == 0)
            str_add_char(out, '\n');
    }
}

/* YAML wants a point: 1e+20 is text, 1.0e+20 a number. */
static void add_float(struct str *out, const struct value *value)
{
    size_t from = out->length;

    value_str(value, out);
    const char *text = out->text + from, *exponent = strchr(text, 'e');
    if (strchr(text, 'n')) { /* inf and nan */
        bool negative = *text == '-';
        const char *name = strchr(text, 'i') ? ".inf" : ".nan";
        str_cut(out, from);
        str_printf(out, "%s%s", negative ? "-" : "", name);
    } else if (exponent && !strchr(text, '.')) {
        char *tail = arena_strdup(out->arena, exponent);
        str_cut(out, from + (size_t)(exponent - text));
        str_printf(out, ".0%s", tail);
    }
}

struct scalar scalar_of(struct arena *arena, const struct value *value)
{
    static const char *const tags[] = {
        [VALUE_NULL] = "!!null",    [VALUE_BOOL] = "!!bool",      [VALUE_INT] = "!!int",
        [VALUE_BIG] = "!!int",      [VALUE_FLOAT] = "!!float",    [VALUE_STRING] = "!!str",
        [VALUE_BYTES] = "!!binary", [VALUE_DATE] = "!!timestamp", [VALUE_DATETIME] = "!!timestamp",
    };
    struct scalar scalar = {.tag = tags[value->kind], .implicit_plain = true};
    struct str text;

    str_init(&text, arena);
    switch ((enum value_kind)value->kind) {
    case VALUE_NULL:
        str_add(&text, "null");
        break;
    case VALUE_BOOL:
        str_add(&text, value->boolean ? "true" : "false");
        break;
    case VALUE_FLOAT:
        add_float(&text, value);
        break;
    case VALUE_STRING:
        str_add_bytes(&text, value->text, value->length);
        scalar.is_text = true;
        scalar.implicit_plain = yaml_type_of(text.text, text.length) == YAML_TYPE_STR;
        break;
    case VALUE_BYTES:
        add_base64(&text, value->text, value->length);
        scalar.implicit_plain = false;
        scalar.literal = true;
        break;
    default:
        value_str(value, &text);
        break;
    }
    decode(arena, &scalar, text.text, text.length);
    analyze(&scalar);
    return scalar;
}

/* --------------------------------------------------------------------------------------------- */

static void write_plain(struct emitter *emitter, const struct scalar *scalar, bool split)
{
    size_t start = 0;

    if (!emitter->whitespace)
        emit_ascii(emitter, " ");
    emitter->whitespace = emitter->indention = false;
    for (size_t end = 0; end <= scalar->length; end++) {
        bool in_spaces = end > start && scalar->text[start] == ' ';

        if (end < scalar->length && (scalar->text[end] == ' ') == in_spaces)
            continue;
        if (in_spaces && end == start + 1 && emitter->column > YAML_WIDTH && split) {
            emit_indent(emitter);
            emitter->whitespace = emitter->indention = false;
        } else {
            emit_text(emitter, scalar->text + start, end - start);
        }
        start = end;
    }
}

/* A line break in the text is an empty line, because a single one would be read as a blank. */
static void write_breaks(struct emitter *emitter, const uint32_t *text, size_t length, bool folded)
{
    if (folded && text[0] == '\n')
        emit_line_break(emitter, 0);
    for (size_t i = 0; i < length; i++)
        emit_line_break(emitter, text[i]);
    emit_indent(emitter);
}

static void write_single_quoted(struct emitter *emitter, const struct scalar *scalar, bool split)
{
    const uint32_t *text = scalar->text;
    size_t length = scalar->length;

    emit_indicator(emitter, "'", true, false, false);
    for (size_t start = 0, end; start < length; start = end) {
        for (end = start + 1; end < length; end++)
            if ((text[end] == ' ') != (text[start] == ' ') || is_break(text[end]) != is_break(text[start]))
                break;
        if (is_break(text[start])) {
            write_breaks(emitter, text + start, end - start, true);
        } else if (text[start] == ' ' && start + 1 == end && emitter->column > YAML_WIDTH && split && start &&
                   end != length) {
            emit_indent(emitter);
        } else {
            for (size_t i = start; i < end; i++)
                emit_text(emitter, text[i] == '\'' ? (const uint32_t[]){'\'', '\''} : &text[i], 1 + (text[i] == '\''));
        }
    }
    emit_indicator(emitter, "'", false, false, false);
}

static bool needs_escape(uint32_t code)
{
    if (code == '"' || code == '\\' || code == BYTE_ORDER_MARK || code == NEXT_LINE || code == LINE_SEPARATOR ||
        code == PARAGRAPH_SEPARATOR)
        return true;
    return !((code >= 0x20 && code <= 0x7e) || (code >= 0xa0 && code < 0xd800) || (code >= 0xe000 && code < 0xfffe));
}

static void write_escape(struct emitter *emitter, uint32_t code)
{
    static const struct {
        uint32_t code;
        char letter;
    } escapes[] = {
        {'\0', '0'},  {'\a', 'a'},      {'\b', 'b'}, {'\t', 't'},           {'\n', 'n'},
        {'\v', 'v'},  {'\f', 'f'},      {'\r', 'r'}, {0x1b, 'e'},           {'"', '"'},
        {'\\', '\\'}, {NEXT_LINE, 'N'}, {0xa0, '_'}, {LINE_SEPARATOR, 'L'}, {PARAGRAPH_SEPARATOR, 'P'},
    };

    for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++) {
        if (escapes[i].code == code) {
            emit_ascii(emitter, arena_printf(emitter->arena, "\\%c", escapes[i].letter));
            return;
        }
    }
    emit_ascii(emitter, arena_printf(emitter->arena,
                                     code < 0x100     ? "\\x%02X"
                                     : code < 0x10000 ? "\\u%04X"
                                                      : "\\U%08X",
                                     code));
}

/* Lines are folded at blanks and after escapes, with a backslash at the end, and one before a blank that begins a line.
 */
static void write_double_quoted(struct emitter *emitter, const struct scalar *scalar, bool split)
{
    const uint32_t *text = scalar->text;
    size_t length = scalar->length, start = 0;

    emit_indicator(emitter, "\"", true, false, false);
    for (size_t end = 0; end <= length; end++) {
        bool escape = end < length && needs_escape(text[end]);

        if (escape || end == length) {
            emit_text(emitter, text + start, end - start);
            start = end;
            if (escape) {
                write_escape(emitter, text[end]);
                start = end + 1;
            }
        }
        if (!split || end == 0 || end + 1 >= length || !(text[end] == ' ' || start >= end) ||
            emitter->column + (int)end - (int)start <= YAML_WIDTH)
            continue;
        if (start < end) {
            emit_text(emitter, text + start, end - start);
            start = end;
        }
        emit_ascii(emitter, "\\");
        emit_indent(emitter);
        emitter->whitespace = emitter->indention = false;
        if (text[start] == ' ')
            emit_ascii(emitter, "\\");
    }
    emit_indicator(emitter, "\"", false, false, false);
}

/* Only binary data comes as a block: lines of base64, each with its break. */
static void write_literal(struct emitter *emitter, const struct scalar *scalar)
{
    emit_indicator(emitter, "|", true, false, false);
    emit_line_break(emitter, 0);
    for (size_t i = 0; i < scalar->length; i++) {
        if (is_break(scalar->text[i])) {
            emit_line_break(emitter, 0);
        } else {
            emit_indent(emitter);
            size_t from = i;
            while (!is_break(scalar->text[i + 1]))
                i++;
            emit_text(emitter, scalar->text + from, i + 1 - from);
        }
    }
}

void emit_scalar(struct emitter *emitter, const struct scalar *scalar, struct place place)
{
    bool in_flow = emitter->flow_level > 0, split = !place.simple_key;
    bool awkward_key = place.simple_key && (!scalar->length || scalar->multiline);
    bool plain = !scalar->literal && scalar->implicit_plain && !awkward_key &&
                 (in_flow ? scalar->plain_in_flow : scalar->plain_in_block);

    if (!(plain ? scalar->implicit_plain : scalar->is_text))
        emit_indicator(emitter, scalar->tag, true, false, false);
    if (plain) {
        emitter->open_ended |= place.root;
        write_plain(emitter, scalar, split);
    } else if (scalar->literal && !in_flow && !place.simple_key && scalar->length) {
        write_literal(emitter, scalar);
    } else if (!scalar->literal && scalar->single_quoted && !(place.simple_key && scalar->multiline)) {
        write_single_quoted(emitter, scalar, split);
    } else {
        write_double_quoted(emitter, scalar, split);
    }
}
