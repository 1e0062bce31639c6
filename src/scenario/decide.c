/* Reading the data files of Decide, the program of the exchange model.
 *
 *     #O  title
 *     #/  a remark
 *     #A  actor, full name
 *     #P  issue, what is asked
 *     #M  issue, place on its scale, what that place means
 *     #D  actor, issue, position, salience (0 to 1), power
 *
 * Cells are apart by tab, semicolon or comma, the same throughout, and may be quoted; those beyond the last that counts
 * are not looked at. Lines may come in any order. An issue's scale runs from the least to the greatest place that its
 * #M lines name, else from 0 to 100. An actor without a #D line on an issue takes no part in it. That program wants a
 * point as decimal mark; a comma, where it does not also part the cells, is read too, but not both in one file. */
#include "scenario/cells.h"
#include "scenario/table.h"

#include <string.h>

enum { CELLS = 6 }; /* that count, the mark among them */

typedef struct row {
    char kind;       /* the letter after # */
    ent__cell *cell; /* CELLS */
} row;

typedef struct reading {
    ent__parse *to;
    const char *file;
    char delimiter, mark; /* the decimal mark seen first; 0: none yet */
    bool mark_told;
    row *row;
    size_t n, room;
    ent__names actors, issues;
    ent__table_draft draft;
    const char *title;
    ent_table_label *label;
    size_t n_labels;
} reading;

static const char KINDS[] = "O/APMD";

static const char *after_mark(const char *text, size_t length)
{
    return length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? text + 3 : text;
}

bool ent_decide_recognise(const char *text, size_t length)
{
    const char *end = text + length, *at = after_mark(text, length);
    while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '"'))
        at++;
    if (end - at < 2 || at[0] != '#' || memchr(KINDS, at[1], sizeof KINDS - 1) == NULL)
        return false;
    return end - at == 2 || strchr("\t;,\"\r\n", at[2]) != NULL;
}

/* The first of the three that follows a line's mark. */
static char find_delimiter(const char *text, const char *end)
{
    for (const char *at = text; at < end;) {
        const char *next, *stop = ent__line_end(at, end, &next);
        while (at < stop && (*at == ' ' || *at == '"'))
            at++;
        at += at + 2 <= stop ? 2 : 0;
        at += at < stop && *at == '"';
        if (at < stop && (*at == '\t' || *at == ';' || *at == ','))
            return *at;
        at = next;
    }
    return '\t';
}

static ent__place place_of(const reading *r, const ent__cell *cell)
{
    return (ent__place){r->file, cell->line, cell->column};
}

/* --- lines ---------------------------------------------------------------------------------------------------- */

static void keep_row(reading *r, const ent__cells *cells)
{
    void *items = r->row;
    const ent__cell *first = &cells->cell[0];
    bool known =
        first->text[0] == '#' && first->text[1] != 0 && first->text[2] == 0 && strchr(KINDS, first->text[1]) != NULL;
    if (!known) {
        ent__complain(r->to, place_of(r, first),
                      "a line of a Decide file begins with #O, #/, #A, #P, #M or #D, found '%.60s'", first->text);
        return;
    }
    if (first->text[1] == '/')
        return;
    row *out = ent__more(r->to, &items, &r->n, &r->room, sizeof *out);
    r->row = items;
    ent__cell *copy = out != NULL ? ent__take(r->to, CELLS, sizeof *copy) : NULL;
    if (copy == NULL)
        return;
    out->kind = first->text[1];
    out->cell = copy;
    size_t have = cells->n < CELLS ? cells->n : CELLS;
    memcpy(copy, cells->cell, have * sizeof *copy);
    for (size_t c = have; c < CELLS; c++) /* what is left out at the end is empty */
        copy[c] = (ent__cell){.text = "", .line = first->line, .column = cells->cell[cells->n - 1].column};
}

static void read_lines(reading *r, const char *text, size_t length)
{
    ent__cells cells = {0};
    const char *end = text + length, *line = after_mark(text, length), *next;
    ent__place place = {r->file, 1, 1};
    r->delimiter = find_delimiter(line, end);
    for (; line < end && !r->to->no_memory; line = next, place.line++) {
        const char *stop = ent__line_end(line, end, &next), *at = line;
        while (at < stop && (*at == ' ' || *at == '\t' || *at == r->delimiter))
            at++;
        int32_t before = r->to->errors;
        if (at < stop)
            ent__cells_split(r->to, &cells, place, line, stop, r->delimiter, CELLS);
        if (at < stop && r->to->errors == before && !r->to->no_memory)
            keep_row(r, &cells);
    }
}

/* --- names and scales ------------------------------------------------------------------------------------------ */

