/* Lines of cells, one at a time. */
#include "scenario/cells.h"

#include <string.h>

void *ent__more(ent__parse *to, void **items, size_t *n, size_t *room, size_t size)
{
    if (*n == *room) {
        size_t wider = *room > 0 ? 2 * *room : 8;
        char *fresh = ent__take(to, wider, size);
        if (fresh == NULL)
            return NULL;
        if (*n > 0)
            memcpy(fresh, *items, *n * size);
        *items = fresh;
        *room = wider;
    }
    return (char *)*items + size * (*n)++;
}

static bool is_blank(char c, char delimiter)
{
    return c != delimiter && (c == ' ' || c == '\t');
}

/* A quoted cell from the quote on; returns what follows the closing one, or NULL where it is not closed in this line.
 */
static const char *quoted_cell(ent__parse *to, ent__cell *cell, const char *at, const char *end)
{
    char *text = ent__keep(to, at, (size_t)(end - at));
    size_t length = 0;
    if (text == NULL)
        return NULL;
    for (at++; at < end; at++) {
        if (*at == '"' && (at + 1 == end || at[1] != '"'))
            break;
        at += *at == '"';
        text[length++] = *at;
    }
    text[length] = 0;
    cell->text = text;
    return at < end ? at + 1 : NULL;
}

static const char *plain_cell(ent__parse *to, ent__cell *cell, const char *at, const char *end, char delimiter)
{
    const char *from = at;
    while (at < end && *at != delimiter)
        at++;
    const char *last = at;
    while (last > from && is_blank(last[-1], delimiter))
        last--;
    cell->text = ent__keep(to, from, (size_t)(last - from));
    return at;
}

void ent__cells_split(ent__parse *to, ent__cells *out, ent__place start, const char *line, const char *end,
                      char delimiter, size_t most)
{
    out->n = 0;
    for (const char *at = line; at <= end && out->n <= most;) {
        void *items = out->cell;
        ent__cell *cell = ent__more(to, &items, &out->n, &out->room, sizeof *cell);
        out->cell = items;
        if (cell == NULL)
            return;
        while (at < end && is_blank(*at, delimiter))
            at++;
        ent__place place = ent__place_after(start, line, (size_t)(at - line));
        *cell = (ent__cell){.text = "", .line = place.line, .column = place.column};
        if (at < end && *at == '"') {
            at = quoted_cell(to, cell, at, end);
            if (at == NULL && !to->no_memory)
                ent__complain(to, place, "this quote is not closed in its line");
            if (at == NULL)
                return;
            while (at < end && *at != delimiter)
                at++;
        } else
            at = plain_cell(to, cell, at, end, delimiter);
        if (to->no_memory)
            return;
        at++; /* the delimiter, or one past the end: an empty cell follows a delimiter that ends the line */
    }
}

const char *ent__line_end(const char *line, const char *end, const char **next)
{
    const char *stop = memchr(line, '\n', (size_t)(end - line));
    stop = stop != NULL ? stop : end;
    *next = stop < end ? stop + 1 : end;
    return stop > line && stop[-1] == '\r' ? stop - 1 : stop;
}
