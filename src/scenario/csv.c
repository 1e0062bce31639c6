/* CSV to a table of cells, in one pass over a copy of the text that is cut up in place.
 *
 * A record ends at LF, CRLF or CR outside quotes; a cell in quotes may hold the delimiter, line ends and "" for a
 * quote. Spaces around a cell, and around its quotes, are dropped. */
#include "scenario/csv.h"
#include "scenario/text.h"

#include <string.h>

typedef struct reader {
    ent__parse to;
    const char *file;
    char *at, *end;
    char *cut;         /* where the 0 belongs that ends the last cell, once what stands there was looked at */
    char delimiter;
    int32_t line, column;
    ent__cell *record; /* the cells of the record under way */
    int32_t n, record_capacity;
    ent__cell *cell;   /* of all rows */
    size_t n_cells, cell_capacity;
    bool too_large;
} reader;

static ent__place here(const reader *r) { return (ent__place){r->file, r->line, r->column}; }
static ent__place place_of(const reader *r, const ent__cell *cell)
{
    return (ent__place){r->file, cell->line, cell->column};
}

/* Steps over one byte; CRLF counts as one line end, at its LF. */
static void step(reader *r)
{
    char c = *r->at++;
    if (c == '\n' || (c == '\r' && !(r->at < r->end && *r->at == '\n'))) {
        r->line++;
        r->column = 1;
    } else if ((c & 0xc0) != 0x80 && c != '\r')
        r->column++;
}

static bool is_blank(char c) { return c == ' ' || c == '\t'; }
static bool at_line_end(const reader *r) { return r->at == r->end || *r->at == '\n' || *r->at == '\r'; }
static bool at_cell_end(const reader *r) { return at_line_end(r) || *r->at == r->delimiter; }

/* Each delimiter counted in the header line outside quotes; the most frequent wins, the comma where there is none. */
static char find_delimiter(const char *text, const char *end)
{
    static const char candidate[] = {',', ';', '\t'};
    size_t count[ENT_COUNT(candidate)] = {0};
    bool quoted = false, any = false;
    for (; text < end; text++) {
        if (*text == '"')
            quoted = !quoted;
        if (!quoted && (*text == '\n' || *text == '\r') && any)
            break;
        any |= !is_blank(*text) && *text != '\n' && *text != '\r';
        for (size_t i = 0; i < ENT_COUNT(candidate); i++)
            count[i] += !quoted && *text == candidate[i];
    }
    size_t best = 0;
    for (size_t i = 1; i < ENT_COUNT(candidate); i++)
        if (count[i] > count[best])
            best = i;
    return candidate[best];
}

/* The text of a quoted cell, "" made one quote; `at` is behind the closing quote after it. */
static const char *read_quoted(reader *r)
{
    ent__place open = here(r);
    step(r);
    char *text = r->at, *out = text;
    while (r->at < r->end) {
        if (*r->at == '"') {
            if (r->at + 1 == r->end || r->at[1] != '"') {
                step(r);
                *out = 0;
                return text;
            }
            step(r);
        }
        char c = *r->at;
        step(r);
        *out++ = c;
    }
    *out = 0;
    ent__complain(&r->to, open, "the quote that opens here is not closed");
    return text;
}

static const char *read_bare(reader *r)
{
    char *text = r->at, *end = text;
    bool told = false;
    while (!at_cell_end(r)) {
        if (*r->at == '"' && !told) {
            told = true;
            ent__complain(&r->to, here(r),
                          "a quote inside a cell that does not begin with one: put the whole cell in quotes, "
                          "and write \"\" for each quote in it");
        }
        if (!is_blank(*r->at))
            end = r->at + 1;
        step(r);
    }
    r->cut = end; /* perhaps the delimiter itself, which was not looked at yet */
    return text;
}

static bool grow(reader *r, ent__cell **list, size_t n, size_t *capacity)
{
    if (n < *capacity)
        return true;
    size_t want = *capacity > 0 ? 2 * *capacity : 64;
    ent__cell *grown = ent__realloc(*list, want, sizeof *grown);
    if (grown == NULL) {
        r->to.no_memory = true;
        return false;
    }
    *list = grown;
    *capacity = want;
    return true;
}