static void add_name(reading *r, ent__names *names, const ent__cell *cell, const char *what)
{
    int32_t before = names->n;
    if (cell->text[0] == 0) {
        ent__complain(r->to, place_of(r, cell), "this line names no %s", what);
        return;
    }
    int32_t found = ent__names_add(r->to, names, cell->text, place_of(r, cell));
    if (found >= 0 && found < before)
        ent__complain(r->to, place_of(r, cell), "%s '%.60s' again: the first is in line %d", what, cell->text,
                      (int)names->place[found].line);
}

static int32_t find_name(reading *r, const ent__names *names, const ent__cell *cell, const char *what, char kind)
{
    int32_t found = ent__names_find(names, cell->text);
    if (found >= 0)
        return found;
    const char *near = r->to->errors < 100 ? ent__nearest(cell->text, names->name, (size_t)names->n) : NULL;
    ent__complain(r->to, place_of(r, cell), "there is no #%c line for the %s '%.60s'%s%.60s%s", kind, what, cell->text,
                  near != NULL ? "; did you mean '" : "", near != NULL ? near : "", near != NULL ? "'?" : "");
    return -1;
}

/* Which decimal mark a number is written with; both in one file are told, once. */
static bool decimal_comma(reading *r, const ent__cell *cell)
{
    bool comma = strchr(cell->text, ',') != NULL;
    if (!comma && strchr(cell->text, '.') == NULL)
        return r->mark == ',';
    if (r->mark == 0)
        r->mark = comma ? ',' : '.';
    if ((r->mark == ',') != comma && !r->mark_told) {
        ent__complain(r->to, place_of(r, cell),
                      "'%.40s' has a decimal %s, numbers before it have a decimal %s: one "
                      "file keeps to one",
                      cell->text, comma ? "comma" : "point", comma ? "point" : "comma");
        r->mark_told = true;
    }
    return comma;
}

static void read_names(reading *r)
{
    size_t places = 0;
    for (size_t i = 0; i < r->n && !r->to->no_memory; i++) {
        const row *at = &r->row[i];
        if (at->kind == 'A')
            add_name(r, &r->actors, &at->cell[1], "actor");
        else if (at->kind == 'P')
            add_name(r, &r->issues, &at->cell[1], "issue");
        else if (at->kind == 'O' && r->title[0] == 0)
            r->title = at->cell[1].text;
        places += at->kind == 'M';
    }
    r->label = ent__take(r->to, places + 1, sizeof *r->label);
    if (r->actors.n == 0)
        ent__complain(r->to, (ent__place){r->file, 1, 1}, "there are no actors in it: no line begins with #A");
    if (r->issues.n == 0)
        ent__complain(r->to, (ent__place){r->file, 1, 1}, "there are no issues in it: no line begins with #P");
}

static void read_place(reading *r, const row *at)
{
    int32_t d = find_name(r, &r->issues, &at->cell[1], "issue", 'P');
    double x;
    const char *text = at->cell[2].text;
    if (!ent__number_read(&x, text, strlen(text), decimal_comma(r, &at->cell[2])))
        ent__complain(r->to, place_of(r, &at->cell[2]),
                      "a place on the scale of '%.60s' is '%.60s', which is no number", at->cell[1].text, text);
    else if (d >= 0) {
        double *low = &r->draft.low[d], *high = &r->draft.high[d];
        *low = !(*low <= x) ? x : *low;
        *high = !(*high >= x) ? x : *high;
        r->label[r->n_labels++] = (ent_table_label){(size_t)d, x, at->cell[3].text};
    }
}

static void finish_scales(reading *r)
{
    for (int32_t d = 0; d < r->issues.n; d++) {
        double *low = &r->draft.low[d], *high = &r->draft.high[d];
        char only[32];
        if (ent__is_undefined(*low))
            *low = 0, *high = 100;
        if (*low < *high)
            continue;
        only[ent__number_text(only, *low)] = 0;
        ent__complain(r->to, r->issues.place[d], "the scale of '%.60s' has one place, %s; its ends are two #M lines",
                      r->issues.name[d], only);
    }
}

/* --- positions ------------------------------------------------------------------------------------------------- */

