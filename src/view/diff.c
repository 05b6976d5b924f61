#include "pgha/diff.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pgha/arena.h"
#include "pgha/hash.h"

#define CONTEXT 3

/*
 * Equal lines looked at before the search for common parts ends, about a second: difflib takes time that grows with the
 * square of the lines, hours for the largest configurations. What it has not found by then is shown as changed.
 */
#define MOST_STEPS 300000000

/* difflib ignores lines that make up more than a hundredth of a text this long when it looks for common parts. */
#define FREQUENT_FROM 200

/* Equal lines have equal ids, so that lines are compared once only. */
struct line {
    const char *text;
    size_t length;
    size_t id;
};

struct side {
    struct line *lines;
    size_t count;
};

/* Length of the common part that ends at a line of the second text; valid only for the row it was written in. */
struct cell {
    size_t row;
    size_t length;
};

struct block {
    size_t a;
    size_t b;
    size_t length;
};

struct blocks {
    struct block *items;
    size_t count;
    size_t capacity;
};

struct range {
    size_t a_from;
    size_t a_to;
    size_t b_from;
    size_t b_to;
};

/* A range still to be searched for the longest common part, which has at most `most` lines that are not frequent. */
struct search {
    struct range range;
    size_t most;
};

struct searches {
    struct search *items;
    size_t count;
    size_t capacity;
};

struct change {
    bool equal;
    struct range range;
};

struct changes {
    struct change *items;
    size_t count;
    size_t capacity;
};

struct matcher {
    struct arena *arena;
    struct side a;
    struct side b;
    size_t *starts; /* by id, and one more: where its places in `b` begin in `places` */
    size_t *places;
    bool *frequent; /* by id */
    struct cell *cells[2];
    size_t row;
    size_t steps; /* lines looked at so far */
};

/* Appends an element of any of the arrays above. */
#define ADD(arena_, array, ...)                                                                                        \
    do {                                                                                                               \
        (array)->items =                                                                                               \
            with_room((arena_), (array)->items, (array)->count, &(array)->capacity, sizeof *(array)->items);           \
        (array)->items[(array)->count++] = __VA_ARGS__;                                                                \
    } while (0)

static void *with_room(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return items;
    *capacity = *capacity ? 2 * *capacity : 16;
    void *grown = arena_calloc(arena, *capacity, size);
    if (count)
        memcpy(grown, items, count * size);
    return grown;
}

static struct side split(struct arena *arena, const char *text)
{
    struct side side = {NULL, 1};
    size_t length = strlen(text);

    while (length && text[length - 1] == '\n')
        length--;
    for (size_t i = 0; i < length; i++)
        side.count += text[i] == '\n';
    side.lines = arena_calloc(arena, side.count, sizeof *side.lines);
    for (size_t i = 0; i < side.count; i++) {
        const char *end = memchr(text, '\n', length);
        size_t taken = end ? (size_t)(end - text) : length;

        side.lines[i] = (struct line){text, taken, 0};
        if (end) {
            text += taken + 1;
            length -= taken + 1;
        }
    }
    return side;
}

static size_t number_lines(struct arena *arena, const struct side *a, const struct side *b)
{
    const struct side *sides[] = {a, b};
    size_t slots = 16, ids = 0;

    while (slots < 2 * (a->count + b->count))
        slots *= 2;
    const struct line **table = arena_calloc(arena, slots, sizeof(struct line *));

    for (size_t side = 0; side < 2; side++)
        for (size_t i = 0; i < sides[side]->count; i++) {
            struct line *line = &sides[side]->lines[i];
            size_t slot = hash_bytes((uintptr_t)table, line->text, line->length) & (slots - 1);

            while (table[slot] &&
                   (table[slot]->length != line->length || memcmp(table[slot]->text, line->text, line->length) != 0))
                slot = (slot + 1) & (slots - 1);
            if (table[slot]) {
                line->id = table[slot]->id;
            } else {
                line->id = ids++;
                table[slot] = line;
            }
        }
    return ids;
}

static struct matcher matcher_make(struct arena *arena, const char *before, const char *after)
{
    struct matcher matcher = {.arena = arena, .a = split(arena, before), .b = split(arena, after)};
    size_t ids = number_lines(arena, &matcher.a, &matcher.b);
    size_t count = matcher.b.count;

    matcher.starts = arena_calloc(arena, ids + 2, sizeof *matcher.starts);
    matcher.places = arena_calloc(arena, count, sizeof *matcher.places);
    matcher.frequent = arena_calloc(arena, ids, sizeof *matcher.frequent);
    for (size_t i = 0; i < 2; i++)
        matcher.cells[i] = arena_calloc(arena, count, sizeof *matcher.cells[i]);