/* One cell up to its delimiter or line end, which is left to the caller. */
static bool read_cell(reader *r)
{
    size_t capacity = (size_t)r->record_capacity;
    if (r->n >= ENT_MAX_CSV_COLUMNS) {
        ent__complain(&r->to, here(r), "more than %d cells in one row", ENT_MAX_CSV_COLUMNS);
        r->too_large = true;
        return false;
    }
    if (!grow(r, &r->record, (size_t)r->n, &capacity))
        return false;
    r->record_capacity = (int32_t)capacity;
    while (!at_cell_end(r) && is_blank(*r->at))
        step(r);
    ent__cell *cell = &r->record[r->n++];
    *cell = (ent__cell){.text = "", .line = r->line, .column = r->column};
    if (at_cell_end(r))
        return true;
    if (*r->at != '"') {
        cell->text = read_bare(r);
        return true;
    }
    cell->text = read_quoted(r);
    while (!at_cell_end(r) && is_blank(*r->at))
        step(r);
    if (at_cell_end(r))
        return true;
    ent__complain(&r->to, here(r), "text after the closing quote of a cell; a quote inside a cell is written \"\"");
    while (!at_cell_end(r))
        step(r);
    return true;
}

/* Steps over a delimiter (true) or a line end (false), and ends the last cell there. */
static bool end_cell(reader *r)
{
    bool more = r->at < r->end && *r->at == r->delimiter;
    if (r->at < r->end && *r->at == '\r' && r->at + 1 < r->end && r->at[1] == '\n')
        step(r);
    if (r->at < r->end)
        step(r);
    if (r->cut != NULL)
        *r->cut = 0;
    r->cut = NULL;
    return more;
}

/* The next record with any text in it; false at the end of the file or where reading cannot go on. */
static bool read_record(reader *r)
{
    while (r->at < r->end) {
        bool any = false;
        r->n = 0;
        do {
            if (!read_cell(r))
                return false;
            any |= r->record[r->n - 1].text[0] != 0;
        } while (end_cell(r));
        if (any)
            return true;
    }
    return false;
}

static bool read_header(reader *r, ent__csv *out)
{
    if (!read_record(r)) {
        if (!r->to.no_memory && !r->too_large)
            ent__complain(&r->to, (ent__place){r->file, 1, 1},
                          "the table is empty: its first row must name the columns");
        return false;
    }
    ent__cell *header = ent__take(&r->to, (size_t)r->n, sizeof *header);
    if (header == NULL)
        return false;
    memcpy(header, r->record, (size_t)r->n * sizeof *header);
    out->header = header;
    out->n_columns = r->n;
    for (int32_t i = 0; i < r->n; i++) {
        if (header[i].text[0] == 0)
            ent__complain(&r->to, place_of(r, &header[i]), "column %d has no name", (int)i + 1);
        for (int32_t j = 0; j < i && header[i].text[0] != 0; j++)
            if (strcmp(header[i].text, header[j].text) == 0) {
                ent__complain(&r->to, place_of(r, &header[i]),
                              "column '%.60s' again: columns %d and %d have the same name", header[i].text, (int)j + 1,
                              (int)i + 1);
                break;
            }
    }
    return true;
}

static void read_rows(reader *r, ent__csv *out)
{
    while (read_record(r)) {
        if (r->n != out->n_columns) {
            ent__complain(&r->to, place_of(r, &r->record[0]), "this row has %d cell%s, the header has %d%s", (int)r->n,
                          r->n == 1 ? "" : "s", (int)out->n_columns,
                          r->n > out->n_columns ? "; a cell that holds the delimiter needs quotes" : "");
            continue;
        }
        for (int32_t i = 0; i < r->n; i++) {
            if (r->n_cells == ENT_MAX_CSV_CELLS) {
                ent__complain(&r->to, here(r), "more than %d cells in one table", ENT_MAX_CSV_CELLS);
                r->too_large = true;
                return;
            }
            if (!grow(r, &r->cell, r->n_cells, &r->cell_capacity))
                return;
            r->cell[r->n_cells++] = r->record[i];
        }
        out->n_rows++;
    }
}