static void read_position(reading *r, const row *at)
{
    const ent__cell *cell = at->cell;
    int32_t i = find_name(r, &r->actors, &cell[1], "actor", 'A'), d = find_name(r, &r->issues, &cell[2], "issue", 'P');
    if (i < 0 || d < 0)
        return;
    ent__table_draft *draft = &r->draft;
    size_t k = (size_t)i * draft->issues + (size_t)d;
    if (draft->line[k] > 0) {
        ent__complain(r->to, place_of(r, &cell[0]), "'%.60s' again on '%.60s': its first line is %d", cell[1].text,
                      cell[2].text, (int)draft->line[k]);
        return;
    }
    draft->line[k] = cell[3].line;
    draft->column[k] = cell[3].column;
    double *number[ENT__TABLE_COLUMNS] = {&draft->position[k], &draft->salience[k], &draft->capability[k]};
    bool good = true;
    for (int c = 0; c < ENT__TABLE_COLUMNS; c++)
        good &= ent__table_number_read(r->to, number[c], &cell[3 + c], (ent__table_number)c, r->file,
                                       decimal_comma(r, &cell[3 + c]), cell[1].text, cell[2].text);
    double x = draft->position[k], low = draft->low[d], high = draft->high[d];
    if (good && low < high && !(x >= low && x <= high)) {
        char from[32], to[32];
        from[ent__number_text(from, low)] = 0, to[ent__number_text(to, high)] = 0;
        ent__complain(r->to, place_of(r, &cell[3]),
                      "the position of '%.60s' on '%.60s' is %.60s; its scale runs from "
                      "%s to %s",
                      cell[1].text, cell[2].text, cell[3].text, from, to);
    }
}

static void check_parts(reading *r)
{
    const ent__table_draft *draft = &r->draft;
    for (size_t i = 0; i < draft->n; i++) {
        bool any = false;
        for (size_t d = 0; d < draft->issues; d++)
            any |= draft->line[i * draft->issues + d] > 0;
        if (!any)
            ent__warn(r->to, r->actors.place[i], "'%.60s' has no #D line: it takes no part", draft->actor[i]);
    }
    for (size_t d = 0; d < draft->issues; d++) {
        bool any = false;
        for (size_t i = 0; i < draft->n; i++)
            any |= draft->line[i * draft->issues + d] > 0;
        if (!any)
            ent__complain(r->to, r->issues.place[d], "nobody has a position on '%.60s': no #D line names it",
                          draft->issue[d]);
    }
}

static void read_all(reading *r)
{
    ent__table_draft *draft = &r->draft;
    for (int32_t i = 0; i < r->actors.n; i++)
        draft->actor[i] = r->actors.name[i];
    for (int32_t d = 0; d < r->issues.n; d++)
        draft->issue[d] = r->issues.name[d];
    for (size_t k = 0; k < r->n; k++) {
        const row *at = &r->row[k];
        if (at->kind == 'A')
            draft->actor_about[ent__names_find(&r->actors, at->cell[1].text)] = at->cell[2].text;
        else if (at->kind == 'P')
            draft->issue_about[ent__names_find(&r->issues, at->cell[1].text)] = at->cell[2].text;
        else if (at->kind == 'M')
            read_place(r, at);
    }
    finish_scales(r);
    for (size_t k = 0; k < r->n; k++)
        if (r->row[k].kind == 'D')
            read_position(r, &r->row[k]);
    if (r->to->errors == 0)
        check_parts(r);
}

/* By issue, then as written. */
static void sort_labels(reading *r)
{
    size_t issues = r->draft.issues, *next = ent__take(r->to, issues + 1, sizeof *next);
    ent_table_label *sorted = ent__take(r->to, r->n_labels + 1, sizeof *sorted);
    if (r->to->no_memory)
        return;
    for (size_t k = 0; k < r->n_labels; k++)
        next[r->label[k].issue + 1]++;
    for (size_t d = 1; d <= issues; d++)
        next[d] += next[d - 1];
    for (size_t k = 0; k < r->n_labels; k++)
        sorted[next[r->label[k].issue]++] = r->label[k];
    r->label = sorted;
}

ent_status ent__decide_parse(ent_table *out, ent__parse *to, const char *file, const char *text, size_t length)
{
    reading r = {.to = to, .file = file, .title = ""};
    if (ent__text_check(to, file, text, length))
        read_lines(&r, text, length);
    if (to->errors == 0 && !to->no_memory)
        read_names(&r);
    if (to->errors == 0 && !to->no_memory &&
        ent__table_start(to, &r.draft, file, (size_t)r.actors.n, (size_t)r.issues.n))
        read_all(&r);
    if (to->errors == 0 && !to->no_memory)
        sort_labels(&r);
    ent__table_fill(out, &r.draft);
    out->format = ENT_TABLE_DECIDE;
    out->model = "exchange";
    out->title = r.title;
    out->label = r.label;
    out->n_labels = r.n_labels;
    return to->no_memory ? ENT_ERR_MEMORY : to->errors > 0 ? ENT_ERR_SCENARIO : ENT_OK;
}
