/* A table of named rows with columns of numbers: what `entente model` and `entente cinc` read. */
#include "entente/columns.h"
#include "scenario/csv.h"
#include "scenario/file.h"
#include "scenario/reader.h"

#include <string.h>

typedef struct owned {
    ent_columns table; /* first: the caller's pointer is this one's */
    ent__arena *arena;
} owned;

static bool same_word(const char *a, const char *b)
{
    for (; *a != 0 && *b != 0; a++, b++)
        if ((*a >= 'A' && *a <= 'Z' ? *a + 32 : *a) != (*b >= 'A' && *b <= 'Z' ? *b + 32 : *b))
            return false;
    return *a == *b;
}

/* The column of that name in any case, or -1; a second one is an error. */
static int32_t find(ent__parse *to, const ent__csv *csv, const char *name)
{
    int32_t found = -1;
    for (int32_t i = 0; i < csv->n_columns; i++) {
        if (!same_word(csv->header[i].text, name))
            continue;
        if (found >= 0)
            ent__complain(to, (ent__place){csv->file, csv->header[i].line, csv->header[i].column},
                          "column '%.60s' again, as '%.60s'", name, csv->header[i].text);
        found = i;
    }
    return found;
}

static void read_names(ent__parse *to, const char **name, int32_t *line, const ent__csv *csv, int32_t column,
                       bool repeats)
{
    ent__names seen = {0};
    for (int32_t row = 0; row < csv->n_rows && !to->no_memory; row++) {
        const ent__cell *cell = ent__csv_cell(csv, row, column);
        const ent__place at = ent__cell_place(csv, cell);
        name[row] = cell->text;
        line[row] = cell->line;
        if (cell->text[0] == 0)
            ent__complain(to, at, "this row has no name: its '%.60s' is empty", csv->header[column].text);
        if (cell->text[0] == 0 || repeats)
            continue;
        const int32_t before = seen.n, found = ent__names_add(to, &seen, cell->text, at);
        if (found >= 0 && found < before)
            ent__complain(to, at, "'%.60s' again: its first row is in line %d", cell->text,
                          (int)seen.place[found].line);
    }
}

static void read_numbers(ent__parse *to, double *number, const char *const *name, const ent__csv *csv, int32_t column)
{
    for (int32_t row = 0; row < csv->n_rows; row++) {
        const ent__cell *cell = ent__csv_cell(csv, row, column);
        number[row] = ENT_UNDEFINED;
        if (cell->text[0] != 0 && !ent__number_read(&number[row], cell->text, strlen(cell->text), csv->comma))
            ent__complain(to, ent__cell_place(csv, cell), "the %s of '%.60s' is '%.60s', which is no number",
                          csv->header[column].text, name[row], cell->text);
    }
}

static bool is_of_a_size(ent__parse *to, const ent__csv *csv)
{
    if (csv->n_rows == 0)
        ent__complain(to, (ent__place){csv->file, csv->header[0].line, 1}, "the table has no rows, only its header");
    if (csv->n_rows > ENT_MAX_ACTORS)
        ent__complain(to, (ent__place){csv->file, 0, 0}, "%d rows; at most %d are read", (int)csv->n_rows,
                      ENT_MAX_ACTORS);
    return csv->n_rows > 0 && csv->n_rows <= ENT_MAX_ACTORS;
}

static void read_all(owned *to, ent__parse *parse, const ent__csv *csv, const ent_columns_wanted *wanted)
{
    const size_t n = (size_t)csv->n_rows, headers = (size_t)csv->n_columns;
    const char **name = ent__take(parse, n, sizeof *name), **header = ent__take(parse, headers, sizeof *header);
    int32_t *line = ent__take(parse, n, sizeof *line), naming = -1;
    const double **column = ent__take(parse, wanted->n_columns + 1, sizeof *column);
    if (parse->no_memory)
        return;
    for (size_t i = 0; i < headers; i++)
        header[i] = csv->header[i].text;
    for (size_t k = 0; k < wanted->n_naming && naming < 0; k++)
        naming = find(parse, csv, wanted->naming[k]);
    read_names(parse, name, line, csv, naming >= 0 ? naming : 0, wanted->repeats);
    for (size_t k = 0; k < wanted->n_columns; k++) {
        const int32_t at = find(parse, csv, wanted->column[k]);
        double *number = at >= 0 ? ent__take(parse, n, sizeof *number) : NULL;
        if (number != NULL)
            read_numbers(parse, number, name, csv, at);
        column[k] = number;
    }
    to->table = (ent_columns){n, name, column, header, headers, line};
}

ent_status ent_columns_read(ent_columns **out, const char *path, const ent_columns_wanted *wanted,
                            ent_diagnostics *list, ent_error *err)
{
    ent_status status = ENT_OK;
    char *text = NULL, problem[160];
    size_t length = 0;
    ent__csv csv;
    owned *to = ent__alloc(1, sizeof *to);
    *out = NULL;
    if (to != NULL)
        to->arena = ent__arena_create();
    ENT_REQUIRE(to != NULL && to->arena != NULL, ENT_ERR_MEMORY, "not enough memory to read %s", path);
    status = ent__file_read(&text, &length, path, problem);
    ENT_REQUIRE(status == ENT_OK, status, "%s %s", path, status == ENT_ERR_MEMORY ? "needs more memory" : problem);
    ent__parse parse = {.arena = to->arena, .list = list};
    const char *file = ent__keep(&parse, path, strlen(path));
    status = file == NULL ? ENT_ERR_MEMORY : ent__csv_parse(&csv, to->arena, text, length, file, list);
    if (status == ENT_OK && is_of_a_size(&parse, &csv))
        read_all(to, &parse, &csv, wanted);
    if (parse.no_memory)
        status = ENT_ERR_MEMORY;
    else if (status == ENT_OK && parse.errors > 0)
        status = ENT_ERR_SCENARIO;
    if (status != ENT_OK)
        ent__error_set(err, status, path, 0, 0, "%s",
                       status == ENT_ERR_MEMORY ? "not enough memory" : "the table is wrong");
done:
    ent__free(text);
    if (status == ENT_OK)
        *out = &to->table;
    else if (to != NULL)
        ent_columns_free(&to->table);
    return status;
}

void ent_columns_free(ent_columns *table)
{
    if (table == NULL)
        return;
    owned *to = (owned *)table;
    ent__arena_free(to->arena);
    ent__free(to);
}
