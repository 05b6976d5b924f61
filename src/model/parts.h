/* What the files of the model share. */
#ifndef PGHA_MODEL_PARTS_H
#define PGHA_MODEL_PARTS_H

#include "pgha/cluster.h"

/* Parses a document from the store; false for text that Python's json refuses too. The value lives in `arena`. */
bool document_parse(struct arena *arena, const struct dcs_node *node, struct value *value) PGHA_CHECKED;

/* A member from its key; `scratch` is for what need not last. */
bool member_build(struct arena *arena, struct arena *scratch, const struct dcs_node *node, const char *name,
                  struct member *member, struct err *err) PGHA_CHECKED;

/* The small records, each from its key; `node` is NULL for a key that does not exist. */
struct record config_build(struct arena *arena, const struct dcs_node *node);
struct record history_build(struct arena *arena, const struct dcs_node *node);
lsn_t status_build(struct arena *arena, const struct dcs_node *node);
bool sync_build(struct arena *arena, const struct dcs_node *node, struct record *sync, struct err *err) PGHA_CHECKED;
bool failover_build(struct arena *arena, const struct dcs_node *node, struct failover *failover,
                    struct err *err) PGHA_CHECKED;

#endif
