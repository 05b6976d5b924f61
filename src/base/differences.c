#include "pgha/differs.h"

const struct difference_text difference_texts[] = {
#define ROW(id, area, patronictl, pgha) {#id, area, patronictl, pgha},
#define MORE ROW
#include "pgha/difference_rows.h"
#undef MORE
#undef ROW
};
const size_t difference_text_count = sizeof difference_texts / sizeof *difference_texts;
