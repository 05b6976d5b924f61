#include "pgha/differs.h"

const struct difference_text difference_texts[DIFFERENCE_COUNT] = {
#define ROW(id, area, patronictl, pgha) {#id, area, patronictl, pgha},
#include "pgha/difference_rows.h"
#undef ROW
};
