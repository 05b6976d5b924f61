/* clang-format off */
/*
 * What became of a write that was sent and got no answer, or none that can be understood. Only what is proved is said.
 *
 * Reading the key shows its state now; for most histories the store is asked, too, for the key's first change after a
 * revision at which the write cannot have been made yet (`seen`): a write under a condition is that change, or never
 * happens. Whether the write was ours or somebody else's of the very same value cannot be told apart, and makes no
 * difference to anyone.
 *
 *   write              what happened to the key after `seen`              now              verdict
 *   put_if, revision R nothing                                            R                unknown: it may be under way
 *                      ours                                               ours             done
 *                      ours, then others, whatever they did               anything         done
 *                      another value or a deletion first                  anything         conflict, for good
 *                      R was gone before `seen`                           anything         conflict, for good
 *                      changes that the store does not remember           anything else    unknown
 *   put_if, absent     nothing                                            absent           unknown
 *                      ours, also when others came then                   there            done
 *                      ours, then a deletion                              absent           v2: done; v3: unknown
 *                      created by others                                  there            unknown: may be deleted
 *                                                                                          again
 *   put, any           ours                                               ours             done
 *                      ours first, then others                            anything         done (v3: if still there)
 *                      our value since before `seen`                      ours             unknown
 *                      anything else                                      anything         unknown
 *   delete_if, R       nothing                                            R                unknown
 *                      a deletion first, also when it was created anew    anything         done
 *                      another value first, also when deleted then        anything         conflict, for good
 *   delete, any        whatever                                           absent           done
 *                      whatever                                           there            unknown
 *   remove_tree        whatever                                           no key           done
 *                      whatever                                           keys             unknown
 *
 * That nothing is there counts only in a store that has reached `seen`: another one, or an old state, says it as well.
 *
 * etcd v3 is asked for the key at revisions of the store (between two of them the change is found by halving), as far
 * back as the last compaction. etcd v2 is asked for the next event, of the last 1000 that it keeps. When a key is not
 * there and no event is, etcd v2 waits for one, and so does this, as long as there is time: that nothing has happened
 * yet does not prove that nothing will, and the event would be the only proof that it did.
 */
/* clang-format on */
#ifndef PGHA_DCS_SETTLE_H
#define PGHA_DCS_SETTLE_H

#include "backend.h"

struct settle_write {
    const char *path;
    const char *value; /* NULL: a deletion */
    int64_t revision;  /* or DCS_ANY, DCS_ABSENT */
    int64_t seen;      /* a revision that the store had before the write was sent; 0: none is known */
    bool ended;        /* the store has said that nothing is under way any more: what is as it was, was not done */
};

/*
 * Finds out with the store's help. False with ERR_CONFLICT, ERR_ABORTED, or ERR_UNKNOWN; `err` comes with the reason
 * why there was no answer, which is said then.
 */
bool settle(struct dcs *dcs, struct arena *arena, const struct settle_write *write, deadline_t deadline,
            struct err *err) PGHA_CHECKED;

/* The same for the removal of all keys below `path`; `seen` as in settle_write. */
bool settle_removal(struct dcs *dcs, struct arena *arena, const char *path, int64_t seen, deadline_t deadline,
                    struct err *err) PGHA_CHECKED;

#endif
