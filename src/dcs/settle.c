#include "settle.h"

#include "pgha/arena.h"
#include "pgha/str.h"

enum verdict {
    DONE,
    CONFLICT, /* it has not happened, and cannot any more */
    UNKNOWN,
    ASK, /* the history has to tell */
};

static bool is_conditional(const struct settle_write *write)
{
    return write->revision != DCS_ANY && write->revision != DCS_ABSENT;
}

/* What the state of the key tells; `node` is NULL when it does not exist. */
static enum verdict by_state(const struct settle_write *write, const struct dcs_node *node)
{
    if (!write->value && write->revision == DCS_ANY)
        return node ? UNKNOWN : DONE;
    if (is_conditional(write) && node && node->revision == write->revision)
        return UNKNOWN;
    if (node && node->revision <= write->seen)
        return is_conditional(write) ? CONFLICT : UNKNOWN;
    if (!is_conditional(write) && !write->seen)
        return UNKNOWN;
    if (write->revision == DCS_ANY && node && str_equal(node->value, write->value))
        return DONE;
    return ASK;
}

/* What the key's first change tells, never ASK. */
static enum verdict by_change(const struct settle_write *write, const struct dcs_change *change)
{
    bool ours = write->value ? !change->deleted && str_equal(change->value, write->value) : change->deleted;

    if (!change->known)
        return UNKNOWN;
    if (write->revision != DCS_ANY && change->before != write->revision)
        return is_conditional(write) ? CONFLICT : UNKNOWN;
    if (ours)
        return DONE;
    return is_conditional(write) ? CONFLICT : UNKNOWN;
}

/* Says what is not known about a write, and why. */
static bool unknown(struct dcs *dcs, struct arena *arena, const char *why, struct err *err)
{
    return err_set(err, arena, ERR_UNKNOWN, "it is not known whether the write to %s has happened: %s",
                   dcs->backend->section, why);
}

/* Whether the key is as it was before the write, so that no history can hide one. */
static bool is_untouched(const struct settle_write *write, const struct dcs_node *node)
{
    return node && (is_conditional(write) ? node->revision == write->revision
                                          : write->revision == DCS_ANY && node->revision <= write->seen);
}

/* A revision from which on the history is asked: the one that was written to is as good as one that was seen. */
static int64_t border(const struct settle_write *write)
{
    return write->revision > write->seen ? write->revision : write->seen;
}

bool settle(struct dcs *dcs, struct arena *arena, const struct settle_write *write, deadline_t deadline,
            struct err *err)
{
    const char *why = err->message;
    struct dcs_node node = {.key = NULL};
    struct dcs_change change = {.known = false};
    bool found = false;

    if (!dcs->backend->read_key(dcs, arena, write->path, deadline, &found, &node, err))
        return err->kind == ERR_ABORTED ? false : unknown(dcs, arena, why, err);
    if (!found && node.revision < write->seen)
        return unknown(dcs, arena, why, err);
    enum verdict verdict = by_state(write, found ? &node : NULL);
    if (write->ended && found && is_untouched(write, &node))
        return err_set(err, arena, ERR_FAILED, "%s", why);
    if (verdict == ASK) {
        if (!dcs->backend->first_change(dcs, arena, write->path, border(write), deadline, &change, err))
            return err->kind == ERR_ABORTED ? false : unknown(dcs, arena, why, err);
        verdict = by_change(write, &change);
    }
    if (verdict == CONFLICT)
        return err_set(err, arena, ERR_CONFLICT, "%s was changed by somebody else", write->path);
    return verdict == DONE || unknown(dcs, arena, why, err);
}

bool settle_removal(struct dcs *dcs, struct arena *arena, const char *path, int64_t seen, deadline_t deadline,
                    struct err *err)
{
    const char *why = err->message;
    struct dcs_tree left = {.count = 0};

    if (!dcs->backend->read_trees(dcs, arena, &path, 1, deadline, &left, err))
        return err->kind == ERR_ABORTED ? false : unknown(dcs, arena, why, err);
    return left.count || left.revision < seen ? unknown(dcs, arena, why, err) : true;
}