/* Columns of words, where a 7.0 or 1,5 says nothing about how numbers are written. */
static bool is_prose(const char *column)
{
    static const char *const prose[] = {"id", "name", "source", "why", "note", "unit"};
    for (size_t i = 0; i < ENT_COUNT(prose); i++)
        if (strcmp(column, prose[i]) == 0)
            return true;
    return false;
}

/* The decimal mark of a cell that is a number or an interval: '.', ',' or 0. */
static char decimal_mark(const char *text)
{
    size_t length = strlen(text);
    if (length == 0 || (strchr(text, ',') == NULL && strchr(text, '.') == NULL))
        return 0;
    const char *to = strstr(text, " to ");
    size_t first = to != NULL ? (size_t)(to - text) : length;
    while (first > 0 && is_blank(text[first - 1]))
        first--;
    double x;
    for (int comma = 0; comma < 2; comma++)
        if (memchr(text, comma ? ',' : '.', first) != NULL && ent__number_read(&x, text, first, comma != 0))
            return comma ? ',' : '.';
    return to != NULL ? decimal_mark(to + 4 + strspn(to + 4, " \t")) : 0;
}

static void find_convention(reader *r, ent__csv *out)
{
    const ent__cell *first[2] = {NULL, NULL}; /* with a point, with a comma */
    if (r->delimiter == ',')
        return;
    for (int32_t c = 0; c < out->n_columns; c++) {
        if (is_prose(out->header[c].text))
            continue;
        for (int32_t row = 0; row < out->n_rows; row++) {
            const ent__cell *cell = &out->cell[(size_t)row * (size_t)out->n_columns + (size_t)c];
            char mark = decimal_mark(cell->text);
            if (mark == 0)
                continue;
            const ent__cell **seen = &first[mark == ','];
            if (*seen == NULL || cell->line < (*seen)->line)
                *seen = cell;
        }
    }
    out->comma = first[1] != NULL;
    if (first[0] == NULL || first[1] == NULL)
        return;
    bool comma_later = first[1]->line > first[0]->line ||
                       (first[1]->line == first[0]->line && first[1]->column > first[0]->column);
    const ent__cell *later = first[comma_later], *earlier = first[!comma_later];
    ent__complain(&r->to, place_of(r, later),
                  "'%.40s' has a decimal %s, '%.40s' in line %d a decimal %s: one file keeps to one", later->text,
                  comma_later ? "comma" : "point", earlier->text, (int)earlier->line, comma_later ? "point" : "comma");
}

ent_status ent__csv_parse(ent__csv *out, ent__arena *arena, const char *text, size_t length, const char *file,
                          ent_diagnostics *list)
{
    *out = (ent__csv){.file = file, .delimiter = ','};
    if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        text += 3, length -= 3;
    reader r = {.to = {.arena = arena, .list = list}, .file = file, .line = 1, .column = 1};
    r.at = ent__keep(&r.to, text, length);
    if (r.at == NULL)
        return ENT_ERR_MEMORY;
    r.end = r.at + length;
    out->delimiter = r.delimiter = find_delimiter(r.at, r.end);
    if (ent__text_check(&r.to, file, r.at, length) && read_header(&r, out))
        read_rows(&r, out);
    ent__cell *cell = r.to.no_memory ? NULL : ent__take(&r.to, r.n_cells, sizeof *cell);
    if (cell != NULL && r.n_cells > 0)
        memcpy(cell, r.cell, r.n_cells * sizeof *cell);
    out->cell = cell;
    if (cell != NULL)
        find_convention(&r, out);
    ent__free(r.record);
    ent__free(r.cell);
    if (r.to.no_memory)
        return ENT_ERR_MEMORY;
    if (r.too_large)
        return ENT_ERR_LIMIT;
    return r.to.errors > 0 ? ENT_ERR_SCENARIO : ENT_OK;
}

int32_t ent__csv_column(const ent__csv *table, const char *name)
{
    for (int32_t i = 0; i < table->n_columns; i++)
        if (strcmp(table->header[i].text, name) == 0)
            return i;
    return -1;
}
