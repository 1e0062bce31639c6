/* Files that are lines of cells but no table with a header: those of other programs. Private to this room. */
#ifndef ENT_SRC_SCENARIO_CELLS_H
#define ENT_SRC_SCENARIO_CELLS_H

#include "scenario/csv.h"
#include "scenario/text.h"

typedef struct ent__cells {
    ent__cell *cell;
    size_t n, room;
} ent__cells;

/* Room for one more in a list that grows within the arena; NULL with no_memory set. The new one is zeroed and counted.
 */
void *ent__more(ent__parse *to, void **items, size_t *n, size_t *room, size_t size);

/* The cells of one line, which ends before `end`. They may be quoted; blanks around them are dropped. A quote that is
 * not closed in its line is told. Of a line with more than `most` cells the rest is not looked at. */
void ent__cells_split(ent__parse *to, ent__cells *out, ent__place start, const char *line, const char *end,
                      char delimiter, size_t most);
/* The end of the line that starts at `line`, without its \n or \r\n; *next: where the next one starts. */
const char *ent__line_end(const char *line, const char *end, const char **next);

#endif