    /* A counting sort: shifted by two first, so that filling in the places leaves the starts where they belong. */
    for (size_t j = 0; j < count; j++)
        matcher.starts[matcher.b.lines[j].id + 2]++;
    for (size_t id = 0; id < ids; id++) {
        matcher.frequent[id] = count >= FREQUENT_FROM && matcher.starts[id + 2] > count / 100 + 1;
        matcher.starts[id + 2] += matcher.starts[id + 1];
    }
    for (size_t j = 0; j < count; j++)
        matcher.places[matcher.starts[matcher.b.lines[j].id + 1]++] = j;
    return matcher;
}

static bool same(const struct matcher *matcher, size_t i, size_t j)
{
    return matcher->a.lines[i].id == matcher->b.lines[j].id;
}

/* The first place of a line in the second text that is not before `from`. */
static size_t first_place(const struct matcher *matcher, size_t id, size_t from)
{
    size_t low = matcher->starts[id], high = matcher->starts[id + 1];

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (matcher->places[middle] < from)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* One line of the first text against all its equals in the second. Of several longest parts the first one found stays.
 */
static void match_line(struct matcher *matcher, size_t i, const struct range *range, struct block *best)
{
    size_t id = matcher->a.lines[i].id;
    struct cell *before = matcher->cells[matcher->row & 1];
    struct cell *now = matcher->cells[++matcher->row & 1];

    matcher->steps++;
    if (matcher->frequent[id])
        return;
    for (size_t place = first_place(matcher, id, range->b_from); place < matcher->starts[id + 1]; place++) {
        size_t j = matcher->places[place];

        if (j >= range->b_to)
            break;
        matcher->steps++;
        size_t length = 1;
        if (j && before[j - 1].row == matcher->row - 1)
            length += before[j - 1].length;
        now[j] = (struct cell){matcher->row, length};
        if (length > best->length)
            *best = (struct block){i + 1 - length, j + 1 - length, length};
    }
}

/* `*found`: lines of the longest part that are not frequent, or of the part they are in. */
static struct block longest_match(struct matcher *matcher, const struct search *search, size_t *found)
{
    const struct range *range = &search->range;
    struct block best = {range->a_from, range->b_from, 0};

    matcher->row += 2; /* nothing of an earlier search is valid any more */
    for (size_t i = range->a_from; i < range->a_to && best.length < search->most && matcher->steps < MOST_STEPS; i++)
        match_line(matcher, i, range, &best);
    *found = best.length;
    /* Frequent lines were left out above; beside a common part they belong to it. */
    while (best.a > range->a_from && best.b > range->b_from && same(matcher, best.a - 1, best.b - 1)) {
        best.a--;
        best.b--;
        best.length++;
    }
    while (best.a + best.length < range->a_to && best.b + best.length < range->b_to &&
           same(matcher, best.a + best.length, best.b + best.length))
        best.length++;
    return best;
}

static int by_place(const void *left, const void *right)
{
    const struct block *one = left, *other = right;

    return one->a < other->a ? -1 : one->a > other->a;
}

/*
 * The longest common part of the whole, then those of what is before and behind it, and so on. No part of a range has
 * more lines than the longest of the range around it, and none before it has as many, because it was the first: a
 * search ends when it has found as many. That is what keeps many small changes from costing a search of the whole each.
 */
static struct blocks common_blocks(struct matcher *matcher)
{
    struct blocks blocks = {0};
    struct searches open = {0};

    ADD(matcher->arena, &open, ((struct search){{0, matcher->a.count, 0, matcher->b.count}, SIZE_MAX}));
    while (open.count) {
        struct search search = open.items[--open.count];
        struct range range = search.range;
        size_t found;
        struct block block = longest_match(matcher, &search, &found);
        size_t a_end = block.a + block.length, b_end = block.b + block.length;

        if (!block.length)
            continue;
        ADD(matcher->arena, &blocks, block);
        if (range.a_from < block.a && range.b_from < block.b)
            ADD(matcher->arena, &open,
                ((struct search){{range.a_from, block.a, range.b_from, block.b}, found ? found - 1 : 0}));
        if (a_end < range.a_to && b_end < range.b_to)
            ADD(matcher->arena, &open, ((struct search){{a_end, range.a_to, b_end, range.b_to}, found}));
    }
    if (blocks.count)
        qsort(blocks.items, blocks.count, sizeof *blocks.items, by_place);
    return blocks;
}

/* Common and differing ranges by turns. Blocks that touch each other on both sides are one. */
static struct changes find_changes(struct matcher *matcher)
{
    struct blocks blocks = common_blocks(matcher);
    struct changes changes = {0};
    size_t i = 0, j = 0;

    ADD(matcher->arena, &blocks, (struct block){matcher->a.count, matcher->b.count, 0});
    for (size_t n = 0; n < blocks.count; n++) {
        const struct block *block = &blocks.items[n];
        size_t a_end = block->a + block->length, b_end = block->b + block->length;

        if (i < block->a || j < block->b) {
            ADD(matcher->arena, &changes, (struct change){false, {i, block->a, j, block->b}});
        } else if (block->length && changes.count) {
            struct range *last = &changes.items[changes.count - 1].range;

            last->a_to = a_end;
            last->b_to = b_end;
        }
        if (block->length && (!changes.count || !changes.items[changes.count - 1].equal))
            ADD(matcher->arena, &changes, (struct change){true, {block->a, a_end, block->b, b_end}});
        i = a_end;
        j = b_end;
    }
    return changes;
}

struct writer {
    struct str *out;
    bool coloured;
};

enum mark { MARK_FILE, MARK_HUNK, MARK_COMMON, MARK_OLD, MARK_NEW };

/* The colours that patronictl's pager gets (cdiff's), and where they end: behind the line. */
static const char *const colours[] = {
    [MARK_FILE] = "\033[33m",  [MARK_HUNK] = "\033[1;34m", [MARK_COMMON] = "\033[0m",
    [MARK_OLD] = "\033[1;31m", [MARK_NEW] = "\033[32m",
};

static void write_line(const struct writer *writer, enum mark mark, const char *prefix, const char *text, size_t length)
{
    if (writer->coloured)
        str_add(writer->out, colours[mark]);
    str_add(writer->out, prefix);
    str_add_bytes(writer->out, text, length);
    str_add(writer->out, writer->coloured ? "\n\033[0m" : "\n");
}

static void write_lines(const struct writer *writer, enum mark mark, const struct side *side, size_t from, size_t to)
{
    static const char *const prefixes[] = {[MARK_COMMON] = " ", [MARK_OLD] = "-", [MARK_NEW] = "+"};

    for (size_t i = from; i < to; i++)
        write_line(writer, mark, prefixes[mark], side->lines[i].text, side->lines[i].length);
}

/* Numbers begin with one; a single line has no count, and an empty range is that behind the line before it. */
static char *format_range(struct arena *arena, size_t from, size_t to)
{
    if (to - from == 1)
        return arena_printf(arena, "%zu", from + 1);
    return arena_printf(arena, "%zu,%zu", to == from ? from : from + 1, to - from);
}

static void write_hunk(const struct writer *writer, const struct matcher *matcher, const struct changes *hunk)
{
    const struct range *first = &hunk->items[0].range, *last = &hunk->items[hunk->count - 1].range;
    char *meta = arena_printf(matcher->arena, "@@ -%s +%s @@", format_range(matcher->arena, first->a_from, last->a_to),
                              format_range(matcher->arena, first->b_from, last->b_to));

    write_line(writer, MARK_HUNK, meta, "", 0);
    for (size_t i = 0; i < hunk->count; i++) {
        const struct change *change = &hunk->items[i];

        if (change->equal) {
            write_lines(writer, MARK_COMMON, &matcher->a, change->range.a_from, change->range.a_to);
        } else {
            write_lines(writer, MARK_OLD, &matcher->a, change->range.a_from, change->range.a_to);
            write_lines(writer, MARK_NEW, &matcher->b, change->range.b_from, change->range.b_to);
        }
    }
}

static struct range keep_end(struct range range)
{
    size_t length = range.a_to - range.a_from;

    if (length > CONTEXT) {
        range.a_from = range.a_to - CONTEXT;
        range.b_from = range.b_to - CONTEXT;
    }
    return range;
}

static struct range keep_start(struct range range)
{
    size_t length = range.a_to - range.a_from;

    if (length > CONTEXT) {
        range.a_to = range.a_from + CONTEXT;
        range.b_to = range.b_from + CONTEXT;
    }
    return range;
}

static void write_diff(const struct writer *writer, const char *before, const char *after)
{
    struct matcher matcher = matcher_make(writer->out->arena, before, after);
    struct changes changes = find_changes(&matcher);
    struct changes hunk = {0};

    if (!changes.count || (changes.count == 1 && changes.items[0].equal))
        return;
    write_line(writer, MARK_FILE, "--- ", "", 0);
    write_line(writer, MARK_FILE, "+++ ", "", 0);
    for (size_t i = 0; i < changes.count; i++) {
        struct change change = changes.items[i];
        bool first = i == 0, last = i == changes.count - 1;

        if (change.equal && first) {
            change.range = keep_end(change.range);
        } else if (change.equal && last) {
            change.range = keep_start(change.range);
        } else if (change.equal && change.range.a_to - change.range.a_from > 2 * CONTEXT) {
            ADD(matcher.arena, &hunk, (struct change){true, keep_start(change.range)});
            write_hunk(writer, &matcher, &hunk);
            hunk.count = 0;
            change.range = keep_end(change.range);
        }
        ADD(matcher.arena, &hunk, change);
    }
    write_hunk(writer, &matcher, &hunk);
}

void diff_write(const char *before, const char *after, struct str *out)
{
    write_diff(&(struct writer){out, false}, before, after);
}

void diff_write_coloured(const char *before, const char *after, struct str *out)
{
    write_diff(&(struct writer){out, true}, before, after);
}
